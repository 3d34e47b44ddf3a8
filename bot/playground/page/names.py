"""Names for the IDs in a text, as one person sees them."""

from bot.playground.page.dates import date, zone
from bot.playground.page.mrkdwn import Name
from bot.playground.slack import User
from bot.playground.slack.workspace import Workspace


def names(workspace: Workspace, viewer: User) -> Name:
    """Return a function that turns IDs and dates into what `viewer` reads."""
    where = zone(viewer)

    def name(kind: str, key: str) -> str:
        match kind:
            case "user":
                user = workspace.users.get(key)
                return user.display_name if user else key
            case "channel":
                channel = workspace.channels.get(key)
                return channel.name if channel else key
            case "usergroup":
                group = workspace.usergroups.get(key)
                return group.handle if group else key
        return date(key, where, workspace.clock(), viewer.locale)

    return name
