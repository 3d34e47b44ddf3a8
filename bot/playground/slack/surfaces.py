"""Modals and home tabs: the stack of views that each person has open, and their state."""

import hashlib
import json
from collections import defaultdict
from dataclasses import replace

from bot.playground.slack.changes import Changes
from bot.playground.slack.ids import Ids
from bot.playground.slack.inputs import initial_values
from bot.playground.slack.view import View
from bot.playground.slack.wire import ApiError, JsonObject

STACK_LIMIT = 3
"""Views in one stack: a root and two pushed ones (docs.slack.dev, Modals)."""


class Surfaces:
    """Every person's stack of modals and their home tab."""

    def __init__(self, ids: Ids, changes: Changes) -> None:
        self._ids = ids
        self._changes = changes
        self._stacks: defaultdict[str, list[View]] = defaultdict(list)
        self._homes: dict[str, View] = {}

    def modal(self, user: str) -> View | None:
        """Return the view on top of this person's stack."""
        stack = self._stacks[user]
        return stack[-1] if stack else None

    def stack(self, user: str) -> list[View]:
        """Return all of this person's open views, the root first."""
        return list(self._stacks[user])

    def home(self, user: str) -> View | None:
        """Return the home tab as this person sees it, None before the first views.publish."""
        return self._homes.get(user)

    def open(self, user: str, body: JsonObject) -> View:
        """Show a modal. Anything that was open before is gone."""
        view = self._new(user, body)
        self._stacks[user] = [view]
        self._record("view_opened", view)
        return view

    def push(self, user: str, body: JsonObject) -> View:
        """Put a view on top of the stack; ``push_limit_reached`` beyond three."""
        stack = self._stacks[user]
        if len(stack) >= STACK_LIMIT:
            raise ApiError("push_limit_reached")
        view = self._new(user, body, under=stack[-1] if stack else None)
        stack.append(view)
        self._record("view_pushed", view)
        return view

    def publish(self, user: str, body: JsonObject) -> View:
        """Show the home tab."""
        old = self._homes.get(user)
        view = self._new(user, body) if old is None else self._next_version(old, body)
        self._homes[user] = view
        self._record("home_published", view)
        return view

    def update(self, view: View, body: JsonObject) -> View:
        """Put new content into an open view; what the person typed stays if the IDs didn't change."""
        return self.replace(self._next_version(view, body))

    def replace(self, view: View) -> View:
        """Replace a view with another version; ``not_found`` if it was closed meanwhile."""
        if self.find(view.id) is None:
            raise ApiError("not_found")
        if view.body["type"] == "home":
            self._homes[view.user] = view
        else:
            stack = self._stacks[view.user]
            self._stacks[view.user] = [view if open_view.id == view.id else open_view for open_view in stack]
        self._record("view_updated", view)
        return view

    def close(self, user: str, *, all_views: bool = False) -> None:
        """Remove the top view, or all of them, from the person's screen."""
        stack = self._stacks[user]
        gone = list(stack) if all_views else stack[-1:]
        del stack[-len(gone) or len(stack) :]
        for view in gone:
            self._record("view_closed", view)

    def close_view(self, view: View) -> None:
        """Remove one view from the person's screen, if it's still there."""
        self._stacks[view.user] = [v for v in self._stacks[view.user] if v.id != view.id]
        self._record("view_closed", view)

    def find(self, view_id: str) -> View | None:
        """Return the open view with this ID."""
        return next((view for view in self._all() if view.id == view_id), None)

    def find_external(self, external_id: str) -> View | None:
        """Return the open view with this external_id."""
        return next((view for view in self._all() if view.body.get("external_id") == external_id), None)

    def _all(self) -> list[View]:
        return [view for stack in self._stacks.values() for view in stack] + list(self._homes.values())

    def _new(self, user: str, body: JsonObject, under: View | None = None) -> View:
        view_id = self._ids.new("V0")
        return View(
            id=view_id,
            user=user,
            body=body,
            hash=self._hash(body),
            root_view_id=under.root_view_id if under else view_id,
            previous_view_id=under.id if under else None,
            values=initial_values(body["blocks"]),
        )

    def _next_version(self, view: View, body: JsonObject) -> View:
        values = initial_values(body["blocks"], view.values)
        return replace(view, body=body, hash=self._hash(body), values=values)

    def _hash(self, body: JsonObject) -> str:
        """Slack's form: a timestamp, a dot, eight characters."""
        digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        return f"{self._ids.ts().split('.')[0]}.{self._ids.new('')[-4:]}{digest[:4]}"

    def _record(self, kind: str, view: View) -> None:
        self._changes.record(kind, user=view.user, view_id=view.id, callback_id=view.callback_id)
