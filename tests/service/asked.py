"""Requests for tests of the service, and who was refused."""

from dataclasses import replace
from typing import Any

from bot.domain.image import CreateImage
from bot.domain.lifecycle import Status
from bot.domain.request import CLOUD_BUSY, End, Failure, Request, Submission
from tests.house import BOB, INSTANCE, House

FREE_OF_CHANNEL = "D0DIRECT"


def submission(**fields: object) -> Submission:
    """What Alice asks for."""
    return replace(Submission(CreateImage(instance_id=INSTANCE)), **fields)  # type: ignore[arg-type]  # a table's


async def pending(house: House, **fields: Any) -> Request:
    """A request that was looked over and waits."""
    request = await house.submit(**fields)
    await house.step()
    return await house.get(request)


async def failed(house: House) -> Request:
    """A request that the cloud refused just now."""
    return await house.set(
        await house.submit(),
        status=Status.FAILED,
        failure=Failure("InvalidParameter"),
        end=End(house.clock()),
        approved_at=house.clock(),
        calls=3,
        lost=2,
        called_at=house.clock(),
        caller="0123456789abcdef",
        slot=3,
        image_id="img-1",
        task_id="tid-1",
        cloud_request_id="cloud-request-1",
        progress=40,
        watches=12,
        queue_reason=CLOUD_BUSY,
        signed_off_by=BOB,
    )


async def refusals(house: House) -> list[str]:
    """Who was refused, according to the audit log."""
    return [entry.actor for entry in await house.log() if entry.event == "refused"]
