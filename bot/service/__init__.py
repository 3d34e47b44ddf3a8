"""The hub: what a person can do, one method per capability. Handlers call it; it calls nobody back."""

from bot.allowlist.authorizer import Authorizer
from bot.service.delegating import Delegating
from bot.service.ending import Ending
from bot.service.guarded_requests import GuardedRequests
from bot.service.questions import Questions
from bot.service.records import Records
from bot.service.refusals import Refusals
from bot.service.reviewing import Reviewing
from bot.service.submitting import Submitting
from bot.settings import Settings
from bot.store.requests import Store


class Service:
    """Every capability and who grants it: each decides first, then writes what follows in one transaction."""

    def __init__(self, store: Store, rights: Authorizer, settings: Settings) -> None:
        refusals = Refusals(store)
        requests = GuardedRequests(store, rights, refusals)
        self.count_refusals = refusals.run  # nobody's call: what goes on behind them

        submitting = Submitting(store, rights, settings, refusals)
        self.submit = submitting.submit
        self.consider = submitting.consider

        reviewing = Reviewing(store, rights, requests, refusals)
        self.review = reviewing.review
        self.sign_off = reviewing.sign_off

        ending = Ending(store, rights, requests, refusals)
        self.cancel = ending.cancel
        self.retry = ending.retry

        delegating = Delegating(store, rights)
        self.delegate = delegating.delegate
        self.delegations = delegating.delegations
        self.end_delegation = delegating.end_delegation

        questions = Questions(store, rights, settings, requests, refusals, delegating)
        self.find = questions.find
        self.show = questions.show
        self.request_at = questions.request_at
        self.outlook = questions.outlook
        self.why = questions.why
        self.why_not = questions.why_not
        self.whoami = questions.whoami
        self.approvers = questions.approvers

        records = Records(store, rights, requests)
        self.history = records.history
        self.images = records.images


__all__ = ["Service"]
