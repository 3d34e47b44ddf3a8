"""users.* and usergroups.*"""

from bot.playground.slack import grid
from bot.playground.slack.state import User
from bot.playground.slack.web_api import lookups
from bot.playground.slack.web_api.arguments import Arguments
from bot.playground.slack.web_api.pages import page
from bot.playground.slack.wire import ApiError, JsonObject
from bot.playground.slack.workspace import Workspace


def info(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """users.info: one user; the locale only with ``include_locale``."""
    user = lookups.user(workspace, arguments.required("user"))
    with_locale = arguments.flag("include_locale")
    return {"user": _body(workspace, user, with_locale=with_locale)}


def list_users(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """users.list: everybody, deactivated people included."""
    users, metadata = page(list(workspace.users.values()), arguments, 1000, 1000)
    with_locale = arguments.flag("include_locale")
    members = [_body(workspace, user, with_locale=with_locale) for user in users]
    return {"members": members, "cache_ts": int(workspace.clock()), **metadata}


def lookup_by_email(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """users.lookupByEmail: deactivated people aren't found."""
    email = arguments.required("email").lower()
    for user in workspace.users.values():
        if user.email.lower() == email and not user.deleted:
            return {"user": _body(workspace, user)}
    raise ApiError("users_not_found")


def list_usergroups(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """usergroups.list: the enabled ones, all with ``include_disabled``."""
    _need_paid_plan(workspace)
    include_users = arguments.flag("include_users")
    with_disabled = arguments.flag("include_disabled")
    groups = [group for group in workspace.usergroups.values() if group.is_enabled or with_disabled]
    return {"usergroups": [group.wire(include_users=include_users) for group in groups]}


def list_usergroup_users(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """usergroups.users.list: the members of one group."""
    _need_paid_plan(workspace)
    group = workspace.usergroups.get(arguments.required("usergroup"))
    if group is None or not (group.is_enabled or arguments.flag("include_disabled")):
        raise ApiError("no_such_subteam")
    return {"users": list(group.users)}


def _body(workspace: Workspace, user: User, *, with_locale: bool = False) -> JsonObject:
    with_email = "users:read.email" in workspace.app.scopes
    return user.wire(with_locale=with_locale, with_email=with_email) | grid.profile(workspace, user)


def _need_paid_plan(workspace: Workspace) -> None:
    """User groups are a paid feature (docs.slack.dev, usergroups.list errors)."""
    if not workspace.has_paid_plan:
        raise ApiError("plan_upgrade_required")
