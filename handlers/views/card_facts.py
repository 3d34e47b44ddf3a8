"""What a card says about the requested image and its machine."""

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
    """Return the machine's name, or its ID while the name isn't known."""
    instance_id = request.image.instance_id
    return code(instance_id) if request.called == instance_id else inline(request.called)


def machine_and_id(request: Request) -> Markup:
    """Return the machine's name and ID, for a sentence."""
    name, instance_id = machine_name(request), code(request.image.instance_id)
    return name if name == instance_id else Markup(f"{name} ({instance_id})")


def fields_of(request: Request, words: Localizer, before: str = "") -> list[tuple[str, Markup]]:
    """Return at most six: machine, type, requester, disks, start, the machine's last image.

    `before` links to the card of that last image's request, "" for none.
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
    """Return the rest of the request in small print, without what was left blank."""
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
    """Return the regions that get a copy, and how far each copy is."""
    distribution = request.attempt.distribution
    copies = distribution.copies if distribution is not None else ()
    told = [
        words(f"copy-{copy.status}", region=code(copy.region_id), progress=copy.progress or 0)
        for copy in copies
    ]
    return join(told or map(code, request.regions), ", ")


def warnings(request: Request, words: Localizer, others: int = 0) -> Iterator[Markup]:
    """Yield what an approver must not overlook, one line each: the two most important ones."""
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
    """Whether it's unclear which of a workstation's persistent sessions is meant."""
    is_workstation = request.image.instance_type is InstanceType.WUYING_SERVER
    return is_workstation and _is_known(request.instance_state) and not request.image.sub_instance_id


def _is_known(state: InstanceState | None) -> bool:
    return state not in (None, InstanceState.UNKNOWN, InstanceState.MISSING)


def _type(request: Request, words: Localizer) -> Markup:
    """Return what the machine is, as in "Workstation · Windows · stopped", in its state before the image."""
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
    """Return when it may start, if that's in the future, and what happens to the machine first."""
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
