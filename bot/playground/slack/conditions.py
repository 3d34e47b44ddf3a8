"""What kind of workspace and app this is: what's certain by default, the rest by switch."""

from dataclasses import dataclass


@dataclass(slots=True)
class Conditions:
    """Unlike faults, this is how Slack is; it stays when faults are switched off."""

    rate_limits: bool = True
    """Slack's own limits: a tier per method, about one post a second per channel."""
    joined: bool = False
    """Whether the app is a member of public channels without a member list; a real app isn't, until it's
    invited or joins.
    """
    confirm_in_inputs: bool = False
    """Whether ``confirm`` is accepted in an input block's element; no example of it is known."""
    distributed: bool = False
    """An app for many workspaces outside the Marketplace: history and replies once a minute, 15 objects."""
    grid: bool = False
    """Enterprise Grid: the workspace belongs to an organization."""
