"""The key of the audit chain: set by the operator, or made beside a SQLite database at the first start."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from bot.database_url import read_database_url
from bot.settings import BadSettings

SHORTEST = 16
UNKEYED = (
    "AUDIT_KEY isn't set, so that anybody who can write to the database can also rewrite the audit log; "
    "set AUDIT_KEY, or AUDIT_KEY_FILE, to 32 random characters that the database's owner doesn't know"
)


def read_audit_key(database_url: str, given: str | None) -> bytes | None:
    """Return this installation's key, the one that was `given` or the one in its file; None: it has none.

    Raises `BadSettings` for a key that is too short or a file that can't be read.
    """
    beside = key_file(database_url)
    try:
        key = given or (beside.read_text().strip() if beside is not None and beside.exists() else "")
    except OSError as failure:
        raise BadSettings((f"AUDIT_KEY: {beside} can't be read: {failure.strerror}",)) from None
    except UnicodeDecodeError:
        raise BadSettings((f"AUDIT_KEY: {beside} isn't text",)) from None
    if key and len(key) < SHORTEST:
        raise BadSettings((f"AUDIT_KEY: is shorter than {SHORTEST} characters",))
    return key.encode() or None


def make_audit_key(database_url: str, given: str | None) -> bytes | None:
    """Return the installation's key; on SQLite, make its file at the first start."""
    beside = key_file(database_url)
    if beside is not None and read_audit_key(database_url, given) is None:
        _write_once(beside, secrets.token_hex(32))
    return read_audit_key(database_url, given)


def key_file(database_url: str) -> Path | None:
    """Return the path of a SQLite database's key; None on PostgreSQL."""
    url = read_database_url(database_url)
    return Path(f"{url.database}.audit-key") if url.get_backend_name() == "sqlite" else None


def _write_once(path: Path, content: str) -> None:
    """Write a file that only we can read, completely or not at all; an existing file is left as it is."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(content + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    except OSError as error:
        raise BadSettings((f"DATABASE_URL: can't write beside {path.stem}: {error.strerror}",)) from None
    finally:
        draft.unlink(missing_ok=True)
