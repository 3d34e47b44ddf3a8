"""App Home: opened, and paged through."""

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.request import Person
from handlers.listeners.context import ListenerContext
from handlers.transport import payloads
from handlers.transport.payloads import Body
from handlers.views import home


class Home:
    """The listeners of App Home."""

    def __init__(self, context: ListenerContext) -> None:
        self._context = context

    async def on_opened(self, event: Body, body: Body) -> None:
        """Show it to the person who opened it; the Messages tab is ignored."""
        if event.get("tab") == "home":
            person = Person(str(event.get("user") or ""), payloads.team(body))
            self._context.background.start(self._context.homes.show(person))

    async def on_choice(self, ack: AsyncAck, body: Body) -> None:
        """Save the choice; it's on disk before the acknowledgement."""
        await self._context.homes.choose(self._context.person(body), payloads.typed(body))
        await ack()

    async def on_turn(self, ack: AsyncAck, body: Body) -> None:
        """Show the page that was asked for."""
        waiting, mine = home.offsets(payloads.pressed(body))
        self._context.background.start(self._context.homes.show(self._context.person(body), waiting, mine))
        await ack()
