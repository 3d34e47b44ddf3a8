"""Everybody and everything in Slack that the settings and the allowlist name: there, active, reachable."""

from collections.abc import Mapping

from slack_sdk.web.async_client import AsyncWebClient

from bot.allowlist import Allowlist
from bot.errors import SlackDoesNotTell
from bot.network_words import in_words
from bot.ports import Profile, Usergroups
from bot.process.doctor.finding import Finding, finding, note, ok
from bot.process.doctor.slack_app import REINSTALL
from handlers.people.existence_check import ChannelState, channel_state

INVITE = "/invite @image-bot there"
TAKE_OUT = "take them out of the allowlist"


def channels_of(image_channel: str | None, allowlist: Allowlist | None) -> dict[str, str]:
    """Return every channel that cards and notices go to, and who names it."""
    named = {image_channel: "IMAGE_CHANNEL"} if image_channel else {}
    if allowlist is not None:
        named |= {rule.channel: f"the rule {rule.name}" for rule in allowlist.rules if rule.channel}
        named |= {allowlist.admin_channel: "admin_channel"} if allowlist.admin_channel else {}
    return named


async def channel(slack: AsyncWebClient, channel_id: str, named_by: str, scopes: frozenset[str]) -> Finding:
    """Say whether the bot can post in a channel, and read there what it posted."""
    what = f"{channel_id} ({named_by})"
    try:
        state = await channel_state(slack, channel_id)
    except SlackDoesNotTell as silent:
        return untold(silent, f"the channel {what}")
    match state:
        case ChannelState.UNKNOWN:
            todo = "correct the ID, or invite the bot (/invite @image-bot) if the channel is private"
            return finding("slack-channel", f"the bot sees no channel {what}", todo)
        case ChannelState.ARCHIVED:
            return finding(
                "slack-channel-archived", f"the channel {what} is archived", "unarchive it, or name another"
            )
        case ChannelState.OUTSIDE if "chat:write.public" in scopes:
            sentence = f"the bot isn't a member of {what}: it can post there, and not read what it posted"
            return note("slack-channel-outside", sentence, INVITE)
        case ChannelState.OUTSIDE:
            return finding(
                "slack-channel-outside", f"the bot isn't a member of {what}", "/invite @image-bot there"
            )
        case ChannelState.MEMBER:
            return ok("slack-channel", f"the bot is a member of {what}")


def untold(silent: SlackDoesNotTell, what: str = "who and what the allowlist names") -> Finding:
    """Say why Slack didn't tell; a scope that is missing is named."""
    if silent.code == "missing_scope":
        return finding(
            "slack-scope", f"SLACK_BOT_TOKEN lacks the scope {silent.needed} to see {what}", REINSTALL
        )
    return finding(
        "slack-untold", f"Slack doesn't tell of {what}: {in_words(silent.code)}", "run doctor again"
    )


def nobody(user_id: str) -> Profile:
    """Return the profile of an ID that Slack doesn't know: nobody who may do anything."""
    return Profile(user_id, "", user_id, deactivated=True, external=True)


def user_findings(profiles: Mapping[str, Profile]) -> list[Finding]:
    """Report named people who don't exist or have left."""
    found = [_user(profile) for profile in profiles.values()]
    bad = [each for each in found if each is not None]
    return bad or [ok("slack-users", f"all {len(profiles)} people named are members")]


def _user(profile: Profile) -> Finding | None:
    who = profile.user_id
    if profile.deactivated and not profile.team_id:
        return finding("slack-user-unknown", f"Slack knows no {who}", "correct the ID in the allowlist")
    if profile.deactivated:
        return finding(
            "slack-user-gone", f"{who} ({profile.name}) is deactivated", "take them out of the allowlist"
        )
    if profile.bot:
        return note(
            "slack-user-bot", f"{who} is a bot, which can't ask or approve", "take it out of the allowlist"
        )
    if profile.guest or profile.external:
        kind = "a guest" if profile.guest else "from another workspace"
        todo = "name `allow_guests` or `allow_external` in the rule if they shall take part"
        return note(
            "slack-user-outside", f"{who} ({profile.name}) is {kind}: refused by rules for members", todo
        )
    return None


def usergroup_findings(allowlist: Allowlist, usergroups: Usergroups) -> list[Finding]:
    """Say which usergroups aren't there, or have nobody in them."""
    found = []
    for group in sorted(allowlist.usergroups):
        if group not in usergroups.handles:
            sentence = f"there is no usergroup {group}: unknown, switched off, or a plan without usergroups"
            found.append(finding("slack-usergroup", sentence, "correct the ID, or enable it"))
        elif not usergroups.members.get(group):
            found.append(
                note("slack-usergroup-empty", f"nobody is in {group} (@{usergroups.handles[group]})")
            )
    return found or [ok("slack-usergroups", f"all {len(allowlist.usergroups)} usergroups named are there")]
