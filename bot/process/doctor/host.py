"""This host: its clock against the others, and the port."""

import socket
from collections.abc import Iterator, Mapping
from urllib.request import urlopen

from bot.process.doctor.finding import Finding, finding, note, ok
from bot.process.http_server import not_listening

NOTABLE_SECONDS = 5.0
"""A smaller difference may be the way there, and whole seconds."""
SLACK_SECONDS = 5 * 60.0
"""Requests of Slack's that are dated farther off are refused (Slack, "Verifying requests")."""
SET_CLOCK = "set this host's clock (NTP)"


def clock_findings(ahead: Mapping[str, float]) -> Iterator[Finding]:
    """Compare clocks: `ahead` has by how many seconds each other one is ahead of ours."""
    off = {whose: seconds for whose, seconds in ahead.items() if abs(seconds) >= NOTABLE_SECONDS}
    for whose, seconds in off.items():
        sentence = (
            f"this host's clock is {abs(seconds):.0f} s {'behind' if seconds > 0 else 'ahead of'} {whose}'s"
        )
        if abs(seconds) >= SLACK_SECONDS:
            yield finding("clock", sentence, SET_CLOCK)
        else:
            yield note("clock", sentence, SET_CLOCK)
    if ahead and not off:
        yield ok("clock", f"this host's clock agrees with {', '.join(ahead)}")


def port_finding(host: str, port: int) -> Finding:
    """Say whether PORT can be opened, or is ours already."""
    if port == 0:
        return ok("port", "PORT is 0: any free one is taken")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as ours:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            ours.bind((host, port))
        except OSError as taken:
            if _is_the_bot(port):
                return ok("port", f"the bot itself listens on {host}:{port}")
            sentence = not_listening(host, port, taken)
            return finding("port", sentence, f"set another {sentence.partition(':')[0]}")
    return ok("port", f"{host}:{port} is free")


def _is_the_bot(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return b'"alive"' in answer.read(100)
    except (OSError, ValueError):
        return False
