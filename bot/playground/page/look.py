"""What a window shows, all of it in the URL: who is using it, which channel, thread and tab are open."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from bot.playground.slack import Channel
from bot.playground.slack.workspace import Workspace

HOME, MESSAGES = "home", "messages"
SHOWN_AT_FIRST = 50
MOST_SHOWN = 5_000
TABS = ("cloud", "bot", "faults", "allowlist", "stories", "problems")


@dataclass(frozen=True, slots=True)
class Look:
    """`place` is a channel's ID or `home`, in a URL also `messages`; "" means none.

    `thread` is a message's ts, `tab` one of `TABS`.
    """

    persona: str
    place: str
    thread: str = ""
    tab: str = ""
    last: int = SHOWN_AT_FIRST

    def url(self, **changes: object) -> str:
        """Return the URL of this look, with `changes` applied."""
        look = replace(self, **changes)  # type: ignore[arg-type]  # templates name fields, dataclasses check them
        given = {"as": look.persona, "in": look.place, "thread": look.thread, "tab": look.tab}
        if look.last != SHOWN_AT_FIRST:
            given["last"] = str(look.last)
        return "/?" + urlencode({key: value for key, value in given.items() if value})


def read_look(query: Mapping[str, str], workspace: Workspace, persona: str, channel: str) -> Look:
    """Read a URL; anything missing, or hidden from them, is replaced by `persona` and `channel`."""
    who = query.get("as", "")
    user = workspace.users.get(who)
    who = who if user is not None and not user.is_bot else persona
    place = query.get("in", "")
    if place == MESSAGES and workspace.app.messages_tab_enabled:
        place = workspace.direct_message(who).id
    if place != HOME and place not in [each.id for each in channels_of(workspace, who)]:
        place = channel if workspace.channels[channel].has(who) else HOME
    tab = query.get("tab", "")
    last = query.get("last", "")
    return Look(
        who,
        place,
        thread=query.get("thread", ""),
        tab=tab if tab in TABS else "",
        last=_number(last) if last.isascii() and last.isdigit() else SHOWN_AT_FIRST,
    )


def _number(digits: str) -> int:
    """Return how many messages to show; Python refuses to read thousands of digits."""
    return min(int(digits[:9]), MOST_SHOWN)


def channels_of(workspace: Workspace, who: str) -> list[Channel]:
    """Return the conversations in a person's sidebar, by name, direct messages last."""
    theirs = [each for each in workspace.channels.values() if each.has(who) and each.user in (None, who)]
    return sorted(theirs, key=lambda each: (each.user is not None, each.name))
