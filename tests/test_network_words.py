"""What kept an answer away is said in words, and codes stay codes."""

import aiohttp
import httpx
import pytest

from bot.network_words import UNKNOWN_NAME, UNTRUSTED, in_words


def _all(kind: type[BaseException]) -> set[str]:
    """The names of a library's own kinds of an exception."""
    own = kind.__module__.partition(".")[0] in ("aiohttp", "httpx", "builtins")
    names = {kind.__name__} if own else set[str]()
    return names.union(*map(_all, kind.__subclasses__()))


RAISED = {
    name
    for library in (aiohttp.ClientError, httpx.RequestError, ConnectionError, TimeoutError)
    for name in _all(library)
    if "Error" in name or "Timeout" in name
}


@pytest.mark.parametrize("code", ["Throttling.User", "InternalError", "invalid_auth", "http_502", ""])
def test_a_code_stays_as_it_is(code: str) -> None:
    assert in_words(code, "certificate") == code


@pytest.mark.parametrize(
    ("code", "said", "words"),
    [
        ("ClientConnectorError", "", "no connection"),
        ("ConnectError", "All connection attempts failed", "no connection"),
        ("ConnectError", "[Errno -2] Name or service not known", UNKNOWN_NAME),
        ("ConnectError", "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", UNTRUSTED),
        ("ReadTimeout", "", "no answer in time"),
        ("ServerDisconnectedError", "", "the connection was closed"),
    ],
)
def test_an_exception_is_told_in_words(code: str, said: str, words: str) -> None:
    assert in_words(code, said) == words


def test_everything_that_calls_raise_has_words() -> None:
    assert {name for name in RAISED if in_words(name) == name} <= {
        "ClientError",
        "RequestError",
        "ConnectionError",
    }
