"""A local cloud that speaks Alibaba Cloud's wire protocol on loopback: signatures, envelopes, errors.

It shares no code with the bot, so the two can agree only if both are right.
"""

from bot.playground.cloud.accounts import Account, Accounts
from bot.playground.cloud.faults import Fault, Kind
from bot.playground.cloud.habits import Habits
from bot.playground.cloud.instances import LocalInstance, odd_instances, some_instances
from bot.playground.cloud.ledger import Call
from bot.playground.cloud.local import LocalCloud

__all__ = [
    "Account",
    "Accounts",
    "Call",
    "Fault",
    "Habits",
    "Kind",
    "LocalCloud",
    "LocalInstance",
    "odd_instances",
    "some_instances",
]
