"""Which machine a command is about: by its ID, or by a name that is looked up."""

from typing import Protocol

from bot.domain.image import parse_image
from bot.domain.request import Person
from bot.ports import Instance
from bot.service.instances import Instances, Known, NoSuch, Several
from handlers.draft import Draft, settled
from handlers.i18n import Localizer
from handlers.views import machine_choices
from handlers.views.blocks import Post

NO_ID = frozenset({"instance-id-shape", "instance-type-missing"})


class HasInstances(Protocol):
    """Where machines are looked up."""

    @property
    def instances(self) -> Instances:
        """Machines by name and ID."""


async def settle(
    context: HasInstances,
    draft: Draft,
    typed: str,
    person: Person,
    words: Localizer,
    *,
    must_exist: bool = True,
) -> Draft | Post:
    """Return the draft about the one machine that is meant, or a question whose buttons continue the command.

    `typed` is the whole command. An ID is used as is while it's unknown whether it exists, or if it doesn't
    have to exist.
    """
    given, kind = (str(draft.fields.get(name) or "") for name in ("instance_id", "instance_type"))
    if not given.strip():
        return draft
    match await context.instances.meant(person, given, kind):
        case Known(instance):
            return _with_session(draft, instance, typed, words)
        case Several(instances):
            return machine_choices.several(given, instances, typed, words)
        case NoSuch() as missing if must_exist or _is_name(given, kind):
            return machine_choices.none(missing, typed, words)
    return machine_choices.unsure(given, words) if _is_name(given, kind) else draft


def _is_name(given: str, kind: str) -> bool:
    """Tell whether it can't be an ID: by its shape, or because neither it nor the person says the type."""
    read = parse_image({"instance_id": given, "instance_type": kind or None})
    return isinstance(read, list) and not NO_ID.isdisjoint(problem.code for problem in read)


def _with_session(draft: Draft, instance: Instance, typed: str, words: Localizer) -> Draft | Post:
    if len(instance.sub_instances) > 1 and not draft.fields.get("sub_instance_id"):
        bound = about(typed, str(draft.fields["instance_id"]), instance.instance_id)
        return machine_choices.sessions(instance, bound, words)
    return settled(draft, instance)


def about(typed: str, given: str, instance_id: str) -> str:
    """Return the command with this machine's ID, no matter what a name may mean later."""
    return typed if given == instance_id else machine_choices.chosen(typed, instance_id)
