"""A plot of how rows grow: both axes in powers of ten, each row from its first size and figure on."""

import math
from collections.abc import Iterator, Sequence
from html import escape

from benchmarks.table import Row

WIDTH, HEIGHT, LEFT, TOP, LINE = 960, 420, 60, 30, 15
PLOT_WIDTH, PLOT_HEIGHT = 420, 340
DECADES_OF_SIZE, DECADES_OF_COST = 3.0, 3.5
LOWEST = -0.5
COLORS = (
    "#1264a3",
    "#2eb67d",
    "#e01e5a",
    "#ecb22e",
    "#611f69",
    "#36c5f0",
    "#8d6e63",
    "#546e7a",
    "#c2185b",
    "#00796b",
)


def plot(rows: Sequence[Row]) -> str:
    """Return the SVG. The gray line grows in proportion to its size."""
    box = f"0 0 {WIDTH} {max(HEIGHT, TOP * 2 + LINE * len(rows))}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" font-family="sans-serif" font-size="11">',
        '<rect width="100%" height="100%" fill="#fff"/>',
        *_grid(),
        _line([(0.0, 0.0), (3.0, 3.0)], "#bbb", "4 4"),
    ]
    for number, row in enumerate(rows):
        color = COLORS[number % len(COLORS)]
        points = [
            (math.log10(size / row.sizes[0]), math.log10(max(value, 1e-12) / row.ours[0]))
            for size, value in zip(row.sizes, row.ours, strict=True)
        ]
        y = TOP + LINE * number + 8
        parts += [
            _line(points, color),
            f'<rect x="{LEFT + PLOT_WIDTH + 20}" y="{y - 8}" width="10" height="10" fill="{color}"/>',
            f'<text x="{LEFT + PLOT_WIDTH + 36}" y="{y}">{escape(row.name)} ({row.slope:.2f})</text>',
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _grid() -> Iterator[str]:
    for decade in range(4):
        x, _ = _at(decade, 0)
        below = TOP + PLOT_HEIGHT + 16
        yield f'<text x="{x:.0f}" y="{below}" text-anchor="middle">size × {10**decade:,}</text>'
        _, y = _at(0, decade)
        yield f'<text x="{LEFT - 6}" y="{y + 4:.0f}" text-anchor="end">× {10**decade:,}</text>'
        yield _line([(0.0, float(decade)), (DECADES_OF_SIZE, float(decade))], "#eee")


def _at(size: float, cost: float) -> tuple[float, float]:
    x = LEFT + size / DECADES_OF_SIZE * PLOT_WIDTH
    return x, TOP + PLOT_HEIGHT - (cost - LOWEST) / DECADES_OF_COST * PLOT_HEIGHT


def _line(points: Sequence[tuple[float, float]], color: str, dashes: str = "") -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (_at(*point) for point in points))
    style = f'fill="none" stroke="{color}" stroke-width="2" stroke-dasharray="{dashes}"'
    return f'<polyline points="{path}" {style}/>'
