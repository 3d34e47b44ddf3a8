"""Contact sheets: every picture of a chapter, one row each, light and dark, on desktop and phone."""

from base64 import b64encode
from pathlib import Path

from playwright.async_api import Browser

from tests.browser.pictures.album import SIZES, THEMES, Album

KEPT = Path(__file__).parents[3] / "docs" / "pictures"
STYLE = """
body { margin: 0; padding: 12px; background: #8a8f98; font: 15px sans-serif; width: 1440px; }
figure { margin: 0 0 16px; } figcaption { padding: 2px 0; font-weight: bold; }
div { display: flex; gap: 10px; align-items: flex-start; } .desk { width: 480px; } .phone { width: 220px; }
"""


async def make(browser: Browser, album: Album) -> None:
    """Write the sheets of one language, one file per chapter."""
    page = await browser.new_page(viewport={"width": 1464, "height": 900})
    for chapter, names in album.taken.items():
        rows = "".join(
            f"<figure><figcaption>{name}</figcaption><div>{row(album, name)}</div></figure>" for name in names
        )
        await page.set_content(f"<style>{STYLE}</style>{rows}")
        path = KEPT / f"{chapter}-{album.language}.jpg"
        await page.screenshot(path=path, full_page=True, type="jpeg", quality=70)
    await page.close()


def row(album: Album, name: str) -> str:
    """Return the four pictures of one thing."""
    return "".join(picture(album.path(name, size, theme), size) for size in SIZES for theme in THEMES)


def picture(path: Path, size: str) -> str:
    """Return a picture as the page holds it."""
    return f'<img class="{size}" src="data:image/png;base64,{b64encode(path.read_bytes()).decode()}">'
