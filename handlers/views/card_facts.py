"""What a card says about the image that is asked for, and about its machine."""

from collections.abc import Iterator

from bot.domain.image import DiskType, InstanceType
from bot.domain.lifecycle import Status
from bot.domain.request import InstanceState, Request
from handlers.i18n import Localizer
from handlers.mrkdwn import Markup, code, inline, join, linked, mention
from handlers.views import machines

WARNINGS = 2
DETAIL_SHOWN = 300
USERS = 3


def machine_name(request: Request) -> Markup:
    """Return the machine by its name; by its ID as long as nobody knows another."""
    instance_id = request.image.instance_id
    return code(instance_id) if request.called == instance_id else inline(request.called)


def machine_and_id(request: Request) -> Markup:
    """Return the machine by its name and its ID, within a sentence."""
    name, instance_id = machine_name(request), code(request.image.instance_id)
    return name if name == instance_id else Markup(f"{name} ({instance_id})")


def fields_of(request: Request, words: Localizer, before: str = "") -> list[tuple[str, Markup]]:
    """Return six at most: machine, what it is, who asks, disks, start, the last image of this machine.

    `before` is a link to the card of that one's request, "" where there is none.
    """
    instance_id = code(request.image.instance_id)
    name = machine_name(request)
    requester = (mention(request.requester), words.date(request.created_at))
    return [
        (words("card-machine"), instance_id if name == instance_id else join((name, instance_id))),
        (words("card-type"), _type(request, words)),
        (words("card-requester"), join(requester)),
        (words("card-disks"), words(f"disks-{request.image.disk_type or DiskType.ALL}")),
        (words("card-start"), _start(request, words)),
        (words("card-last-image"), _last_image(request, words, before)),
    ]


def details(request: Request, words: Localizer) -> Markup:
    """Return the rest of what was asked for, in small print; what was left out is left out."""
    image = request.image
    told = {
        "description": inline(image.description or ""),
        "tags": join((code(f"{tag.key}={tag.value}") for tag in image.tags), " "),
        "sub-instance": code(image.sub_instance_id or ""),
        "regions": _copies(request, words),
    }
    return join(
        (words(f"card-{name}", value=value) for name, value in told.items() if value),
        "\n",
    )


def _copies(request: Request, words: Localizer) -> Markup:
    """Return where the image goes besides, and how far it has come there."""
    distribution = request.attempt.distribution
    copies = distribution.copies if distribution is not None else ()
    told = [
        words(f"copy-{copy.status}", region=code(copy.region_id), progress=copy.progress or 0)
        for copy in copies
    ]
    return join(told or map(code, request.regions), ", ")


def warnings(request: Request, words: Localizer, others: int = 0) -> Iterator[Markup]:
    """Yield what an approver must not overlook, a line each: the two that weigh most."""
    yield from list(_warnings(request, words, others))[:WARNINGS]


def _warnings(request: Request, words: Localizer, others: int) -> Iterator[Markup]:
    state, facts = request.instance_state, request.facts
    if state is InstanceState.MISSING:
        yield words("danger-missing", regions=", ".join(facts.regions))
    if state is InstanceState.UNKNOWN:
        yield words("danger-unknown")
    if state is InstanceState.RUNNING and request.power is None:
        users = join(map(inline, facts.users[:USERS]), ", ")
        yield words("danger-stop" if request.stop_first else "danger-running", users=users)
    if request.image.auto_clean_userdata:
        yield words("danger-clean")
    if _lacks_session(request):
        yield words("danger-session", count=facts.sessions)
    if others:
        yield words("danger-others", count=others)


def _lacks_session(request: Request) -> bool:
    """Whether nobody said which persistent session of a workstation is meant."""
    is_workstation = request.image.instance_type is InstanceType.WUYING_SERVER
    return is_workstation and _is_known(request.instance_state) and not request.image.sub_instance_id


def _is_known(state: InstanceState | None) -> bool:
    return state not in (None, InstanceState.UNKNOWN, InstanceState.MISSING)


def _type(request: Request, words: Localizer) -> Markup:
    """Return what it is, as in "Workstation · Windows · stopped", with the state before the image."""
    state, said = request.instance_state, request.facts.state_text
    return join(
        (
            words(f"type-{request.image.instance_type.value}"),
            inline(request.facts.os_type),
            machines.state(state, said, words) if state and _is_known(state) else Markup(),
        ),
        " · ",
    )


def _start(request: Request, words: Localizer) -> Markup:
    """Return when it may start, as long as that lies ahead, and what happens to the machine before."""
    if request.status not in (Status.PENDING, Status.APPROVED):
        return Markup()
    at = words.date(request.start_at) if request.start_at else ""
    begins = words("card-starts", at=at)
    return join((begins, words("card-stop-first") if request.stop_first else Markup()))


def _last_image(request: Request, words: Localizer, before: str) -> Markup:
    facts = request.facts
    if facts.last_image_at is None:
        return Markup()
    asked_by = linked(before, facts.last_request) if before else code(facts.last_request)
    return join((inline(facts.last_image), words.date(facts.last_image_at), asked_by))
