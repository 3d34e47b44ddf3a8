"""`/image`: read what was typed, call one method of the service, answer with the acknowledgement."""

import time
from collections.abc import Callable

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.outcomes import Approvers, Denied, Done, Explained, Found, Refused, RightsHeld, Submitted
from bot.records import Person
from handlers import incoming
from handlers.desk import Desk, no, submission_of
from handlers.incoming import Body
from handlers.parsing import parse
from handlers.views import answers, form
from handlers.views.blocks import Post
from handlers.wishes import Command, Create, Draft, Help, List, Mistaken, OnRequest, OpenForm, WhoAmI
from handlers.words import Words


class Commands:
    """The listener of the slash command."""

    def __init__(self, desk: Desk, clock: Callable[[], float] = time.time) -> None:
        self._desk = desk
        self._service = desk.service
        self._clock = clock

    async def on_image(self, ack: AsyncAck, body: Body) -> None:
        """Answer the command; alone it opens the form. The acknowledgement leaves when this returns."""
        person = self._desk.person(body)
        words = await self._desk.words(person.user_id)
        text = str(body.get("text") or "")
        command = parse(text)
        if isinstance(command, OpenForm):
            view = form.build(Draft(), words)
            self._desk.open(incoming.trigger(body), view, self._desk.address(body), words)
            await ack()
            return
        post = await self._answer(command, person, text, incoming.trigger(body), words)
        await ack(response_type="ephemeral", **post.payload())

    async def _answer(self, command: Command, person: Person, text: str, key: str, words: Words) -> Post:
        match command:
            case Create(draft, asks_why):
                return await self._create(draft, asks_why, person, text, key, words)
            case List(scope):
                return self._said(await self._service.find(person, scope), scope, words)
            case OnRequest(wish, request_id, reason):
                return self._said(await self._on_request(person, wish, request_id, reason), wish, words)
            case WhoAmI():
                return self._said(await self._service.whoami(person), "", words)
            case Help(topic):
                return answers.help_on(topic, words)
            case Mistaken(mistakes, draft):
                return answers.mistaken(mistakes, (), text if draft else None, words)
        return answers.help_on("", words)

    async def _create(
        self, draft: Draft, asks_why: bool, person: Person, text: str, key: str, words: Words
    ) -> Post:
        submission = submission_of(draft, key)
        if isinstance(submission, list):
            return answers.mistaken((), submission, text, words)
        if asks_why:
            return self._said(await self._service.why(person, submission), "", words)
        return self._said(await self._service.submit(person, submission), "", words)

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

    def _said(
        self,
        outcome: Submitted | Done | Found | Explained | RightsHeld | Approvers | Denied | Refused,
        wish: str,
        words: Words,
    ) -> Post:
        match outcome:
            case Submitted():
                return answers.submitted(outcome, words)
            case Done(request) if wish == "show":
                return answers.shown(request, self._clock(), words)
            case Done(request):
                return (
                    answers.cancelled(request, words) if wish == "cancel" else answers.retried(request, words)
                )
            case Found():
                return answers.found(outcome, wish, words)
            case Explained():
                return answers.why(outcome, words)
            case RightsHeld():
                return answers.whoami(outcome, words)
            case Approvers():
                return answers.approvers(outcome, words)
            case Denied() | Refused():
                return no(outcome, words)
