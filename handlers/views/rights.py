"""What an action of the allowlist lets people do, in words."""

from bot.domain.vocabulary import (
    APPROVE,
    BYPASS,
    CANCEL,
    CREATE,
    DISTRIBUTE,
    READ,
    STOP_DESKTOP,
    STOP_WORKSTATION,
)
from handlers.i18n import Localizer
from handlers.mrkdwn import Markup

DEEDS = {
    CREATE: "create",
    APPROVE: "approve",
    CANCEL: "cancel",
    BYPASS: "bypass",
    READ: "read",
    STOP_WORKSTATION: "stop-workstation",
    STOP_DESKTOP: "stop-desktop",
    DISTRIBUTE: "distribute",
}
"""Actions whose words are `may-<name>`."""


def deed(action: str, words: Localizer) -> Markup:
    """Return what the action means, as in "request images"."""
    return words(f"may-{DEEDS[action]}")
