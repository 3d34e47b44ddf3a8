"""Who reads Chinese is answered in Chinese; cards and threads have the language of the installation."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.playground.cast import ALICE, BOB, IMAGES, MEI, WORKSTATION
from bot.playground.slack import Message
from bot.playground.stage import Stage
from tests.walks.walker import request_in, texts

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    """A bot whose channels read Chinese."""
    async with Stage(environment={"DEFAULT_LOCALE": "zh-CN"}, image_seconds=0.5) as stage:
        await stage.start_bot()
        yield stage


def card(stage: Stage, request_id: str) -> Message | None:
    """The card of a request."""
    for message in stage.slack.messages(IMAGES):
        payload = (message.metadata or {}).get("event_payload") or {}
        if payload.get("request_id") == request_id and message.thread_ts in (None, message.ts):
            return message
    return None


@pytest.mark.asyncio(loop_scope="module")
async def test_a_request_is_asked_for_approved_and_told_in_chinese(stage: Stage) -> None:
    answer = await stage.person(MEI).command(
        "/image", f"create {WORKSTATION} --name build --reason 新编译器 --distribute cn-beijing", IMAGES
    )
    request_id = request_in(answer.text)
    assert "已发送到" in answer.text

    await stage.slack.until(lambda _: card(stage, request_id))
    drawn = card(stage, request_id)
    assert drawn is not None
    shown = "\n".join((drawn.text, *texts(drawn.blocks)))
    assert "等待" in shown
    assert "新编译器" in shown

    await stage.person(BOB).click(drawn, "request_approve")
    await stage.slack.until(
        lambda slack: "已就绪" in "".join(each.text for each in slack.thread(IMAGES, drawn.ts)), 20.0
    )
    entries = [each.text for each in stage.slack.thread(IMAGES, drawn.ts)]
    assert all(HAN.search(text) for text in entries), entries


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("list", "你的申请"),
        ("help", "申请"),
        ("whoami", "用户组"),
        ("show r-2222222", "找不到"),
        ("creat ws-0buj1s9gm000001", "没有命令"),
        ("create ws-secret-1", "没有找到你可以申请镜像的实例"),
        ("create ws-0buj1s9gm000001 --at 有空再说", "无法识别时间"),
        ("delegate", "委托"),
    ],
)
async def test_private_answers_are_in_the_readers_language(stage: Stage, typed: str, said: str) -> None:
    chinese = await stage.person(MEI).command("/image", typed, IMAGES)
    english = await stage.person(ALICE).command("/image", typed, IMAGES)
    assert said in chinese.text
    assert not HAN.search(english.text.replace("有空再说", ""))


@pytest.mark.asyncio(loop_scope="module")
async def test_the_form_speaks_chinese_from_its_labels_to_its_errors(stage: Stage) -> None:
    mei = stage.person(MEI)
    await mei.command("/image", "", IMAGES)
    await stage.slack.until(lambda _: mei.modal)
    assert mei.modal is not None
    labels = [str(block["label"]["text"]) for block in mei.modal.blocks if "label" in block]
    assert labels
    assert [label for label in labels if not HAN.search(label)] == []

    await mei.pick("instance_id", "ws-0buj1s9gm999999")
    refused = await mei.submit()
    assert HAN.search(refused.errors["instance_id"])

    await mei.pick("instance_id", "design-station")
    await stage.slack.until(lambda _: "image_name" in mei.top().values)
    known = {each.ts for each in stage.slack.messages(IMAGES)}
    done = await mei.fill({"reason": "新编译器"}).submit()
    assert done.errors == {}
    await stage.slack.until(
        lambda slack: [
            each for each in slack.messages(IMAGES) if each.ts not in known and "新编译器" in str(each.blocks)
        ]
    )
