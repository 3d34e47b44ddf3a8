"""The tables. Times are epoch seconds; a request's row holds it whole as JSON beside what is searched."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)

metadata = MetaData()

# SQLite numbers rows by itself only when the key is spelled INTEGER.
Serial = BigInteger().with_variant(Integer, "sqlite")

requests = Table(
    "requests",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("intake_key", String(255), unique=True),
    Column("requester", String(32), nullable=False),
    Column("status", String(16), nullable=False),
    Column("instance_id", String(128), nullable=False),
    Column("slot", Integer),
    Column("created_at", Float(53), nullable=False),
    Column("body", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("due", Float(53)),
    Column("tries", Integer, nullable=False, default=0),
    Column("lease_owner", String(64)),
    Column("lease_until", Float(53)),
    Index("requests_due", "due"),
    Index("requests_by_requester", "requester", "created_at"),
    Index("requests_by_status", "status", "created_at"),
    Index(
        "one_image_at_a_time_per_instance",
        "instance_id",
        unique=True,
        sqlite_where=text("status = 'creating'"),
        postgresql_where=text("status = 'creating'"),
    ),
    Index(
        "one_request_per_slot",
        "slot",
        unique=True,
        sqlite_where=text("status = 'creating'"),
        postgresql_where=text("status = 'creating'"),
    ),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("request_id", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("lane", String(80), nullable=False),  # messages of one lane go out in order
    Column("channel", String(32), nullable=False),
    Column("event", String(32), nullable=False),
    Column("status", String(16), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("at", Float(53), nullable=False),
    Column("details", JSON, nullable=False),
    Column("state", String(16), nullable=False),  # waiting, posted, dropped
    Column("wanted", Integer, nullable=False, default=0),  # one more each time a card is to be redrawn
    Column("ts", String(32)),
    Column("due", Float(53)),
    Column("tries", Integer, nullable=False, default=0),
    Column("lease_owner", String(64)),
    Column("lease_until", Float(53)),
    Index("messages_waiting", "state", "due"),
    Index("messages_by_lane", "lane", "state", "id"),
    Index("messages_by_request", "request_id", "kind"),
)

paces = Table(
    "paces",
    metadata,
    Column("key", String(80), primary_key=True),  # a channel, or a channel's edits
    Column("free_at", Float(53), nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Float(53), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("event", String(64), nullable=False),
    Column("request_id", String(32)),
    Column("details", Text, nullable=False),  # canonical JSON: it is hashed as it stands
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("audit_by_request", "request_id"),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)
