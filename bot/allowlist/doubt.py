"""Why something is never so, before it has a place: the file's checks and `policy simulate` say the same."""

from dataclasses import dataclass

from bot.policy import Finding
from bot.policy.findings import SourceLocation


@dataclass(frozen=True, slots=True)
class Doubt:
    """A problem in a sentence, the `code` of its kind, and what was probably meant, if that is known."""

    problem: str
    code: str
    hint: str | None = None

    def at(self, location: SourceLocation) -> Finding:
        """Return it as a warning about what stands there."""
        return location.warning(self.problem, self.code, self.hint)

    def __str__(self) -> str:
        return self.problem + (f". Did you mean {self.hint}?" if self.hint else "")
