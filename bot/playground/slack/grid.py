"""Whose workspace it is: on Enterprise Grid, some IDs are the organization's where you'd expect a team's.

A command's ``team_id`` is the workspace it was typed in; ``user.team_id`` of an interaction is the
organization's ID (docs.slack.dev, block_suggestion payload, "user").
"""

from bot.playground.slack.state import TEAM_DOMAIN, TEAM_ID, User
from bot.playground.slack.wire import JsonObject
from bot.playground.slack.workspace import Workspace

ENTERPRISE_ID, ENTERPRISE_NAME = "E0PLAYGROUND", "Playground Org"
SISTER_TEAM = "T0SISTER"
"""Another workspace of the same organization."""
TEAMS = (TEAM_ID, SISTER_TEAM)


def team(workspace: Workspace) -> JsonObject:
    """Return the ``team`` of an interaction."""
    body: JsonObject = {"id": TEAM_ID, "domain": TEAM_DOMAIN}
    return body | _names() if workspace.conditions.grid else body


def enterprise(workspace: Workspace) -> JsonObject:
    """Return the ``enterprise`` of an interaction, if there is one."""
    whole = {"enterprise": {"id": ENTERPRISE_ID, "name": ENTERPRISE_NAME}}
    return whole if workspace.conditions.grid else {}


def acting_team(workspace: Workspace, user: User) -> str:
    """Return the ``user.team_id`` of an interaction."""
    return ENTERPRISE_ID if _is_of_the_organization(workspace, user) else user.team_id


def command_team(workspace: Workspace, user: User) -> JsonObject:
    """Return what a slash command says about workspace and organization."""
    if not workspace.conditions.grid:
        return {"team_id": user.team_id, "team_domain": TEAM_DOMAIN}
    typed_in = TEAM_ID if _is_of_the_organization(workspace, user) else user.team_id
    return {"team_id": typed_in, "team_domain": TEAM_DOMAIN, **_names()}


def identity(workspace: Workspace) -> JsonObject:
    """Return what auth.test adds."""
    return {"enterprise_id": ENTERPRISE_ID} if workspace.conditions.grid else {}


def profile(workspace: Workspace, user: User) -> JsonObject:
    """Return what the user object adds: a colleague's workspaces, or that an outsider is a stranger."""
    if not _is_of_the_organization(workspace, user):
        return {} if user.team_id == TEAM_ID else {"is_stranger": True}
    teams = list(dict.fromkeys((user.team_id, *user.teams)))
    return {
        "enterprise_user": {"id": user.id, **_names(), "is_admin": False, "is_owner": False, "teams": teams}
    }


def _names() -> JsonObject:
    return {"enterprise_id": ENTERPRISE_ID, "enterprise_name": ENTERPRISE_NAME}


def _is_of_the_organization(workspace: Workspace, user: User) -> bool:
    return workspace.conditions.grid and user.team_id in TEAMS
