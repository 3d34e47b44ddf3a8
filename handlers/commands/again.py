"""`/image again <request>`: the form, filled with that request, to check and send again."""

from bot.domain.image import is_default_name
from bot.domain.request import Request
from bot.service.outcomes import Done
from handlers.commands.call import Call, Group, Subcommand
from handlers.draft import Draft, Mistaken
from handlers.views import form_state as form
from handlers.views.blocks import Post
from handlers.views.denial import refusal_view


async def run(call: Call) -> Post | None:
    """Open the form filled from the request."""
    request_id = await call.request(AGAIN.name)
    if isinstance(request_id, Mistaken):
        return call.mistaken(request_id)
    outcome = await call.service.questions.show(call.person, request_id)
    if not isinstance(outcome, Done):
        return refusal_view(outcome, call.words)
    call.context.open_form(call.trigger_id, draft_of(outcome.request), call.person, call.address)
    return None


def draft_of(request: Request) -> Draft:
    """Return what a person would have typed for the request, without its image name, which is taken.

    The form finds the next name, unless it was the default name.
    """
    fields = request.image.model_dump(mode="json", include=set(form.TEXTS), exclude_none=True)
    fields |= {"tags": tuple(f'"{tag}"' for tag in request.image.tags)}
    fields |= {form.CLEAN: True} if request.image.auto_clean_userdata else {}
    name = str(fields.pop(form.IMAGE_NAME, ""))
    return Draft(
        fields,
        request.reason,
        request.notify,
        stop_first=request.stop_first,
        regions=request.regions,
        follows="" if is_default_name(name, request.id) else name,
    )


AGAIN = Subcommand("again", "<request>", Group.ASK, run)
