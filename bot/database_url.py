"""DATABASE_URL, read: which database, and where. No sentence repeats the value: it holds a password."""

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}

UNKNOWN = "neither sqlite:///file nor postgresql://user@host/db"
NO_FILE = "SQLite needs a file, with three slashes before it: sqlite:///image-bot.db"
NO_PARAMETERS = "a SQLite URL ends with its file: nothing may follow a question mark"
UNQUOTED = "write @ in a user name or password as %40"


def read_database_url(database_url: str) -> URL:
    """Return a database's address with the driver that we use; ValueError's message says what is wrong."""
    try:
        url = make_url(database_url)
        url = url.set(drivername=DRIVERS[url.drivername])
    except (ArgumentError, KeyError, ValueError):
        raise ValueError(NO_FILE if database_url == ":memory:" else UNKNOWN) from None
    if url.get_backend_name() == "sqlite":
        _check_file(url)
    elif database_url.count("@") > 1:  # else a part of the password is taken for a host, and told
        raise ValueError(UNQUOTED)
    return url


def _check_file(url: URL) -> None:
    if url.query:
        raise ValueError(NO_PARAMETERS)
    if url.host or not url.database or url.database.endswith("/") or ":memory:" in url.database:
        raise ValueError(NO_FILE)


def passwords_of(database_url: str) -> tuple[str, ...]:
    """Return the passwords in a URL, also those among its parameters; none when it can't be read."""
    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError):
        return ()
    given = (url.password, *(url.query.get(name) for name in ("password", "sslpassword")))
    return tuple(str(each) for each in given if each)
