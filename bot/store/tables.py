"""The tables. Times are epoch seconds; a request's row holds it whole as JSON, next to searched columns."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Float,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite

metadata = MetaData()

# SQLite numbers rows itself only if the key is spelled INTEGER.
Serial = BigInteger().with_variant(Integer, "sqlite")

requests = Table(
    "requests",
    metadata,
    Column("id", Text, primary_key=True),
    Column("team_id", Text, nullable=False),
    Column("intake_key", Text),
    Column("requester", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("instance_id", Text, nullable=False),
    Column("holds", Text),  # the instance, while no other request may stop, image or start it
    Column("slot", Integer),
    Column("approved_at", Float(53)),
    Column("queue_reason", Text),
    Column("created_at", Float(53), nullable=False),
    Column("ended_at", Float(53)),
    Column("body", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("recorded_revision", Integer, nullable=False),  # the last one that the audit log knows
    Column("due", Float(53)),
    Column("tries", Integer, nullable=False, default=0),
    Column("lease_owner", Text),
    Column("lease_until", Float(53)),
    Index("requests_due", "status", "due"),
    Index("requests_in_line", "status", "approved_at", "id"),
    Index("requests_in_hand", "status", "lease_until"),
    Index("requests_by_intake_key", "team_id", "intake_key", unique=True),
    Index("requests_by_requester", "team_id", "requester", "created_at"),
    Index("requests_by_requester_and_status", "team_id", "requester", "status", "instance_id"),
    Index("requests_by_instance", "instance_id", "status", "ended_at"),
    Index("requests_by_team", "team_id", "status", "created_at"),
    Index("requests_by_status", "status", "created_at"),
    Index("requests_by_end", "ended_at"),
    *(
        Index(name, column, unique=True, sqlite_where=held, postgresql_where=held)
        for name, column, held in (
            # Only rows that hold something: otherwise SQLite would use it for everything in line.
            ("one_request_per_held_instance", "holds", text("holds IS NOT NULL")),
            ("one_request_per_slot", "slot", text("slot IS NOT NULL")),
        )
    ),
)

WAITING_ROWS = text("state = 'waiting'")
"""Indexes of the outbox cover only what waits, so they stay small."""

messages = Table(
    "messages",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("team_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("target", Text, nullable=False),  # a channel, or a person
    Column("subject_kind", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column(
        "dedupe_key", Text, nullable=False, unique=True
    ),  # the same key from several processes is one message
    Column("ordering_key", Text, nullable=False),  # messages that share it go out in order
    Column("rate_key", Text, nullable=False),  # messages that share it go out one after the other
    Column("person", Text, nullable=False),  # whose turn it takes in the channel
    Column("priority", Integer, nullable=False),
    Column("turn", Float(53), nullable=False),
    Column("told", JSON, nullable=False),
    Column("state", Text, nullable=False),  # waiting, posted, dropped
    Column("redraw_version", Integer, nullable=False, default=0),  # increased with each requested redraw
    Column("posted_in", Text),  # the channel that Slack answered with
    Column("ts", Text),
    Column("due", Float(53)),
    Column("tries", Integer, nullable=False, default=0),
    Column("breaks", Integer, nullable=False, default=0),  # how often rendering it has raised
    Column("in_doubt_since", Float(53)),
    Column("lease_owner", Text),
    Column("lease_until", Float(53)),
    Index("messages_by_subject", "subject_kind", "subject_id", "kind"),
    Index("messages_by_place", "posted_in", "ts"),
    *(
        Index(name, *columns, sqlite_where=WAITING_ROWS, postgresql_where=WAITING_ROWS)
        for name, columns in (
            ("messages_in_order", ("ordering_key", "id")),
            ("messages_by_turn", ("rate_key", "priority", "turn", "id")),
            ("messages_by_due", ("rate_key", "due")),
            ("messages_by_person", ("rate_key", "person", "turn")),
        )
    ),
)

delegations = Table(
    "delegations",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("delegator", Text, primary_key=True),
    Column("delegate", Text, nullable=False),
    Column("until", Float(53), nullable=False),
    Index("delegations_by_delegate", "team_id", "delegate"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("delivery", Text, primary_key=True),
    Column("at", Float(53), nullable=False),
    Index("deliveries_by_time", "at"),
)

preferences = Table(
    "preferences",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("decided", Boolean, nullable=False),
    Column("done", Boolean, nullable=False),
    Column("waiting", Text, nullable=False),
    Column("quiet", Text, nullable=False),  # `20:00-08:00` by the person's clock, or nothing
    Column("zone", Text, nullable=False),
    Index("preferences_by_waiting", "waiting"),
)

rate_limits = Table(
    "rate_limits",
    metadata,
    Column("key", Text, primary_key=True),  # a workspace's channel, or the edits in it
    Column("team_id", Text, nullable=False),
    Column("free_at", Float(53), nullable=False),
    Column("refused", Text),  # the code of Slack's last refusal, until a message is accepted
)

audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Float(53), nullable=False),
    Column("actor", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("request_id", Text),
    Column("details", Text, nullable=False),  # canonical JSON: hashed as it is
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("audit_by_request", "request_id"),
    Index("audit_by_time", "at"),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
)

audit_checkpoints = Table(
    "audit_checkpoints",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),  # the last entry that was removed
    Column("at", Float(53), nullable=False),
    Column("hash", Text, nullable=False),  # that entry's hash: the next one is chained to it
    Column("signature", Text, nullable=False),
)


def insert_new(table: Table, returns: ColumnElement[Any], **values: ColumnElement[Any]) -> Mapping[str, Any]:
    """Return what inserts a row, unless there is one with its key, by the dialect's name; no row comes back
    then.
    """
    return {
        dialect.__name__.rpartition(".")[2]: dialect.insert(table)
        .values(values)
        .on_conflict_do_nothing()
        .returning(returns)
        for dialect in (sqlite, postgresql)
    }
