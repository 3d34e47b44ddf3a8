"""Calls to the cloud within a step: the answer or its failure, both as values, and never for long."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import structlog

from bot.errors import CloudError, CloudUnknown

log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")

LONGEST_LOOK = 40.0
"""Seconds that a look may take; the client itself ends a call after 30."""


async def asked(
    look: Awaitable[Answer], request_id: str, seconds: float = LONGEST_LOOK
) -> Answer | CloudError:
    """Return the cloud's answer, or the error: a deadline has to be met either way."""
    try:
        async with asyncio.timeout(seconds):
            return await look
    except CloudError as error:
        log.warning("look_failed", request=request_id, error=str(error))
        return error
    except TimeoutError:
        log.warning("look_failed", request=request_id, error="no answer in time")
        return CloudUnknown("TimedOut", operation="look")
    except Exception as error:
        log.exception("look_broke", request=request_id)
        return CloudUnknown(type(error).__name__, operation="look")
