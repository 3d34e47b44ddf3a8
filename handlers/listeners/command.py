"""`/image`: read what was typed, call one method of the service, answer with the acknowledgement."""

from dataclasses import dataclass

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.request import Person, Submission
from bot.service.outcomes import (
    Approvers,
    Considered,
    Denied,
    Done,
    Explained,
    Found,
    Refused,
    RightsHeld,
    Submitted,
)
from handlers.commands.commands import (
    Command,
    Create,
    Delegate,
    EndDelegation,
    Help,
    List,
    OnRequest,
    OpenForm,
    ShowDelegation,
    WhoAmI,
)
from handlers.commands.parser import parse
from handlers.draft import Draft, Mistake, Mistaken
from handlers.i18n import Localizer
from handlers.listeners.context import ListenerContext, refusal_view
from handlers.listeners.delegation import Delegations
from handlers.transport import payloads
from handlers.transport.payloads import Body
from handlers.views import answers, form
from handlers.views import denial as verdicts
from handlers.views import emergency_access as break_glass
from handlers.views.blocks import BUTTON_VALUE, Post


@dataclass(frozen=True)
class Typed:
    """A command as it came: who typed it, what, and the key that another delivery of it shares."""

    person: Person
    text: str
    key: str


class Commands:
    """The listener of the slash command."""

    def __init__(self, context: ListenerContext) -> None:
        self._context = context
        self._service = context.service
        self._delegations = Delegations(context)

    async def on_image(self, ack: AsyncAck, body: Body) -> None:
        """Answer the command; alone it opens the form. The acknowledgement leaves when this returns."""
        person = self._context.person(body)
        words = await self._context.words(person.user_id)
        text = str(body.get("text") or "")
        command = parse(text)
        if isinstance(command, OpenForm):
            view = form.build(Draft(), words)
            self._context.open(payloads.trigger(body), view, self._context.address(body), words)
            await ack()
            return
        post = await self._answer(command, Typed(person, text, payloads.trigger(body)), words)
        await ack(response_type="ephemeral", **post.payload())

    async def _answer(self, command: Command, typed: Typed, words: Localizer) -> Post:
        person = typed.person
        match command:
            case Create(draft, asks_why):
                return await self._create(draft, asks_why, typed, words)
            case List(scope):
                return await self._said(await self._service.find(person, scope), scope, words)
            case OnRequest(wish, request_id, reason):
                outcome = await self._on_request(person, wish, request_id, reason)
                return await self._said(outcome, wish, words)
            case WhoAmI():
                return await self._said(await self._service.whoami(person), "", words)
            case Delegate() | EndDelegation() | ShowDelegation():
                return await self._delegations.answer(command, person, words)
            case Help(topic):
                return answers.help_on(topic, words)
            case Mistaken():
                return _mistaken(command, typed, words)
        return answers.help_on("", words)

    async def _create(self, draft: Draft, asks_why: bool, typed: Typed, words: Localizer) -> Post:
        submission = await self._context.submission(draft, typed.key, typed.person)
        if isinstance(submission, Mistaken):
            return _mistaken(submission, typed, words)
        if asks_why:
            return await self._said(await self._service.why(typed.person, submission), "", words)
        if draft.break_glass:
            return await self._ask_first(submission, typed, words)
        return await self._said(await self._service.submit(typed.person, submission), "", words)

    async def _ask_first(self, submission: Submission, typed: Typed, words: Localizer) -> Post:
        """Before a glass is broken: who may not is told so, who may is asked once more."""
        if not break_glass.fits(typed.text):
            most = str(BUTTON_VALUE)
            mistake = Mistake("command-long", str(len(typed.text)), allowed=most)
            return answers.mistaken((mistake,), (), None, words)
        outcome = await self._service.consider(typed.person, submission)
        if isinstance(outcome, Considered):
            return break_glass.ask(outcome, typed.text, words)
        return refusal_view(outcome, words)

    async def _on_request(
        self, person: Person, wish: str, request_id: str, reason: str
    ) -> Done | Approvers | Denied | Refused:
        match wish:
            case "cancel":
                return await self._service.cancel(person, request_id, reason)
            case "retry":
                return await self._service.retry(person, request_id)
            case "approvers":
                return await self._service.approvers(person, request_id)
        return await self._service.show(person, request_id)

    async def _said(
        self,
        outcome: Submitted | Done | Found | Explained | RightsHeld | Approvers | Denied | Refused,
        wish: str,
        words: Localizer,
    ) -> Post:
        names = await self._context.names(outcome)
        match outcome:
            case Submitted():
                return answers.submitted(outcome, words, names)
            case Done(request) if wish == "show":
                return answers.shown(request, self._context.clock(), words, names)
            case Done(request):
                say = answers.cancelled if wish == "cancel" else answers.retried
                return say(request, words)
            case Found():
                return answers.found(outcome, wish, words)
            case Explained():
                return verdicts.explained(outcome, words, names)
            case RightsHeld():
                return answers.whoami(outcome, words, names)
            case Approvers():
                return answers.approvers(outcome, words, names)
            case Denied() | Refused():
                return refusal_view(outcome, words)


def _mistaken(command: Mistaken, typed: Typed, words: Localizer) -> Post:
    """Every mistake, and a button to the form where it can show all that was typed."""
    mends = command.draft is not None and command.draft.fits_form
    return answers.mistaken(command.mistakes, command.problems, typed.text if mends else None, words)
