"""What every listener needs to serve a person: the service, the person's language, and ways to answer."""

import asyncio
import datetime as dt
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.field_errors import FieldError, cut
from bot.domain.image import parse_image
from bot.domain.image_names import repeated
from bot.domain.request import Person, Request, Submission
from bot.domain.text import visible
from bot.errors import DirectoryDown
from bot.ports import Directory, Instance, Posted, Regions
from bot.service import Service
from bot.service.instances import Instances
from handlers.commands.datetimes import NoTime, moment
from handlers.draft import MOST_CHANNELS, Draft, Mistake, Mistaken, settled
from handlers.i18n import Localizer, Translations
from handlers.messages.home import Homes
from handlers.messages.replies import Replies
from handlers.people.display_names import DisplayNames
from handlers.people.locales import Locales
from handlers.people.names import Names
from handlers.transport import payloads
from handlers.transport.background import Background
from handlers.transport.payloads import Address, Body
from handlers.views import answers, form
from handlers.views.blocks import Block, Post
from handlers.views.form import FormFacts
from handlers.views.form_fields import usual_name
from handlers.views.form_state import CHANNEL, INSTANCE_ID, REGION

ZONE_SECONDS = 0.5
REGIONS_SECONDS = 0.5
"""How long to wait for the first list of regions, of the three seconds that Slack waits."""
NEAREST = 3


@dataclass(frozen=True)
class ListenerContext:
    """Shared by the listeners; holds no state of its own."""

    service: Service
    translations: Translations
    directory: Directory
    replies: Replies
    background: Background
    instances: Instances
    regions: Regions
    homes: Homes
    clock: Callable[[], float] = time.time
    permalink: Callable[[Posted], str] = lambda _: ""

    async def words(self, user_id: str) -> Localizer:
        """Return the person's language."""
        return await Locales(self.translations, self.directory).words(user_id)

    def person(self, body: Body) -> Person:
        """Return who acts and where, as Slack says or as sealed in the form."""
        person = payloads.person(body)
        origin = self.replies.seal.origin(payloads.view(body), person.user_id)
        if origin is None:
            return person
        channel_id, team_id = person.channel_id or origin.channel_id, person.team_id or origin.team_id
        return replace(person, channel_id=channel_id, team_id=team_id)

    def address(self, body: Body) -> Address:
        """Return where to answer the person who acts."""
        person = self.person(body)
        return replace(payloads.address(body), channel_id=person.channel_id, team_id=person.team_id)

    async def named(self, draw: Callable[[Names], Post]) -> Post:
        """Draw an answer with the names of the people and groups in it."""
        return await DisplayNames(self.directory).put_into(draw)

    async def moment(self, text: str, user_id: str, *, otherwise: dt.time = dt.time()) -> float | Mistake:
        """Return the moment (epoch seconds) that a person means, in the time zone of their Slack."""
        try:
            zone = ZoneInfo((await self.directory.profile(user_id)).tz)
            return moment(text, self.clock(), zone, otherwise=otherwise)
        except NoTime:
            return Mistake("time-unknown", text)
        except (DirectoryDown, ZoneInfoNotFoundError, ValueError):
            return Mistake("zone-unknown", text)

    async def submission(self, draft: Draft, key: str, person: Person) -> Submission | Mistaken:
        """Return what a person typed in a command as a submission, or everything that's wrong with it."""
        start = await self.moment(draft.start, person.user_id) if draft.start else None
        submission = submission_of(draft, key, await self.known_regions())
        mistakes = (start,) if isinstance(start, Mistake) else ()
        if isinstance(submission, list) or isinstance(start, Mistake):
            problems = tuple(submission) if isinstance(submission, list) else ()
            return Mistaken(mistakes, draft, problems)
        return replace(submission, start_at=start)

    async def known_regions(self) -> tuple[str, ...] | None:
        """Return the regions that images can be copied to; None if Alibaba Cloud doesn't say in time."""
        try:
            async with asyncio.timeout(REGIONS_SECONDS):
                return await self.regions.listed()
        except TimeoutError:
            return None

    async def are_unchecked(self, regions: Sequence[str]) -> bool:
        """Tell whether it's unknown right now if images can be copied to these regions."""
        return bool(regions) and await self.known_regions() is None

    def reply(self, to: Address, post: Post, *, instead: bool = False) -> None:
        """Tell a person, after the acknowledgement; `instead` of the private message that they pressed in."""
        self.background.start(self.replies.send(to, post, instead=instead))

    def open_form(self, trigger_id: str, draft: Draft, person: Person, to: Address) -> None:
        """Open the form filled with a draft, after the acknowledgement."""

        async def opening() -> None:
            words = await self.words(person.user_id)
            await self._open(trigger_id, await self.form(draft, person, words), to, words)

        self.background.start(opening())

    async def form(
        self,
        draft: Draft,
        person: Person,
        words: Localizer,
        *,
        more: bool = False,
        twin: Request | None = None,
        name: str = "",
    ) -> Block:
        """Return the form for a draft, with what's known about its machine and who would be asked.

        `name` is what it was already filled in with.
        """
        instance = await self.instances.get(str(draft.fields.get(INSTANCE_ID) or ""))
        facts = FormFacts(instance, more=more, twin=twin, name=name, regions=await self.known_regions())
        return await self.form_with(draft, facts, person, words)

    async def form_with(self, draft: Draft, facts: FormFacts, person: Person, words: Localizer) -> Block:
        """Return the same for a machine that was looked up."""
        instance = facts.instance
        facts = replace(facts, name=facts.name or await self._name(draft, instance, person))
        image = parse_image((settled(draft, instance) if instance else draft).fields)
        if not isinstance(image, list):
            about = Submission(image, stop_first=draft.stop_first, regions=draft.regions)
            outlook = await self.service.questions.outlook(person, about)
            facts = replace(facts, rule=outlook.rule, disks=outlook.disks) if outlook else facts
        return await DisplayNames(self.directory).put_into(
            lambda names: form.build(draft, words, facts, names)
        )

    async def _name(self, draft: Draft, instance: Instance | None, person: Person) -> str:
        """Return the image's default name, "" if its machine isn't known."""
        if draft.follows:
            name = repeated(draft.follows, await self._today(person.user_id))
        elif instance is not None:
            name = usual_name(instance, await self._today(person.user_id))
        else:
            return ""
        instance_id = instance.instance_id if instance else str(draft.fields.get(INSTANCE_ID) or "")
        return await self.service.questions.unused_name(person, instance_id, name)

    async def _today(self, user_id: str) -> dt.datetime:
        """Return the current time in the person's time zone, or in UTC if Slack doesn't say which."""
        try:
            async with asyncio.timeout(ZONE_SECONDS):
                zone = ZoneInfo((await self.directory.profile(user_id)).tz)
        except (DirectoryDown, TimeoutError, ZoneInfoNotFoundError, ValueError):
            zone = ZoneInfo("UTC")
        return dt.datetime.fromtimestamp(self.clock(), zone)

    def open(self, trigger_id: str, view: Block, to: Address, words: Localizer) -> None:
        """Open a form, after the acknowledgement; if it's too late, say so."""
        self.background.start(self._open(trigger_id, view, to, words))

    async def _open(self, trigger_id: str, view: Block, to: Address, words: Localizer) -> None:
        if not await self.replies.open(trigger_id, view, to):
            await self.replies.send(to, answers.said(words("broken-late")))


def submission_of(
    draft: Draft, key: str, regions: Collection[str] | None = None
) -> Submission | list[FieldError]:
    """Return what a person typed as a submission, or everything that's wrong with it.

    Command and form both use it. `regions` are all that images can be copied to, None if unknown.
    """
    image = parse_image(draft.fields)
    problems = (image if isinstance(image, list) else []) + _about_request(draft, regions)
    if isinstance(image, list) or problems:
        return problems
    return Submission(
        image,
        visible(draft.reason),
        tuple(map(visible, draft.notify)),
        start_at=draft.start_at,
        break_glass=draft.break_glass,
        stop_first=draft.stop_first,
        regions=draft.regions,
        anyway=draft.anyway,
        machine=draft.machine,
        key=key,
    )


def _about_request(draft: Draft, regions: Collection[str] | None) -> list[FieldError]:
    """Return what is wrong apart from the image: too many channels, or something that isn't a channel or
    region.
    """
    too_many = FieldError("notify", "notify-count", str(len(draft.notify)), str(MOST_CHANNELS))
    nowhere = [each for each in map(visible, draft.notify) if not CHANNEL.fullmatch(each)]
    no_regions = (_no_region(region, regions) for region in draft.regions)
    return [
        *([too_many] if len(draft.notify) > MOST_CHANNELS else []),
        *(FieldError("notify", "notify-shape", cut(each), "#") for each in nowhere),
        *(problem for problem in no_regions if problem),
    ]


def _no_region(region: str, regions: Collection[str] | None) -> FieldError | None:
    """Return why images can't be copied there; None: they can, or it's unknown."""
    if not REGION.fullmatch(region):
        return FieldError("regions", "region-shape", cut(region), "cn-shanghai")
    if regions is None or region in regions:
        return None
    return FieldError(
        "regions", "region-unknown", region, ", ".join(get_close_matches(region, regions, NEAREST))
    )
