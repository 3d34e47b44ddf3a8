"""Machines by name: found, asked about, or told that there is none; and the list of them."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.allowlist import load
from bot.domain.image import InstanceType
from bot.domain.request import InstanceState, Submission
from bot.errors import CloudUnreachable
from bot.service.outcomes import Submitted
from handlers.views import command_buttons
from handlers.views.blocks import Post
from tests.fakes import request
from tests.handlers.commands.caller import Caller
from tests.handlers.views.test_laws import HOSTILE, assert_sendable
from tests.machines import RULES, instances, machine, nowhere
from tests.ports import FakeCloud

STATION = machine()
TWIN = machine("ws-0twin000000002", "design-station")
OTHER = machine("ws-0other00000003", "build 🛠 server")
BUSY = machine("ws-0busy00000004", "busy", sessions=("p-1", "p-2"))
DESKTOP = machine("ecd-0desk00000005", "reception")
SILENT = CloudUnreachable("ConnectionError")


def submitted(alice: Caller) -> Submission:
    """What the service was asked for."""
    [(call, _, submission)] = alice.asked
    assert call == "submit"
    assert isinstance(submission, Submission)
    return submission


def buttons(post: Post) -> list[tuple[str, str]]:
    """Action and value of every button."""
    rows = [block.get("elements", [block.get("accessory")]) for block in post.blocks]
    return [(each["action_id"], each["value"]) for row in rows for each in row if each and "value" in each]


@pytest.mark.parametrize(
    ("typed", "instance_id", "session", "name"),
    [
        ("design-station", STATION.instance_id, "p-1", "design-station"),
        ("DESIGN-Station", STATION.instance_id, "p-1", "design-station"),
        (STATION.instance_id.upper(), STATION.instance_id, "p-1", "design-station"),
        (f"`{STATION.instance_id}`", STATION.instance_id, "p-1", "design-station"),
        ("design", STATION.instance_id, "p-1", "design-station"),
        ("“build 🛠 server”", OTHER.instance_id, "p-1", "build 🛠 server"),
        ("reception --type CloudDesktop", DESKTOP.instance_id, None, "reception"),
        (f"reception --instance {OTHER.instance_id}", OTHER.instance_id, "p-1", "build 🛠 server"),
        ("busy --sub-instance p-2", BUSY.instance_id, "p-2", "busy"),
    ],
)
async def test_one_machine_is_used_with_its_id_type_and_session(
    typed: str, instance_id: str, session: str | None, name: str
) -> None:
    alice = Caller(Submitted(request()), instances(STATION, OTHER, BUSY, DESKTOP))

    await alice.types(f"create {typed}")

    asked = submitted(alice)
    assert (asked.image.instance_id, asked.image.sub_instance_id) == (instance_id, session)
    assert (asked.image.instance_type, asked.machine) == (InstanceType.told_by(instance_id), name)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("design-station --type CloudDesktop", "The type “CloudDesktop” doesn't match the ID"),
        (f"{DESKTOP.instance_id} --type WuyingServer", "The type “WuyingServer” doesn't match the ID"),
        (f"{STATION.instance_id} --type Laptop", "There's no instance type “Laptop”."),
    ],
)
async def test_a_type_that_is_not_the_machines_is_a_mistake_also_where_the_machine_is_known(
    typed: str, said: str
) -> None:
    alice = Caller(None, instances(STATION, DESKTOP))

    post = await alice.types(f"create {typed}")

    assert post is not None
    assert said in post.text
    assert alice.asked == []


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        (
            "design-station --name x",
            [f"--instance {STATION.instance_id}", f"--instance {TWIN.instance_id}"],
        ),
        ("busy", ["--sub-instance p-1", "--sub-instance p-2"]),
        (BUSY.instance_id, ["--sub-instance p-1", "--sub-instance p-2"]),
        ("desgin-station", [f"--instance {STATION.instance_id}", f"--instance {TWIN.instance_id}"]),
    ],
)
async def test_what_is_not_clear_is_asked_with_buttons_that_go_on_with_the_command(
    typed: str, values: list[str]
) -> None:
    alice = Caller(None, instances(STATION, TWIN, BUSY))

    post = await alice.types(f"create {typed}")

    assert alice.asked == []
    assert post is not None
    assert [action for action, _ in buttons(post)] == [
        f"{command_buttons.RUN}:{number}" for number in range(len(values))
    ]
    for (_, command), value in zip(buttons(post), sorted(values), strict=True):
        assert command.startswith(f"create {typed}")
        assert command.endswith(value)


async def test_a_session_is_asked_for_the_machine_that_the_name_meant() -> None:
    post = await Caller(None, instances(BUSY)).types("create busy")

    assert post is not None
    assert buttons(post)[0][1] == f"create busy --instance {BUSY.instance_id} --sub-instance p-1"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("frobnicator", "no machine “frobnicator” that you can request an image of, so nothing was sent"),
        ("ws-0nosuch00000009", "no machine “ws-0nosuch00000009”"),
        ("ecd-0nosuch00000009", "We looked for cloud desktops in cn-shanghai, cn-hangzhou only."),
        ("'*x* <!here>'", "no machine “∗x∗ @here”"),
    ],
)
async def test_what_does_not_exist_is_not_asked_for(typed: str, said: str) -> None:
    cloud = FakeCloud()
    cloud.state = None
    alice = Caller(None, instances(OTHER, cloud=cloud))

    post = await alice.types(f"create {typed}")

    assert alice.asked == []
    assert post is not None
    assert said in post.text


async def test_while_the_cloud_is_silent_an_id_is_sent_and_a_name_is_not() -> None:
    by_id, by_name = Caller(Submitted(request()), nowhere()), Caller(None, nowhere())

    await by_id.types(f"create {STATION.instance_id}")
    post = await by_name.types("create design-station")

    assert submitted(by_id).image.instance_id == STATION.instance_id
    assert by_name.asked == []
    assert post is not None
    assert "can't look up “design-station” right now" in post.text


async def test_machines_that_somebody_may_not_ask_for_are_not_told_by_name(tmp_path: Path) -> None:
    """But an ID that is given is sent, and policy decides."""
    rule = 'Action: "appstreaming:CreateImageByInstance", Resource: "*"'
    some = rule.replace('"*"', f'"acs:appstreaming:*:*:instance/{OTHER.instance_id}"')
    file = tmp_path / "allowlist.yaml"
    file.write_text(RULES.read_text().replace(rule, some))
    alice = Caller(Submitted(request()), instances(OTHER, DESKTOP, allowlist=load(file)))

    listed, near = await alice.types("instances"), await alice.types("create receptoin")

    assert listed is not None
    assert near is not None
    assert "build 🛠 server" in listed.text
    assert "reception" not in listed.text + str(near.blocks)
    await alice.types(f"create {DESKTOP.instance_id}")
    assert submitted(alice).image.instance_id == DESKTOP.instance_id


async def test_names_from_the_cloud_are_text() -> None:
    hostile = [machine(f"ws-0hostile{number:05}", f"{HOSTILE} x") for number in range(2)]
    alice = Caller(None, instances(*hostile))

    for typed in ("create hostile", "create x", "instances"):
        post = await alice.types(typed)
        assert post is not None
        assert_sendable(post)


async def test_machines_are_listed_a_page_at_a_time_each_with_a_button_to_the_form() -> None:
    many = [machine(f"ws-0many{number:06}", f"many {number:02}") for number in range(23)]
    alice = Caller(None, instances(*many, OTHER))

    first, last = await alice.types("instances many"), await alice.types("instances --page 9 many")

    assert first is not None
    assert last is not None
    assert "*23 machines* matching “many”" in first.text
    assert "*many 00*\nWorkstation · Windows · stopped" in first.text
    assert buttons(first)[0] == ("form_open", f"create {many[0].instance_id}")
    assert buttons(first)[10:] == [("command_turn:0", "instances --page 2 many")]
    assert [value for _, value in buttons(last)] == [
        *(f"create {each.instance_id}" for each in many[20:]),
        "instances --page 2 many",
    ]


@pytest.mark.parametrize(
    ("found", "typed", "said"),
    [
        (instances(), "instances", "Alibaba Cloud has no machines here."),
        (instances(STATION), "instances nosuch", "No machine matches."),
        (nowhere(), "instances", "Slack can't say who you are"),
        (instances(STATION), "instances --page x", "isn't a page"),
    ],
)
async def test_an_empty_list_says_why(found: object, typed: str, said: str) -> None:
    post = await Caller(None, found).types(typed)  # type: ignore[arg-type]  # a table's

    assert post is not None
    assert said in post.text


async def test_a_machine_in_any_state_is_listed_with_it() -> None:
    running = machine(state=InstanceState.RUNNING, users=("sam",))
    odd = replace(machine("ws-0odd0000000006", "odd", InstanceState.OTHER), state_text="Stopped, Hibernated")

    post = await Caller(None, instances(running, odd)).types("instances")

    assert post is not None
    assert "running · connected: sam" in post.text
    assert "Alibaba Cloud says “Stopped, Hibernated”" in post.text
