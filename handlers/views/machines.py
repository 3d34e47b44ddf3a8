"""Machines as people know them: by name, with what they are and whether they're running."""

from collections.abc import Sequence

from bot.domain.request import InstanceState
from bot.domain.text import one_line
from bot.ports import Instance
from bot.service.instances import Emptiness, NoSuch, Offer
from handlers.i18n import Localizer
from handlers.mrkdwn import Markup, code, inline, join, unmarked
from handlers.views.blocks import OPTION, Block, option, plain

OPTION_VALUE = 150
SHOWN, USERS, SAID = 5, 3, 60
NOTHING = "-"
"""The value of an option that says why there's nothing to choose."""


def named(instance: Instance) -> str:
    """Return what people call it: its name, or else its ID."""
    return one_line(instance.name) or instance.instance_id


def choice(instance: Instance, words: Localizer) -> Block:
    """Return an option as in "design-station · Windows · stopped"; its value is the instance's ID."""
    does = unmarked(state(instance.state, instance.state_text, words))
    rest = "".join(f" · {part}" for part in (one_line(instance.os_type), does) if part)
    rest = rest[: OPTION // 2]
    name, room = named(instance), OPTION - len(rest)
    shown = name if len(name) <= room else name[: room - 1] + "…"
    about = f"{words.plain(f'type-{instance.instance_type.value}')} · {instance.instance_id}"
    return option(shown + rest, instance.instance_id) | {"description": plain(about, OPTION)}


def typed(text: str, words: Localizer) -> Block:
    """Return what was typed as an option."""
    return option(words.plain("machine-typed", text=one_line(text)), one_line(text)[:OPTION_VALUE])


def choices(offer: Offer, text: str, words: Localizer) -> list[Block]:
    """Return the options for what was typed or, without any, why there are none."""
    if offer.instances:
        return [choice(each, words) for each in offer.instances]
    own = [typed(text, words)] if one_line(text) else []
    return [*own, option(words.plain(f"machines-{offer.why or Emptiness.NO_MATCH}"), NOTHING)]


def about(instance: Instance, words: Localizer) -> Markup:
    """Return its type and state, as in "Workstation · Windows · running · connected: sam.support"."""
    users = join(map(inline, instance.users[:USERS]), ", ")
    session = instance.sub_instances[0] if len(instance.sub_instances) == 1 else ""
    return join(
        (
            words(f"type-{instance.instance_type.value}"),
            inline(instance.os_type),
            state(instance.state, instance.state_text, words),
            words("machine-users", users=users) if users else Markup(),
            words("machine-session", session=code(session)) if session else Markup(),
            code(instance.instance_id),
        ),
        " · ",
    )


def no_such(missing: NoSuch, words: Localizer) -> str:
    """Say that there's no such machine, and what may have been meant, in plain text."""
    near = ", ".join(f"{named(each)} ({each.instance_id})" for each in missing.nearest)
    where = ", ".join(missing.regions)
    return words.plain("machine-none", given=one_line(missing.given)[:80], nearest=near, regions=where)


def several(given: str, instances: Sequence[Instance], words: Localizer) -> str:
    """Say that more than one machine may be meant, in plain text."""
    names = ", ".join(f"{named(each)} ({each.instance_id})" for each in instances[:SHOWN])
    return words.plain("machine-several", given=one_line(given)[:80], names=names)


def state(known: InstanceState, said: str, words: Localizer) -> Markup:
    """Return a machine's state, in Alibaba Cloud's own word if we have none."""
    if known is InstanceState.OTHER and said:
        return words("machine-state-said", said=one_line(said)[:SAID])
    return words(f"machine-state-{known.value}")
