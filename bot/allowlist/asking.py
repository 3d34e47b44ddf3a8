"""Questions to the allowlist: built in one way, for the running bot and for `image-bot policy simulate`."""

from collections.abc import Mapping, Sequence

from bot.domain.vocabulary import ACTIONS, INSTANCE_ID, Deployment, defaults
from bot.policy import AccessRequest

Facts = Mapping[str, str | Sequence[str]]
"""Condition keys, in any case, and their value or values."""


def access_request(
    action: str, facts: Facts, deployment: Deployment, resource: str | None = None
) -> AccessRequest:
    """Build the access request of an action, from what is known of the request and the person.

    What nobody said is filled in with what the bot sends then. Without `resource` it is the one that the
    action is about: named by the instance's ID, `*` when there is none.
    """
    given = {key.lower() for key in facts}
    filled = {key: value for key, value in defaults(action) if key.lower() not in given}
    return AccessRequest(action, resource or _resource(action, facts, deployment), {**facts, **filled})


def _resource(action: str, facts: Facts, deployment: Deployment) -> str:
    known = ACTIONS.get(action.lower())
    values = next((value for key, value in facts.items() if key.lower() == INSTANCE_ID.name.lower()), "")
    instance_id = values if isinstance(values, str) else next(iter(values), "")
    if known is None or (known.is_here and not instance_id):
        return "*"
    return known.resource(deployment.region or "*", deployment.account, instance_id)
