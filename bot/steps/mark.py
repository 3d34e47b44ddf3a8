"""What is written into an image, so that its origin can be read and it can be found again."""

from bot.domain.image import CreateImage
from bot.domain.request import Request
from bot.domain.tags import Tag
from bot.ports import MARK_TAG

DESCRIPTION_LENGTH = 256
"""How much of it surely survives: the cloud doesn't publish its limit, a sibling operation has this one."""


def marked(request: Request) -> CreateImage:
    """Return the image with the request's marker as its tag and at the beginning of its description.

    The description is one line: marker, who asked, who approved, then what the person wrote, cut to fit.
    """
    image = request.image
    nobody = "nobody (break glass)" if request.break_glass else "a rule"
    approvers = ", ".join(request.approvers) or nobody
    origin = f"[{request.marker}] requested by {request.requester}, approved by {approvers}"
    description = " ".join([origin, *(image.description or "").split()])[:DESCRIPTION_LENGTH]
    tags = (*image.tags, Tag(key=MARK_TAG, value=request.marker))
    return image.model_copy(update={"description": description, "tags": tags})
