"""The Slack app: its tokens, its scopes, its Messages tab, its sockets."""

from collections.abc import Collection, Iterator

from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NOT_ALLOWED
from bot.process.doctor.finding import Finding, finding, note, ok
from handlers.transport.manifest import SCOPES
from handlers.transport.questions import Answer, ask
from handlers.transport.token_check import TokenCheck

REINSTALL = "in the app's settings, OAuth & Permissions: add it to Bot Token Scopes, then reinstall the app"
NEW_BOT_TOKEN = "copy the Bot User OAuth Token from the app's settings, OAuth & Permissions"  # noqa: S105 - where one is
NEW_APP_TOKEN = "make an app-level token with connections:write in the app's settings, Basic Information"  # noqa: S105 - where one is
REMOVE = "take them out, if no one else added them for a reason"
COMPARE = "compare with `image-bot manifest`"
REACH_SLACK = "check SLACK_API_URL, HTTPS_PROXY and the firewall"
TAB_OFF = "messages_tab_disabled"
TURN_TAB_ON = "in the app's settings, App Home: turn the Messages Tab on"
OTHER = "choose another recipient"
MANY_SOCKETS = (
    "each listener opens two, and an app may have ten; a listener's log line `socket_up` says how many it has"
)
HELLO = "This is a test message of `image-bot doctor`. Nothing to do."


def token_findings(checked: TokenCheck) -> Iterator[Finding]:
    """Say whether Slack takes the tokens, and as whom."""
    yield _token("SLACK_BOT_TOKEN", checked.bot, NEW_BOT_TOKEN)
    if checked.app is not None:
        yield _token("SLACK_APP_TOKEN", checked.app, NEW_APP_TOKEN)


def _token(name: str, answer: Answer, new_one: str) -> Finding:
    code = f"slack-{name.split('_')[1].lower()}-token"
    if answer.ok:
        team = f" for {answer.body['team']} ({answer.body['team_id']})" if "team_id" in answer.body else ""
        return ok(code, f"Slack takes {name}{team}")
    if answer.code == "missing_scope":
        return finding(code, f"{name} lacks the scope {answer.needed}", new_one)
    if answer.code in NOT_ALLOWED:
        return finding(code, f"Slack refuses {name}: {answer.code}", new_one)
    return finding("slack-unreachable", f"Slack can't be asked about {name}: {answer.words}", REACH_SLACK)


def scope_findings(checked: TokenCheck) -> Iterator[Finding]:
    """Compare what the bot token may do with the manifest, scope by scope."""
    granted = checked.bot.scopes
    if not checked.bot.ok:
        return
    if granted is None:
        yield note(
            "slack-scopes", "Slack didn't say what the bot token may do", "compare with `image-bot manifest`"
        )
        return
    missing = [scope for scope in SCOPES if scope not in granted]
    for scope in missing:
        yield finding("slack-scope", f"SLACK_BOT_TOKEN lacks the scope {scope}", REINSTALL)
    if not missing:
        yield ok("slack-scopes", f"the bot token has all {len(SCOPES)} scopes of the manifest")
    if more := sorted(granted - set(SCOPES)):
        yield note(
            "slack-scopes-unused", f"the bot token has scopes that the bot never uses: {', '.join(more)}"
        )


def socket_finding(listens_by_socket: bool) -> Iterator[Finding]:
    """Say why open sockets aren't counted: Slack would give a socket of ours what people click meanwhile."""
    if listens_by_socket:
        yield note("slack-sockets", "open sockets aren't counted from outside", MANY_SOCKETS)


async def messages_tab(slack: AsyncWebClient, refusals: Collection[str], recipient: str | None) -> Finding:
    """Say whether people can be written to: by a message to `recipient`, else by what was refused before.

    There is no harmless way to ask: Slack tells only anybody who posts.
    """
    if recipient is not None:
        opened = await ask(slack, "conversations.open", users=recipient)
        channel = (opened.body.get("channel") or {}).get("id")
        sent = await ask(slack, "chat.postMessage", channel=channel, text=HELLO) if opened.ok else opened
        if sent.ok:
            return ok("slack-messages-tab", f"a direct message reached {recipient}")
        return _tab(sent.code, f"a direct message to {recipient} was refused: {sent.words}")
    if TAB_OFF in refusals:
        return _tab(TAB_OFF, "Slack has refused a direct message lately: the app's Messages tab is off")
    return note(
        "slack-messages-tab",
        "not checked: Slack says only to anybody who posts whether direct messages are allowed",
        "run `image-bot doctor --message-to U…` to send yourself one",
    )


def _tab(code: str, sentence: str) -> Finding:
    return finding(
        "slack-messages-tab", sentence, TURN_TAB_ON if code == TAB_OFF else "choose another recipient"
    )
