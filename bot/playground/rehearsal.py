"""A cast for somebody's own allowlist, to rehearse it before it goes live."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from bot.playground.cast import Cast
from bot.playground.slack import Channel, User, Usergroup

STRANGER = "U0STRANGER"
CHANNEL = Channel("C0IMAGES", "images")
LONGEST = 1_000_000


class BadCast(Exception):
    """There's nothing to play with; the message says why, in one line."""


def cast_from(path: Path) -> Cast:
    """Return personas for everybody the allowlist names, one for each usergroup, and a stranger.

    The file doesn't list a usergroup's members, so each group gets its own.
    """
    text = _read(path)
    try:
        tree = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader
    except (yaml.YAMLError, RecursionError) as error:
        raise BadCast(f"{path}: {' '.join(str(error).split())}") from None
    named = dict.fromkeys(_named(tree, ("users", "slack:UserId"), "UW"))
    groups = [
        Usergroup(key, key.lower(), (f"U0IN{key}",))
        for key in dict.fromkeys(_named(tree, ("usergroups",), "S"))
    ]
    people = [User(key, key.lower(), key) for key in named]
    people += [User(group.users[0], f"in-{group.handle}", f"Somebody in {group.id}") for group in groups]
    people.append(User(STRANGER, "stranger", "Somebody whom the file does not name"))
    channels = [
        CHANNEL,
        *(Channel(key, key.lower()) for key in dict.fromkeys(_named(tree, CHANNEL_KEYS, "CG"))),
    ]
    return Cast(
        tuple(people),
        tuple(channels),
        tuple(groups),
        text,
        CHANNEL.id,
        {name: _read(path.parent / name) for name in _files(tree, path)},
    )


CHANNEL_KEYS = ("channel", "admin_channel")


def _read(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BadCast(f"{path} isn't UTF-8 text") from None
    except OSError as failure:
        raise BadCast(f"{path} can't be read: {failure.strerror}") from None
    if len(text) > LONGEST:
        raise BadCast(f"{path} is too long for a rehearsal")
    return text


def _named(tree: object, keys: tuple[str, ...], letters: str) -> Iterator[str]:
    """Yield the Slack IDs under these keys, at any depth."""
    for key, value in _pairs(tree):
        if key in keys:
            items = value if isinstance(value, list) else [value]
            yield from (
                item for item in items if isinstance(item, str) and item[:1] in letters and item.isalnum()
            )
    for group in _members(tree) if "users" in keys else ():
        yield from (item for item in group if isinstance(item, str) and item[:1] in letters)


def _pairs(tree: object) -> Iterator[tuple[str, object]]:
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield str(key), value
            yield from _pairs(value)
    elif isinstance(tree, list):
        for item in tree:
            yield from _pairs(item)


def _members(tree: object) -> Iterator[list[object]]:
    """Yield the lists under the file's own `groups`."""
    groups = tree.get("groups") if isinstance(tree, Mapping) else None
    yield from (
        (users for users in groups.values() if isinstance(users, list)) if isinstance(groups, Mapping) else ()
    )


def _files(tree: object, path: Path) -> Iterator[str]:
    """Yield the policy files that the allowlist names."""
    policies = tree.get("policies") if isinstance(tree, Mapping) else None
    for value in policies.values() if isinstance(policies, Mapping) else ():
        if isinstance(value, str) and not Path(value).is_absolute():
            if ".." in Path(value).parts:
                raise BadCast(
                    f"{path} names {value}: a rehearsal needs policy files beside the allowlist or below"
                )
            yield value
