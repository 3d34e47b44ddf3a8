"""Who may call the local cloud."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

ACCOUNT_ID = "1234567890123456"


@dataclass(frozen=True, slots=True)
class Account:
    """A key that the local cloud knows. `forbidden` lists the operations that RAM would deny; `*` is all.

    `expired` is for a security token that has expired, `inactive` for a key that was disabled.
    """

    access_key_id: str = "LTAI5tLocalCloudDemoKey"
    access_key_secret: str = field(default="local-cloud-demo-secret", repr=False)
    security_token: str | None = field(default=None, repr=False)
    forbidden: frozenset[str] = frozenset()
    expired: bool = False
    inactive: bool = False

    def may(self, operation: str) -> bool:
        """Whether RAM allows this key to do it."""
        return not {operation, "*"} & self.forbidden


class Accounts:
    """The keys by ID."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._by_key = {account.access_key_id: account for account in accounts}

    def __iter__(self) -> Iterator[Account]:
        return iter(self._by_key.values())

    def get(self, access_key_id: str) -> Account | None:
        """Return the account with a key."""
        return self._by_key.get(access_key_id)

    def put(self, account: Account) -> None:
        """Add or replace one."""
        self._by_key[account.access_key_id] = account

    def set_all(self, *, expired: bool | None = None, forbidden: Iterable[str] | None = None) -> None:
        """Let every token expire or become valid again; forbid operations to every key."""
        for account in list(self):
            self.put(
                replace(
                    account,
                    expired=account.expired if expired is None else expired,
                    forbidden=account.forbidden if forbidden is None else frozenset(forbidden),
                )
            )
