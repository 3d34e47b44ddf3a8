"""Slack's refusals that pass, or that an operator ends: what to set, and what a good app does about it."""

from collections.abc import Mapping

REFUSALS: Mapping[str, str] = {
    "team_added_to_org": "The workspace is moving into an organization. It passes within hours.",
    "org_login_required": "The same move, a little later. It passes when people have signed in anew.",
    "ekm_access_denied": "Admins have suspended the encryption keys. It passes when they say so.",
    "external_channel_migrating": "The shared channel is moving. It passes within minutes.",
    "update_failed": "Slack could not write the edit. The next try may work.",
    "message_limit_exceeded": "The workspace has reached its limit of messages. It passes with another plan.",
    "two_factor_setup_required": "Two-factor sign-in has to be set up. An admin ends it.",
    "no_permission": "The workspace took a permission away. An admin ends it.",
    "missing_scope": "The app was installed without this scope. An admin ends it by installing it again.",
    "edit_window_closed": "The message is too old to edit. It stays so.",
    "internal_error": "Slack broke. Whether the call was done is unknown.",
    "fatal_error": "Slack broke badly. Whether the call was done is unknown.",
    "request_timeout": "The call was cut short. Whether it was done is unknown.",
    "service_unavailable": "Slack is down for a while. Whether the call was done is unknown.",
}
"""Code -> one sentence (docs.slack.dev, the error tables of chat.postMessage, chat.update and their kin)."""
METHODS = ("*", "chat.postMessage", "chat.update", "chat.postEphemeral", "conversations.history",
           "conversations.replies", "conversations.open", "conversations.join", "users.info",
           "usergroups.list", "views.open", "views.publish")  # fmt: skip
"""What to refuse, ``*`` for everything."""
