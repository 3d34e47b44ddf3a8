"""What kind of workspace and app this is: the certain facts by default, the others by switch."""

from dataclasses import dataclass


@dataclass(slots=True)
class Conditions:
    """Unlike faults, these are how Slack is; they stay when faults are switched off."""

    rate_limits: bool = True
    """Slack's own limits: a tier for each method, about one post a second for each channel."""
    joined: bool = False
    """Whether the app is a member of the public channels whose members nobody has named; until it is invited,
    or joins, a real one isn't.
    """
    confirm_in_inputs: bool = False
    """Whether ``confirm`` is taken in an input block's element; no sample of it is known."""
    distributed: bool = False
    """An app for many workspaces outside the Marketplace: history and replies once a minute, 15 objects."""
    grid: bool = False
    """Enterprise Grid: the workspace belongs to an organization."""
