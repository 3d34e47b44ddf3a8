"""After a call with an unknown outcome, the bot looks for its image before any other call."""

from dataclasses import replace

from bot.allowlist.authorizer import Authorizer
from bot.domain.changes import Change, Sleep
from bot.domain.lifecycle import Event
from bot.domain.request import DOUBTFUL, SILENT, TIMED_OUT, Failure, Request
from bot.errors import CloudError
from bot.ports import Cloud
from bot.settings import Settings
from bot.steps.asking import asked
from bot.steps.ended import failed, issued, stalled
from bot.steps.mark import the_one
from bot.store.requests import Store

LOOK_SECONDS = 5.0
LONGEST_LOOK_WAIT = 30.0
MOST_LOST = 10
"""How many calls in a row may have unknown results before a person is told."""


class LookSteps:
    """The steps of a request whose image may be in progress, with an unknown ID."""

    def __init__(self, store: Store, cloud: Cloud, rights: Authorizer, settings: Settings) -> None:
        self.cloud = cloud
        self.rights = rights
        self.settings = settings
        self.clock = store.clock

    async def find(self, request: Request) -> Change | CloudError | None:
        """Adopt an earlier call's image, if one is listed; a doubtful one isn't adopted."""
        found = await asked(self.cloud.find_images(request.marker), request.id)
        if isinstance(found, CloudError):
            return found
        if not found:
            return None
        image = the_one(found, request, self.settings.appstream_product_type)
        if image is None:
            return self._doubtful(request, [each.image_id for each in found])
        attempt = replace(request.attempt, image_id=image.image_id, cloud_request_id=image.cloud_request_id)
        return issued(request, attempt, self.clock() + self.settings.watch_seconds)

    def _doubtful(self, request: Request, image_ids: list[str]) -> Change:
        """End the attempt: a person has to find out which image is the request's, if any."""
        failed_for_good = failed(request, Failure(DOUBTFUL, ", ".join(image_ids)), self.clock())
        admin_channel = self.rights.allowlist().admin_channel
        return replace(failed_for_good, notify=(admin_channel,) if admin_channel else ())

    async def step(self, request: Request) -> Change | Sleep:
        """Look for the image; call again only when it surely wasn't made."""
        found = await self.find(request)
        if isinstance(found, Change):
            return found
        now, called_at = self.clock(), request.attempt.called_at or 0.0
        if now >= called_at + self.settings.image_timeout:
            return failed(request, Failure(TIMED_OUT), now, found)
        if isinstance(found, CloudError):
            wait = found.retry_after or LONGEST_LOOK_WAIT
            admin_channel = self.rights.allowlist().admin_channel
            return stalled(request, found, now + wait, admin_channel) or Sleep(now + wait)
        if now < called_at + self.settings.lookup_seconds:
            return Sleep(now + min(LOOK_SECONDS, self.settings.lookup_seconds / 4))
        if request.attempt.lost >= MOST_LOST:
            return failed(request, Failure(SILENT), now)
        attempt = replace(request.attempt, lost=request.attempt.lost + 1, trouble="")
        return Change(Event.RESTART, request.waiting(attempt), now)
