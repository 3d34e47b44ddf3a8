"""The form that requests an image: the machine first, then what's required, the rest behind a button.

Field and block IDs are public; `form_state` has them and reads what comes back.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.approvals import Rule
from bot.domain.image import ID_LENGTH, DiskType, InstanceType
from bot.domain.request import InstanceState, Request
from bot.domain.untrusted_json import from_json
from bot.ports import Instance
from handlers.draft import Draft
from handlers.i18n import Localizer
from handlers.mrkdwn import Markup, code, inline
from handlers.people.names import NAMELESS, Names
from handlers.views import form_fields as fields
from handlers.views import machines
from handlers.views.blocks import Block, actions, button, context, modal, section
from handlers.views.form_state import (
    DESCRIPTION,
    IMAGE_NAME,
    INSTANCE_ID,
    INSTANCE_TYPE,
    REASON,
    SUB_INSTANCE_ID,
    TAGS,
)
from handlers.views.requests import slots

CALLBACK_ID = "image_create"
MORE = "form_more"
TWIN = "twin"
"""The block about an open request for the same machine: sending the form with it confirms another one."""
FILLED_IN, FILLED_FOR = "name", "machine"
RUNS = frozenset({InstanceState.RUNNING, InstanceState.STARTING})


@dataclass(frozen=True)
class FormFacts:
    """What the form shows besides the draft.

    `instance` is the chosen machine, `rule` how the request would be approved (None: unknown); `disks` is the
    default choice and `name` the default name; `more` shows every field; `twin` is the person's open request
    for this machine; `regions` are all that an image can be copied to (None: unknown).
    """

    instance: Instance | None = None
    rule: Rule | None = None
    disks: DiskType = DiskType.ALL
    name: str = ""
    more: bool = False
    twin: Request | None = None
    regions: Sequence[str] | None = None


def build(draft: Draft, words: Localizer, facts: FormFacts | None = None, names: Names = NAMELESS) -> Block:
    """Return the form filled with the draft; its fields depend on the machine."""
    facts = facts or FormFacts()
    more = facts.more or _needs_more(draft)
    required = facts.rule is not None and facts.rule.requester_reason_required
    blocks = [
        *_twin(facts.twin, words),
        fields.machine(draft, facts.instance, words),
        *_about_machine(draft, facts.instance, words),
        *_kind(draft, facts.instance, words, more=more),
        *_session(draft, facts.instance, words, more=more),
        fields.text(REASON, draft, words, optional=not required),
        fields.text(IMAGE_NAME, draft, words, value=facts.name),
        fields.disks(draft, facts.disks, words),
        *([fields.profiles(draft, words)] if type_of(draft, facts.instance) is _DESKTOP else ()),
        fields.start(draft, words),
        *([fields.stop_first(draft, words)] if _may_run(draft, facts.instance) else ()),
        fields.regions(draft, facts.regions, words),
        *(_more(draft, words) if more else actions([button(MORE, words.plain("form-more"), "more")])),
        *context(_outlook(facts.rule, words, names)),
    ]
    title, submit, close = (words.plain(f"form-{part}") for part in ("title", "submit", "close"))
    filled = {FILLED_IN: facts.name, FILLED_FOR: str(draft.fields.get(INSTANCE_ID) or "")[:ID_LENGTH]}
    return modal(CALLBACK_ID, title, submit, close, blocks, json.dumps(filled))


def filled_in(metadata: str) -> tuple[str, str]:
    """Return the name that the form was filled in with and the machine it was for, from its metadata."""
    filled = from_json(metadata)
    name, machine = map(filled.get, (FILLED_IN, FILLED_FOR)) if isinstance(filled, dict) else ("", "")
    return (name, machine) if isinstance(name, str) and isinstance(machine, str) else ("", "")


_DESKTOP = InstanceType.CLOUD_DESKTOP


def type_of(draft: Draft, instance: Instance | None = None) -> InstanceType | None:
    """Return the machine's type, or else the chosen one, or the one that the ID tells."""
    if instance is not None:
        return instance.instance_type
    chosen = str(draft.fields.get(INSTANCE_TYPE) or "").casefold()
    named = [kind for kind in InstanceType if kind.casefold() == chosen]
    return named[0] if named else InstanceType.told_by(str(draft.fields.get(INSTANCE_ID) or ""))


def _needs_more(draft: Draft) -> bool:
    """Whether the draft has something that's behind the button."""
    behind = (SUB_INSTANCE_ID, DESCRIPTION, TAGS)
    return bool(draft.notify) or any(draft.fields.get(field) for field in behind)


def _twin(twin: Request | None, words: Localizer) -> list[Block]:
    told = [section(words("form-twin", id=code(twin.id)))] if twin is not None else []
    return [{**block, "block_id": TWIN} for block in told]


def shows_twin(view: Mapping[str, Any]) -> bool:
    """Tell whether a submitted form showed the person's open request for its machine."""
    blocks = view.get("blocks")
    return any(isinstance(block, Mapping) and block.get("block_id") == TWIN for block in blocks or ())


def _about_machine(draft: Draft, instance: Instance | None, words: Localizer) -> list[Block]:
    if instance is not None:
        return context(machines.about(instance, words))
    given = str(draft.fields.get(INSTANCE_ID) or "").strip()
    return context(words("machine-unknown", given=inline(given))) if given else []


def _kind(draft: Draft, instance: Instance | None, words: Localizer, *, more: bool) -> list[Block]:
    """Return the field for the type: when nothing else tells it, and among the rest."""
    told = InstanceType.told_by(str(draft.fields.get(INSTANCE_ID) or ""))
    untold = instance is None and told is None and bool(draft.fields.get(INSTANCE_ID))
    return [fields.kind(type_of(draft, instance), words)] if untold or more else []


def _session(draft: Draft, instance: Instance | None, words: Localizer, *, more: bool) -> list[Block]:
    """Return the field for the session: up front if there are several, among the rest if it isn't known."""
    if type_of(draft, instance) is not InstanceType.WUYING_SERVER:
        return []
    known = len(instance.sub_instances) if instance is not None else 0
    return [fields.session(draft, instance, words)] if known > 1 or (more and known == 0) else []


def _may_run(draft: Draft, instance: Instance | None) -> bool:
    return draft.stop_first or (instance is not None and instance.state in RUNS)


def _more(draft: Draft, words: Localizer) -> list[Block]:
    return [
        fields.text(DESCRIPTION, draft, words),
        fields.text(TAGS, draft, words),
        fields.notify(draft, words),
    ]


def _outlook(rule: Rule | None, words: Localizer, names: Names) -> Markup:
    """Say who will be asked to approve, and for how long."""
    if rule is None:
        return Markup()
    if not rule.quorum:
        return words("form-no-approval")
    return words("form-outlook", who=slots(rule, words, names), span=words.span(rule.expires))
