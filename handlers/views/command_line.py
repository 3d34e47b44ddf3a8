"""A request as the command that requests the same again."""

from collections.abc import Iterator

from bot.domain.request import Request
from handlers.transport.manifest import COMMAND

CREATE = "create"


def command_of(request: Request) -> str:
    """Return the command, without the image's name: two images with the same name are hard to tell apart."""
    return " ".join((COMMAND, CREATE, *_words(request)))


def _words(request: Request) -> Iterator[str]:
    image = request.image
    yield image.instance_id
    yield f"--type {image.instance_type.value}"
    for flag, value in (("sub-instance", image.sub_instance_id), ("disk", image.disk_type)):
        if value:
            yield f"--{flag} {value}"
    for switch, on in (("clean-userdata", image.auto_clean_userdata), ("stop-first", request.stop_first)):
        if on:
            yield f"--{switch}"
    for tag in image.tags:
        yield f"--tag {_quoted(f'{tag.key}={tag.value}')}"
    for region in request.regions:
        yield f"--distribute {region}"
    for flag, text in (("description", image.description), ("reason", request.reason)):
        if text:
            yield f"--{flag} {_quoted(text)}"


def _quoted(text: str) -> str:
    """One line in quotes; a quote inside becomes an apostrophe, because it would end the value."""
    return '"' + " ".join(text.replace('"', "'").split()) + '"'
