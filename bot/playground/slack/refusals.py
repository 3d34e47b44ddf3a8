"""Slack's refusals that pass, or that an operator can end: what to switch on, and what to expect."""

from collections.abc import Mapping

REFUSALS: Mapping[str, str] = {
    "team_added_to_org": "The workspace is moving into an organization. It passes within hours.",
    "org_login_required": "The same move, a little later. It passes once people have signed in again.",
    "ekm_access_denied": "Admins have suspended the encryption keys. It passes when they say so.",
    "external_channel_migrating": "The shared channel is moving. It passes within minutes.",
    "update_failed": "Slack couldn't save the edit. The next try may work.",
    "message_limit_exceeded": "The workspace has reached its message limit. It passes with another plan.",
    "two_factor_setup_required": "Two-factor sign-in has to be set up. An admin can do that.",
    "no_permission": "The workspace took a permission away. An admin can give it back.",
    "missing_scope": "The app was installed without this scope. An admin can reinstall it.",
    "edit_window_closed": "The message is too old to edit. That doesn't change.",
    "internal_error": "Slack had an error. It's unknown whether the call was done.",
    "fatal_error": "Slack had a serious error. It's unknown whether the call was done.",
    "request_timeout": "The call was cut short. It's unknown whether it was done.",
    "service_unavailable": "Slack is down for a while. It's unknown whether the call was done.",
}
"""Code -> one sentence (docs.slack.dev, the error tables of chat.postMessage, chat.update and others)."""
METHODS = ("*", "chat.postMessage", "chat.update", "chat.postEphemeral", "conversations.history",
           "conversations.replies", "conversations.open", "conversations.join", "users.info",
           "usergroups.list", "views.open", "views.publish")  # fmt: skip
"""What to refuse, ``*`` for everything."""
