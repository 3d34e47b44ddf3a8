"""What is valid only for a short time: trigger IDs, response URLs, WebSocket tickets."""

from dataclasses import dataclass
from itertools import count

from bot.playground.slack.ids import Clock, Ids
from bot.playground.slack.wire import ApiError

TRIGGER_SECONDS = 3.0
"""A trigger_id opens one view within three seconds (docs.slack.dev, Opening modals)."""
RESPONSE_SECONDS = 30 * 60
RESPONSE_USES = 5
"""A response_url can be used five times within 30 minutes (docs.slack.dev, Handling user interaction)."""


class Triggers:
    """Issues trigger IDs and accepts each one once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = count(1)
        self._issued: dict[str, tuple[str, float]] = {}
        self._spent: set[str] = set()

    def issue(self, user: str) -> str:
        """Return a new trigger ID for an interaction by this person."""
        now = self._clock()
        self._forget(now - RESPONSE_SECONDS)
        trigger_id = f"{int(now * 1000)}.{next(self._numbers)}.{user.lower()}"
        self._issued[trigger_id] = (user, now)
        return trigger_id

    def exchange(self, trigger_id: str) -> str:
        """Return the person it was issued for; afterwards it's used up."""
        if trigger_id not in self._issued:
            raise ApiError("invalid_trigger_id")
        if trigger_id in self._spent:
            raise ApiError("exchanged_trigger_id")
        user, issued = self._issued[trigger_id]
        if self._clock() - issued > TRIGGER_SECONDS:
            raise ApiError("expired_trigger_id")
        self._spent.add(trigger_id)
        return user

    def _forget(self, before: float) -> None:
        self._issued = {key: kept for key, kept in self._issued.items() if kept[1] > before}
        self._spent &= self._issued.keys()


@dataclass(slots=True)
class ResponseUrl:
    """What a response_url is for: a person in a channel, and the message they clicked in, if any."""

    id: str
    user: str
    channel: str
    issued: float
    message_ts: str | None = None
    uses: int = 0


class ResponseUrls:
    """Issues response URLs below ``root`` and counts their uses."""

    def __init__(self, ids: Ids, clock: Clock) -> None:
        self._ids = ids
        self._clock = clock
        self._issued: dict[str, ResponseUrl] = {}

    def issue(self, user: str, channel: str, message_ts: str | None = None) -> ResponseUrl:
        """Return a new response URL."""
        now = self._clock()
        self._issued = {
            k: kept for k, kept in self._issued.items() if kept.issued > now - 2 * RESPONSE_SECONDS
        }
        url = ResponseUrl(self._ids.new("R0"), user, channel, now, message_ts)
        self._issued[url.id] = url
        return url

    def use(self, url_id: str) -> ResponseUrl:
        """Count one use; refuse an unknown, used up or expired one."""
        url = self._issued.get(url_id)
        if url is None or self._clock() - url.issued > RESPONSE_SECONDS:
            raise ApiError("expired_url")
        if url.uses >= RESPONSE_USES:
            raise ApiError("used_url")
        url.uses += 1
        return url


class Tickets:
    """Tickets from apps.connections.open. Each opens one connection; a refused one stays refused."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._valid: set[str] = set()

    def issue(self) -> str:
        """Return a new ticket."""
        ticket = self._ids.new("ticket-")
        self._valid.add(ticket)
        return ticket

    def redeem(self, ticket: str) -> bool:
        """Tell whether the ticket was valid; from now on it isn't."""
        valid = ticket in self._valid
        self._valid.discard(ticket)
        return valid
