"""Values that tests start from, and the fake of the service."""


# mypy: disable-error-code=no-any-return

from dataclasses import fields, replace
from functools import cache
from typing import Any

from bot.domain.approvals import DEFAULT_RULE
from bot.domain.image import CreateImage, parse_image
from bot.domain.lifecycle import Event, Status
from bot.domain.message import REQUEST, Kind, Message, Subject, Told
from bot.domain.request import Attempt, InstanceState, Person, Request, Submission
from bot.policy import Decision, Explanation, Verdict
from bot.ports import Posted
from bot.service import Service
from bot.service.outcomes import (
    Approvers,
    Delegated,
    Delegations,
    Denied,
    Done,
    Explained,
    Found,
    Outlook,
    Refused,
    Reviewed,
    RightsHeld,
    Submitted,
)
from bot.service.records import Story
from handlers.i18n import Translations
from handlers.messages.drawing import Drawing
from handlers.messages.renderers import RENDERERS
from handlers.people.names import NAMELESS, Names
from handlers.views.blocks import Post

NOW = 1_795_300_000.0


def image(**fields: Any) -> CreateImage:
    """Return an image of a workstation, with any field changed."""
    parsed = parse_image({"instance_id": "ws-0buj1s9gm", **fields})
    assert isinstance(parsed, CreateImage), parsed
    return parsed


def request(**changes: Any) -> Request:
    """Return a pending request of Alice's, with any field changed."""
    plain = Request(
        id="r-7abcdef",
        team_id="T0PLAYGROUND",
        requester="U0ALICE",
        asked_in="C0IMAGES",
        channel="C0IMAGES",
        image=image(image_name="build-tools"),
        reason="for the new build",
        notify=(),
        rule=DEFAULT_RULE,
        status=Status.PENDING,
        created_at=NOW - 120,
        expires_at=NOW + 3600,
        instance_state=InstanceState.STOPPED,
    )
    return changed(plain, **changes)


def changed(of: Request, **changes: Any) -> Request:
    """Return the request with other fields, its own or its attempt's."""
    its_attempts = {each.name for each in fields(Attempt)} - {"newer"}
    attempt = {name: value for name, value in changes.items() if name in its_attempts}
    own = {name: value for name, value in changes.items() if name not in its_attempts}
    return replace(replace(of, attempt=replace(of.attempt, **attempt)), **own)


def told(event: str = Event.SUBMIT, **changes: Any) -> Told:
    """Return something told about that request, with any field changed."""
    return replace(Told(event, NOW, "U0ALICE", Status.PENDING), **changes)


def message(kind: Kind = Kind.ENTRY, event: str = Event.SUBMIT, **changes: Any) -> Message:
    """A message of the outbox about that request; any field of it, or of what it tells, may be given."""
    telling = {name: changes.pop(name) for name in ("status", "actor", "at", "details") if name in changes}
    plain = Message(
        id=7,
        team_id="T0TEAM",
        kind=kind,
        target="C0IMAGES",
        subject=Subject(REQUEST, "r-7abcdef"),
        told=(told(event, **telling),),
    )
    return replace(plain, **changes)


@cache
def translations() -> Translations:
    """Return every language, read once: that takes longer than rendering a hundred messages."""
    return Translations.read()


def render(about: Message, of: Request | None, names: Names = NAMELESS, locale: str | None = None) -> Post:
    """Draw a message, in English unless said otherwise."""
    words = translations().for_locale(*([locale] if locale else []))
    return RENDERERS[about.kind](Drawing(about, of, NOW, words, names))


def silence() -> Explanation:
    """Return the explanation of a decision without any matching statement."""
    return Explanation(Decision(Verdict.IMPLICIT_DENY), ())


class ScriptedService(Service):
    """Answers every call with `outcome` (raised if it's an exception); `asked` has what was asked."""

    def __init__(self, outcome: Any = None) -> None:
        self.outcome = outcome
        self.questions: Any = self
        self.records: Any = self
        self.asked: list[tuple[Any, ...]] = []

    async def submit(self, person: Person, submission: Submission) -> Submitted | Denied | Refused:
        """Ask for an image."""
        return self._answer("submit", person, submission)

    async def outlook(self, person: Person, submission: Submission) -> Outlook | None:  # noqa: ARG002 - of no use
        """Nobody can tell."""
        return None

    async def unused_name(self, person: Person, instance_id: str, name: str) -> str:  # noqa: ARG002 - of no use
        """No name is taken."""
        return name

    async def review(
        self, person: Person, request_id: str, *, approves: bool, reason: str = ""
    ) -> Reviewed | Denied | Refused:
        """Approve or reject."""
        return self._answer("approve" if approves else "reject", person, request_id, reason)

    async def cancel(self, person: Person, request_id: str, reason: str = "") -> Done | Denied | Refused:
        """Take a request back."""
        return self._answer("cancel", person, request_id, reason)

    async def retry(self, person: Person, request_id: str) -> Done | Denied | Refused:
        """Start a failed request again."""
        return self._answer("retry", person, request_id)

    async def find(self, person: Person, scope: str, page: int = 1) -> Found | Denied | Refused:
        """List requests."""
        return self._answer("find", person, scope, page)

    async def request_at(self, place: Posted) -> str | None:
        """Every message is about the one request, but one."""
        return None if place.ts == "1700000000.000404" else "r-7abcdef"

    async def show(self, person: Person, request_id: str) -> Done | Refused:
        """Show one request."""
        return self._answer("show", person, request_id)

    async def history(self, person: Person, request_id: str) -> Story | Refused:
        """Tell a request's story."""
        return self._answer("history", person, request_id)

    async def images(self, person: Person, word: str) -> Found | Refused:
        """Find images."""
        return self._answer("images", person, word)

    async def why(self, person: Person, submission: Submission) -> Explained | Refused:
        """Explain what would be decided."""
        return self._answer("why", person, submission)

    async def whoami(self, person: Person) -> RightsHeld | Refused:
        """Say what the person may do."""
        return self._answer("whoami", person)

    async def approvers(self, person: Person, request_id: str) -> Approvers | Refused:
        """Say who can still approve."""
        return self._answer("approvers", person, request_id)

    async def delegate(self, person: Person, to: str, until: float) -> Delegated | Refused:
        """Let somebody approve for the person."""
        return self._answer("delegate", person, to, until)

    async def end_delegation(self, person: Person) -> Delegated | Refused:
        """Take that back."""
        return self._answer("end_delegation", person)

    async def delegations(self, person: Person) -> Delegations:
        """Return the delegations in force."""
        return self._answer("delegations", person)

    def _answer(self, asked_for: str, *about: object) -> Any:
        self.asked.append((asked_for, *about))
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome
