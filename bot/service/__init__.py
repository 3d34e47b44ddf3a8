"""The hub: what a person can do, one method per wish. Handlers call it; it calls nobody back."""

from bot.service.ending import Ending
from bot.service.questions import Questions
from bot.service.records import Records
from bot.service.reviewing import Reviewing
from bot.service.submitting import Submitting


class Service(Submitting, Reviewing, Ending, Questions, Records):
    """Every wish: each decides first, then writes all that follows from it in one transaction."""


__all__ = ["Service"]
