"""One run: lives keep starting, processes are killed at points and at random, then everything is judged."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from bot.crash_points import POINTS
from bot.domain.lifecycle import ENDS, Status
from bot.playground.bot_process import BotProcess
from bot.playground.cloud.instances import LocalInstance
from bot.playground.slack.faults import Fault, FaultKind
from bot.store.engine import transaction
from bot.store.tables import requests
from bot.store.transaction import ROW, read
from tests.crash.lives import FATES, STOPPING, Life, live, until
from tests.crash.rig import Rig, instance_of
from tests.crash.verdict import Verdict, judge

POINT_SECONDS = 6.0
"""How long a process may take to reach the point where it should die; then it's killed wherever it is."""
QUIET_SECONDS = 90.0
CALLS = ("CreateImageByInstance", "StopWuyingServer", "StartWuyingServer", "StartTaskForDistributeImage")
CLOUD_FAULTS = ("reset-after", "reset-before", "server-error-after", "server-error-before", "throttle")


@dataclass(frozen=True)
class Plan:
    """A run: how many kills, lives and processes; with several processes, the first stays dead in the end."""

    kills: int
    lives: int
    processes: int = 1
    seed: int = 1


@dataclass(frozen=True)
class Outcome:
    """What a run did, and its verdict."""

    kills: int
    lives: int
    verdict: Verdict
    told: str


async def run(plan: Plan, url: str, folder: Path) -> Outcome:
    """Run it; a life that doesn't end in time counts as lost."""
    async with Rig(url, folder, plan.lives, plan.processes, plan.seed) as rig:
        await rig.start_all()
        fates = list(FATES)
        lives = [Life(number, fates[number % len(fates)]) for number in range(plan.lives)]
        _furnish(rig, lives)
        living = asyncio.create_task(_begin(rig, lives, plan))
        killed = await _kill(rig, plan)
        await rig.start_all(but=1 if plan.processes > 1 else 0)
        stuck = await asyncio.gather(living, _rest(rig, lives), return_exceptions=True)
        verdict = await judge(rig, lives)
        log = "" if verdict.is_clean else _log(rig, [repr(each) for each in stuck if each])
        return Outcome(killed, len(lives), verdict, log)


def _furnish(rig: Rig, lives: list[Life]) -> None:
    """Start the instances that will be stopped, and let the images fail that should."""
    for life in lives:
        if life.fate in STOPPING:
            fits = FATES[life.fate] is not Status.FAILED
            running = LocalInstance(instance_of(life.number), state="RUNNING", image_supported=fits)
            rig.cloud.instances.put(running)


async def _begin(rig: Rig, lives: list[Life], plan: Plan) -> None:
    """Start the lives one after another, for about as long as the kills take, with faults in between."""
    pause = plan.kills * 2.0 / len(lives) / 2
    async with asyncio.TaskGroup() as group:
        for life in lives:
            _fault(rig)
            group.create_task(live(rig, life))
            await asyncio.sleep(pause)


def _fault(rig: Rig) -> None:
    """Switch on a fault, in Slack or in the cloud."""
    chance = rig.random
    match chance.randrange(5):
        case 0:
            rig.slack.faults.duplicated_envelopes += 1
        case 1:
            kind = chance.choice([FaultKind.LOST_RESPONSE, FaultKind.DROPPED, FaultKind.SERVER_ERROR])
            rig.slack.faults.set(Fault(kind, "chat.postMessage"))
        case 2:
            rig.slack.faults.set(Fault(FaultKind.RATE_LIMITED, "chat.postMessage", seconds=1))
        case 3:
            rig.cloud.faults.add(chance.choice(CLOUD_FAULTS), chance.choice(CALLS), seconds=1.0)
        case _:
            pass


async def _kill(rig: Rig, plan: Plan) -> int:
    """Kill process after process: at every point in turn, and between them at random moments."""
    for number in range(plan.kills):
        victim = rig.processes[number % len(rig.processes)]
        if number % 2:
            if not victim.is_running:
                await rig.start(victim)
            await asyncio.sleep(rig.random.uniform(0.0, 1.2))
            await victim.kill()
            continue
        await victim.kill()
        point = POINTS[number // 2 % len(POINTS)]
        await rig.start(victim, f"{point}:{rig.random.randint(1, 2)}")
        await _dead(victim)
    return plan.kills


async def _dead(victim: BotProcess) -> None:
    """Wait for a process to kill itself, or kill it."""
    try:
        await victim.until(lambda: not victim.is_running, POINT_SECONDS)
    except TimeoutError:
        await victim.kill()


async def _rest(rig: Rig, lives: list[Life]) -> None:
    """Wait until every life has ended and every message has been posted."""

    async def over() -> bool:
        return await _ended(rig, lives) and not await rig.waiting()  # in this order: ends bring messages

    await until(over, QUIET_SECONDS)


async def _ended(rig: Rig, lives: list[Life]) -> bool:
    """Tell whether every life is over, its instance as it was and its image where it should be."""
    query = select(*ROW).where(requests.c.status.in_([status.value for status in ENDS]))
    async with transaction(rig.engine, reads=True) as connection:
        found = map(read, await connection.execute(query))
        over = {each.id for each in found if not (each.restores or each.distributes)}
    return all(life.request_id in over for life in lives)


def _log(rig: Rig, stuck: list[str]) -> str:
    """Return what the processes wrote last, and what hasn't ended."""
    return "\n".join([*stuck, *(line for process in rig.processes for line in list(process.lines)[-40:])])
