"""What a person types reaches the app as Slack escapes it."""

import pytest

from bot.playground.slack import App, Channel, LocalSlack, User, Usergroup
from bot.playground.slack.app import Command
from bot.playground.slack.escaping import escaped
from bot.playground.slack.workspace import Workspace
from tests.playground.slack.test_app import Kept


@pytest.fixture
def workspace() -> Workspace:
    """A person, a channel, a usergroup."""
    people, channels = [User("U0ALICE", "alice", "Alice")], [Channel("C0IMAGES", "images")]
    groups = [Usergroup("S0OPS", "operations"), Usergroup("S0OLD", "old", is_enabled=False)]
    return LocalSlack(people, channels, groups).workspace


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("ask @alice", "ask <@U0ALICE|alice>"),
        ("ask @Alice, please", "ask <@U0ALICE|alice>, please"),
        ("--notify #images", "--notify <#C0IMAGES|images>"),
        ("tell @operations", "tell <!subteam^S0OPS|@operations>"),
        ("tell @old @nobody #nowhere", "tell @old @nobody #nowhere"),
        ("@here @channel @everyone", "<!here> <!channel> <!everyone>"),
        ("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"),
        ("see http://x.example/a?b=1&c=2.", "see <http://x.example/a?b=1&amp;c=2>."),
        ("https://images", "<https://images>"),
        ("see example.com/a", "see <http://example.com/a|example.com/a>"),
        ("to alice@example.com", "to <mailto:alice@example.com|alice@example.com>"),
        ("<!here>", "&lt;!here&gt;"),
        ("ws-0buj1s9gm000001 v1.2 a/b.c", "ws-0buj1s9gm000001 v1.2 a/b.c"),
        ("team=build,cost=#12", "team=build,cost=#12"),
        ("", ""),
    ],
)
def test_names_and_links_become_markup(workspace: Workspace, typed: str, sent: str) -> None:
    """What nobody is called stays as it was typed."""
    assert escaped(workspace, typed) == sent


@pytest.mark.parametrize(("should_escape", "sent"), [(True, "<@U0ALICE|alice> &amp;"), (False, "@alice &")])
async def test_the_manifest_says_whether_a_command_is_escaped(
    workspace: Workspace, should_escape: bool, sent: str
) -> None:
    """Without ``should_escape`` the text arrives as it was typed."""
    app = App(commands=(Command("/image", should_escape=should_escape),))
    slack = LocalSlack(list(workspace.users.values()), [Channel("C0IMAGES", "images")], app=app)
    slack.dispatcher.transport = kept = Kept()
    await slack.person("U0ALICE").types("/image  @alice &", "C0IMAGES")

    assert [each["text"] for each in kept.sent] == [sent]
