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
from handlers.mrkdwn import Markup, code

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
    """Return what the action means, as in "request images".

    An action without words is shown by its name: it may be from a newer version's request.
    """
    return words(f"may-{DEEDS[action]}") if action in DEEDS else code(action)
