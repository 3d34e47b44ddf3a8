"""What we ask when a command doesn't say which machine it means; each button continues the command."""

from collections.abc import Sequence

from bot.domain.text import one_line
from bot.ports import Instance
from bot.service.instances import NoSuch
from handlers.i18n import Localizer
from handlers.mrkdwn import Markup, inline, join
from handlers.views import command_buttons, machines
from handlers.views.blocks import Block, Post, actions, context, section

OFFERED = 10
GIVEN = 80


def chosen(typed: str, instance_id: str) -> str:
    """Return the command for one machine."""
    return f"{typed} --instance {instance_id}"


def several(given: str, instances: Sequence[Instance], typed: str, words: Localizer) -> Post:
    """Say that more than one machine may be meant, with a button for each."""
    count = len(instances)
    headline = words("machine-choose", given=one_line(given)[:GIVEN], count=count)
    more = context(words("machine-more", count=count - OFFERED)) if count > OFFERED else []
    return _choices(headline, instances[:OFFERED], typed, more, words)


def none(missing: NoSuch, typed: str, words: Localizer) -> Post:
    """Say that there's no such machine, and offer those with similar names."""
    given, where = one_line(missing.given)[:GIVEN], ", ".join(missing.regions)
    headline = words("machine-not-found", given=given, count=len(missing.nearest), regions=where)
    return _choices(headline, missing.nearest, typed, [], words)


def unsure(given: str, words: Localizer) -> Post:
    """Say that names can't be looked up right now."""
    text = words("machine-unsure", given=one_line(given)[:GIVEN])
    return Post(text, (section(text),))


def sessions(instance: Instance, typed: str, words: Localizer) -> Post:
    """Ask which of a workstation's sessions is meant."""
    text = words("machine-sessions", name=machines.named(instance), count=len(instance.sub_instances))
    rows = [
        command_buttons.run(each, f"{typed} --sub-instance {each}", number)
        for number, each in enumerate(instance.sub_instances[:OFFERED])
    ]
    fitting = [row for row in rows if command_buttons.fits(f"{typed} --sub-instance {row['text']['text']}")]
    listed = join(map(inline, instance.sub_instances[:OFFERED]), ", ")
    return Post(join((text, listed)), (section(text), *actions(fitting)))


def line(instance: Instance, words: Localizer) -> Markup:
    """Return a machine in a list: its name, and what is known of it."""
    return join((Markup(f"*{inline(machines.named(instance))}*"), machines.about(instance, words)))


def _choices(
    headline: Markup, instances: Sequence[Instance], typed: str, more: list[Block], words: Localizer
) -> Post:
    lines = [line(each, words) for each in instances]
    rows = [
        section(text, _choose(each, typed, number, words))
        for number, (each, text) in enumerate(zip(instances, lines, strict=True))
    ]
    return Post(join((headline, *lines)), (section(headline), *rows, *more))


def _choose(instance: Instance, typed: str, number: int, words: Localizer) -> Block | None:
    command = chosen(typed, instance.instance_id)
    if not command_buttons.fits(command):
        return None
    return command_buttons.run(words.plain("button-choose"), command, number)
