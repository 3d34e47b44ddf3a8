"""RAM's policy language: documents are compiled once, then decide and explain."""

from bot.policy.conditions import Condition, Effect
from bot.policy.document import PolicyError, PolicyReader, parse_policy
from bot.policy.evaluate import (
    Answer,
    Clause,
    Decision,
    Explanation,
    Part,
    PolicySet,
    Verdict,
)
from bot.policy.findings import Finding, Level
from bot.policy.policies import Policy
from bot.policy.statements import AccessRequest, Statement, StatementRef

__all__ = [
    "AccessRequest",
    "Answer",
    "Clause",
    "Condition",
    "Decision",
    "Effect",
    "Explanation",
    "Finding",
    "Level",
    "Part",
    "Policy",
    "PolicyError",
    "PolicyReader",
    "PolicySet",
    "Statement",
    "StatementRef",
    "Verdict",
    "parse_policy",
]
