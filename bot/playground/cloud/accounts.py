"""Who may call the local cloud."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Account:
    """A key that the local cloud knows. `forbidden` are operations that RAM would deny it; `*` is all."""

    access_key_id: str = "LTAI5tLocalCloudDemoKey"
    access_key_secret: str = field(default="local-cloud-demo-secret", repr=False)
    security_token: str | None = field(default=None, repr=False)
    forbidden: frozenset[str] = frozenset()

    def may(self, operation: str) -> bool:
        """Whether RAM lets this key do it."""
        return not {operation, "*"} & self.forbidden
