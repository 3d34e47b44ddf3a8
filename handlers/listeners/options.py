"""What a searchable menu offers, a keystroke at a time."""

from slack_bolt.context.ack.async_ack import AsyncAck

from handlers.listeners.context import ListenerContext
from handlers.transport.payloads import Body
from handlers.views import machines


class Options:
    """The listener of searches."""

    def __init__(self, context: ListenerContext) -> None:
        self._context = context

    async def on_machines(self, ack: AsyncAck, body: Body) -> None:
        """Offer the machines that the person can request images of; say why if there are none."""
        person, text = self._context.person(body), str(body.get("value") or "")
        words = await self._context.words(person.user_id)
        offer = await self._context.instances.search(person, text)
        await ack(options=machines.choices(offer, text, words))
