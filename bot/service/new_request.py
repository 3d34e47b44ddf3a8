"""From a submission to a request: its ID, rule, channel and expiry. Pure."""

import secrets
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.allowlist.access import target_for
from bot.allowlist.principal import Principal
from bot.domain.approvals import Rule
from bot.domain.image import default_name
from bot.domain.lifecycle import Status
from bot.domain.request import Person, Request, Submission
from bot.settings import Settings

ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
"""No vowels, so no words; no 0, 1, i, l, o, so that an ID can be read aloud."""
ID_LETTERS = 7


def drafted(principal: Principal, submission: Submission, settings: Settings, now: float) -> Request:
    """Return the request that a submission would become; its channel is "" when there is none."""
    person = principal.person
    rule = principal.rule(target_for(person, submission))
    channel = rule.channel or settings.image_channel or person.channel_id
    return new_request(person, submission, rule, channel, now, principal.profile.tz)


def new_id() -> str:
    """Return an ID that can't be guessed from another one, short enough to type."""
    return "r-" + "".join(secrets.choice(ALPHABET) for _ in range(ID_LETTERS))


def new_request(
    person: Person, submission: Submission, rule: Rule, channel: str, now: float, tz: str = "UTC"
) -> Request:
    """Return the pending request; from here on its image has a name, and its rule stays the same."""
    image = submission.image
    request_id = new_id()
    name = image.image_name or default_name(image.instance_id, _day(now, tz), request_id)
    return Request(
        id=request_id,
        team_id=person.team_id,
        requester=person.user_id,
        asked_in=person.channel_id,
        channel=channel,
        image=image.model_copy(update={"image_name": name}),
        reason=submission.reason,
        notify=submission.notify,
        rule=replace(rule, when=None),
        status=Status.PENDING,
        created_at=now,
        expires_at=now + rule.expires,
        start_at=submission.start_at,
        break_glass=submission.break_glass,
        stop_first=submission.stop_first,
        regions=submission.regions,
        machine=submission.machine,
    )


def _day(now: float, tz: str) -> date:
    """Return the day in a person's time zone; in UTC when Slack names none that exists."""
    try:
        zone: tzinfo = ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError):
        zone = UTC
    return datetime.fromtimestamp(now, zone).date()
