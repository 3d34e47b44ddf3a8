"""What is written into an image, so that its origin can be read and it can be found again."""

from bot.domain.image import DESCRIPTION_LENGTH, CreateImage
from bot.domain.request import Request


def marked(request: Request) -> CreateImage:
    """Return the image with a description that ends with who asked, who approved and the request's marker.

    What the person wrote is cut, never the ending: the marker is how the image is found after a lost answer.
    """
    nobody = "nobody (break glass)" if request.break_glass else "a rule"
    approvers = ", ".join(request.approvers) or nobody
    ending = f"Requested by {request.requester}, approved by {approvers}, request {request.marker}"
    given = (request.image.description or "")[: DESCRIPTION_LENGTH - len(ending) - 1]
    return request.image.model_copy(update={"description": f"{given}\n{ending}".strip()})
