"""What is written into an image, so that people can read its origin and the bot can find it again.

Only the mark identifies an image, and people write descriptions and tags too. So the mark is a secret that no
card shows, it's where people's text never is, and an image that is found also has to fit the request.
"""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.domain.image import CreateImage
from bot.domain.request import Request
from bot.domain.tags import MARK_TAG, Tag
from bot.ports import CloudImage

DESCRIPTION_LENGTH = 256
"""Characters that surely survive: the cloud doesn't publish its limit, a sibling operation has this one."""
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
MARK_LETTERS = 20
"""95 bits."""
ZONES = timedelta(days=1)
"""How far off the cloud's times may be, as it doesn't publish their time zone."""


def new_mark() -> str:
    """Return a mark that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(MARK_LETTERS))


def marked(request: Request) -> CreateImage:
    """Return the image with the request's marker as its tag and at the beginning of its description.

    The description is one line: mark, who asked, who approved, then what the person wrote, cut to fit.
    """
    image = request.image
    nobody = "nobody (emergency)" if request.break_glass else "a rule"
    approvers = ", ".join(request.approvers) or nobody
    origin = f"[{request.marker}] requested by {request.requester}, approved by {approvers}"
    wrote = " ".join((image.description or "").split())
    description = ": ".join(filter(None, (origin, wrote)))[:DESCRIPTION_LENGTH]
    tags = (*image.tags, Tag(key=MARK_TAG, value=request.marker))
    return image.model_copy(update={"description": description, "tags": tags})


def the_one(found: Sequence[CloudImage], request: Request, product_type: str | None) -> CloudImage | None:
    """Return the request's image among those with its mark; None: there are several, or it doesn't fit.

    Somebody who sees an image in the cloud's console can copy its mark. `product_type` is the operator's
    setting for every image.
    """
    return found[0] if len(found) == 1 and _fits(found[0], request, product_type) else None


def _fits(image: CloudImage, request: Request, product_type: str | None) -> bool:
    asked_for = datetime.fromtimestamp(request.created_at, UTC)
    return (
        image.name == request.image.image_name
        and image.product_type in ("", request.image.instance_type.value, product_type)
        and (image.created_at is None or image.created_at > asked_for - ZONES)
    )
