"""Takes secrets out of the cloud's messages: a signature error quotes the request as the server saw it."""

import re
from functools import lru_cache

from bot.alibaba.signing import Keys

_LABELLED = re.compile(
    r"((?:x-acs-security-token|security-?token|access-?key-?secret)[\"']?\s*[:=]\s*[\"']?)[^\s\"',}\]]+",
    re.IGNORECASE,
)
_SHORTEST = 6
"""A shorter text isn't a secret of the cloud's, and would blank out words."""


def without_secrets(text: str, keys: Keys) -> str:
    """Return the text with asterisks for the secret and the token, however they are escaped or spelled.

    A value that the text itself labels as a secret is taken out as well, for it may be cut short.
    """
    for secret in filter(None, (keys.access_key_secret, keys.security_token)):
        if len(secret) >= _SHORTEST:
            text = _spellings(secret).sub("***", text)
    return _LABELLED.sub(r"\1***", text)


@lru_cache(maxsize=8)
def _spellings(secret: str) -> re.Pattern[str]:
    """Each character plain, in percent (once or more), as a JSON escape or as an HTML entity, in any case."""
    return re.compile("".join(map(_spelled, secret)), re.IGNORECASE)


def _spelled(character: str) -> str:
    number = ord(character)
    percent = "".join(rf"%(?:25)*{byte:02x}" for byte in character.encode())
    entities = {"&": "|&amp;", "<": "|&lt;", ">": "|&gt;", '"': "|&quot;", "'": "|&apos;"}
    plus = r"|\+" if character == " " else ""
    return (
        rf"(?:\\*{re.escape(character)}|{percent}|\\+u{number:04x}|&\#0*{number};|&\#x0*{number:x};"
        rf"{entities.get(character, '')}{plus})"
    )
