"""A local Slack that speaks the real wire protocols, for demonstrations and tests.

``LocalSlack`` is the server, ``slack.person(id)`` acts as somebody, ``slack.faults`` makes it misbehave, and
``slack.ledger`` records what was called and delivered. It imports nothing from the bot.
"""

from bot.playground.slack.app import ALL_SCOPES, OTHER_APP, App
from bot.playground.slack.changes import Change
from bot.playground.slack.conditions import Conditions
from bot.playground.slack.faults import Fault, FaultKind, Faults
from bot.playground.slack.message import Message
from bot.playground.slack.people import Person
from bot.playground.slack.screen import Answer, NotOnScreenError, Submission
from bot.playground.slack.server import LocalSlack
from bot.playground.slack.state import Channel, User, Usergroup
from bot.playground.slack.view import View

__all__ = [
    "ALL_SCOPES",
    "OTHER_APP",
    "Answer",
    "App",
    "Change",
    "Channel",
    "Conditions",
    "Fault",
    "FaultKind",
    "Faults",
    "LocalSlack",
    "Message",
    "NotOnScreenError",
    "Person",
    "Submission",
    "User",
    "Usergroup",
    "View",
]
