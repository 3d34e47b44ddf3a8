"""The table of renderers, one per kind of message: a new kind is a module and a line here."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.domain.message import Kind
from handlers.messages import admin, card, digest, direct, entry, notice
from handlers.messages.drawing import Drawing, is_told_to_all
from handlers.views.blocks import Post

__all__ = ["RENDERERS", "Drawing", "is_told_to_all"]

RENDERERS: Mapping[Kind, Callable[[Drawing], Post]] = MappingProxyType(
    {
        Kind.CARD: card.render,
        Kind.ENTRY: entry.render,
        Kind.NOTICE: notice.render,
        Kind.DIRECT: direct.render,
        Kind.DIGEST: digest.render,
        Kind.ADMIN: admin.render,
    }
)
