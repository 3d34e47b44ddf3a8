"""The hub: what people can do and what they can ask. Handlers call it; it calls nobody back."""

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
    """What people can do, a method each: it decides, then writes everything that follows in one transaction.

    What they can ask is in `questions` and `records`; nothing there changes a request.
    """

    def __init__(self, store: Store, rights: Authorizer, settings: Settings) -> None:
        refusals = Refusals(store)
        requests = GuardedRequests(store, rights, refusals)
        self.count_refusals = refusals.run  # called by nobody: it runs in the background

        submitting = Submitting(store, rights, settings, refusals)
        self.submit = submitting.submit
        self.consider = submitting.consider

        reviewing = Reviewing(store, rights, requests, refusals)
        self.review = reviewing.review
        self.sign_off = reviewing.sign_off

        ending = Ending(store, rights, requests, refusals)
        self.cancel = ending.cancel
        self.retry = ending.retry

        delegating = Delegating(store, rights, refusals)
        self.delegate = delegating.delegate
        self.delegations = delegating.delegations
        self.end_delegation = delegating.end_delegation

        self.questions = Questions(store, rights, settings, requests, refusals, delegating)
        self.records = Records(store, rights, requests)


__all__ = ["Service"]
