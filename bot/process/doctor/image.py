"""The probe that makes an image: how much of a Description the cloud keeps isn't documented."""

import asyncio
import itertools
import secrets

from bot.domain.image import CreateImage, Tag
from bot.errors import CloudError
from bot.ports import MARK_TAG, Cloud, CloudImage
from bot.process.doctor.finding import Finding, finding, note, ok

LENGTH = 256
"""Characters of a Description that the bot writes at most."""
PAUSE = 1.0
UNASKED = "not checked, as it takes an image: how much of a Description and of tags Alibaba Cloud keeps"
ASK = "run `image-bot doctor --make-image INSTANCE` to have one made, and delete it afterwards"


async def image_finding(cloud: Cloud, instance_id: str, lookup_seconds: float) -> Finding:
    """Make an image of an instance and read back what was kept of it; it stays for the operator to delete."""
    mark = f"doctor-{secrets.token_hex(4)}"
    description = f"[{mark}] ".ljust(LENGTH, "x")
    try:
        asked = CreateImage(instance_id=instance_id, image_name=mark, description=description)
        tag = Tag(key=MARK_TAG, value=mark)  # nobody but the bot may set it
        made = await cloud.create_image(asked.model_copy(update={"tags": (tag,)}))
        image = await _listed(cloud, made.image_id, lookup_seconds)
    except (CloudError, ValueError) as failed:
        sentence = f"no image of {instance_id} could be made: {failed}"
        return finding("cloud-image", sentence, "see Alibaba Cloud's own sentence")
    delete = f"delete the image {made.image_id} ({mark}) in the console"
    if image is None:
        sentence = f"the image {made.image_id} isn't listed after {lookup_seconds:g} s"
        return finding("cloud-image", sentence, f"raise LOOKUP_SECONDS; {delete}")
    return _kept(image, description, mark, delete)


async def _listed(cloud: Cloud, image_id: str, seconds: float) -> CloudImage | None:
    """Wait for an image to be listed."""
    for wait in (*itertools.repeat(PAUSE, int(seconds / PAUSE)), 0.0):
        if (image := await cloud.image(image_id)) is not None:
            return image
        await asyncio.sleep(wait)
    return None


def _kept(image: CloudImage, description: str, mark: str, delete: str) -> Finding:
    tagged = image.tags.get(MARK_TAG) == mark
    kept = f"{len(image.description)} of {LENGTH} characters of the Description"
    sentence = f"Alibaba Cloud made {image.image_id} and kept {kept} and {'the' if tagged else 'no'} tag"
    if not tagged and not image.description.startswith(f"[{mark}]"):
        return finding("cloud-image", f"{sentence}: the bot couldn't find its images again", delete)
    if image.description != description or not tagged:
        return note("cloud-image-cut", sentence, delete)
    return ok("cloud-image", f"{sentence}; {delete}")
