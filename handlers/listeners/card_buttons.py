"""The card's buttons and the forms that ask for a reason. Every click is authorized again by the service."""

from collections.abc import Awaitable, Callable

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.request import Person, Request
from bot.service.outcomes import Denied, Done, RefusalReason, Refused, Reviewed
from handlers.i18n import Localizer
from handlers.listeners.context import ListenerContext
from handlers.mrkdwn import unmarked
from handlers.transport import payloads
from handlers.transport.payloads import Body
from handlers.views import answers, reasons
from handlers.views.blocks import Post, field_error
from handlers.views.denial import refusal_view
from handlers.views.form_state import REASON

Act = Callable[[Person, str], Awaitable[Done | Denied | Refused]]
"""What a person does to a request, by its ID."""
Answer = Callable[[Request, Localizer], Post]


class Buttons:
    """The listeners for a card's buttons. They acknowledge once the service has it on disk."""

    def __init__(self, context: ListenerContext) -> None:
        self._context = context
        self._service = context.service

    async def on_approve(self, ack: AsyncAck, body: Body) -> None:
        """Approve with one click, unless the rule wants a reason."""
        await self._review(ack, body, approves=True)

    async def on_reject(self, ack: AsyncAck, body: Body) -> None:
        """Ask those who may reject for a reason."""
        await self._review(ack, body, approves=False)

    async def on_approve_reason(self, ack: AsyncAck, body: Body) -> None:
        """Approve with the reason that was typed."""
        await self._review_with_reason(ack, body, approves=True)

    async def on_reject_reason(self, ack: AsyncAck, body: Body) -> None:
        """Reject with the reason that was typed."""
        await self._review_with_reason(ack, body, approves=False)

    async def on_cancel(self, ack: AsyncAck, body: Body) -> None:
        """Cancel the request."""
        await self._do(ack, body, self._service.cancel, answers.cancelled)

    async def on_retry(self, ack: AsyncAck, body: Body) -> None:
        """Start a failed request again."""
        await self._do(ack, body, self._service.retry, answers.retried)

    async def on_sign_off(self, ack: AsyncAck, body: Body) -> None:
        """Close the after-review of a request that skipped approval."""
        await self._do(ack, body, self._service.sign_off, answers.signed_off)

    async def _do(self, ack: AsyncAck, body: Body, act: Act, answer: Answer) -> None:
        """Do to the request what its button says, and answer with the outcome."""
        person = self._context.person(body)
        words = await self._context.words(person.user_id)
        outcome = await act(person, payloads.pressed(body))
        post = answer(outcome.request, words) if isinstance(outcome, Done) else refusal_view(outcome, words)
        await self._answer(ack, body, post)

    async def _review(self, ack: AsyncAck, body: Body, *, approves: bool) -> None:
        person, request_id = self._context.person(body), payloads.pressed(body)
        words = await self._context.words(person.user_id)
        outcome = await self._service.review(person, request_id, approves=approves)
        if isinstance(outcome, Refused) and outcome.why is RefusalReason.REASON_NEEDED and outcome.request:
            callback_id = reasons.APPROVE if approves else reasons.REJECT
            view = reasons.build(callback_id, outcome.request, words)
            self._context.open(payloads.trigger(body), view, self._context.address(body), words)
            await ack()
            return
        await self._answer(ack, body, await self._post(outcome, words, approves=approves))

    async def _review_with_reason(self, ack: AsyncAck, body: Body, *, approves: bool) -> None:
        person, given = self._context.person(body), reasons.parse(payloads.view(body))
        words = await self._context.words(person.user_id)
        outcome = await self._service.review(person, given.request_id, approves=approves, reason=given.reason)
        post = await self._post(outcome, words, approves=approves)
        if isinstance(outcome, Reviewed):
            await self._answer(ack, body, post)
            return
        await ack(response_action="errors", errors={REASON: field_error(unmarked(post.text))})

    async def _answer(self, ack: AsyncAck, body: Body, post: Post) -> None:
        self._context.reply(self._context.address(body), post)
        await ack()

    async def _post(self, outcome: Reviewed | Denied | Refused, words: Localizer, *, approves: bool) -> Post:
        if isinstance(outcome, Reviewed):
            return await self._context.named(lambda names: answers.reviewed(outcome, approves, words, names))
        return refusal_view(outcome, words)
