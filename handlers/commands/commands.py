"""What a person can want by command: values, no reading."""

from dataclasses import dataclass

from handlers.draft import Draft, Mistaken


@dataclass(frozen=True)
class OpenForm:
    """`/image` alone."""


@dataclass(frozen=True)
class Create:
    """`create`, or with `asks_why` the question whether that would be allowed."""

    draft: Draft
    asks_why: bool = False


@dataclass(frozen=True)
class List:
    """`list`; scope is one of `SCOPES`."""

    scope: str


@dataclass(frozen=True)
class OnRequest:
    """`show`, `cancel`, `retry` or `approvers` of one request."""

    wish: str
    request_id: str
    reason: str = ""


@dataclass(frozen=True)
class WhoAmI:
    """`whoami`."""


@dataclass(frozen=True)
class Delegate:
    """`delegate` my approvals to a person until then, as it was typed."""

    to: str
    until: str


@dataclass(frozen=True)
class EndDelegation:
    """`delegate off`."""


@dataclass(frozen=True)
class ShowDelegation:
    """`delegate` alone."""


@dataclass(frozen=True)
class Help:
    """`help`, of one subcommand or of all ("")."""

    topic: str = ""


Lend = Delegate | EndDelegation | ShowDelegation
Command = OpenForm | Create | List | OnRequest | WhoAmI | Lend | Help | Mistaken
