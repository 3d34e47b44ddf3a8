"""The first schema: requests, messages, rate limits, delegations, and the audit log that only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

SECONDS = sa.Float(53)
LEASE = (("lease_owner", sa.Text()), ("lease_until", SECONDS))


def upgrade() -> None:
    """Create every table."""
    _requests()
    _messages()
    _delegations()
    _deliveries()
    _preferences()
    _audit()


def _requests() -> None:
    op.create_table(
        "requests",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("intake_key", sa.Text()),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("holds", sa.Text()),
        sa.Column("slot", sa.Integer()),
        sa.Column("approved_at", SECONDS),
        sa.Column("queue_reason", sa.Text()),
        sa.Column("created_at", SECONDS, nullable=False),
        sa.Column("ended_at", SECONDS),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_revision", sa.Integer(), nullable=False),
        sa.Column("due", SECONDS),
        sa.Column("tries", sa.Integer(), nullable=False),
        *(sa.Column(name, kind) for name, kind in LEASE),
    )
    op.create_index("requests_due", "requests", ["status", "due"])
    op.create_index("requests_in_line", "requests", ["status", "approved_at", "id"])
    op.create_index("requests_in_hand", "requests", ["status", "lease_until"])
    op.create_index("requests_by_intake_key", "requests", ["team_id", "intake_key"], unique=True)
    op.create_index("requests_by_requester", "requests", ["team_id", "requester", "created_at"])
    op.create_index(
        "requests_by_requester_and_status", "requests", ["team_id", "requester", "status", "instance_id"]
    )
    op.create_index("requests_by_instance", "requests", ["instance_id", "status", "ended_at"])
    op.create_index("requests_by_team", "requests", ["team_id", "status", "created_at"])
    op.create_index("requests_by_status", "requests", ["status", "created_at"])
    op.create_index("requests_by_end", "requests", ["ended_at"])
    for name, column in (("one_request_per_held_instance", "holds"), ("one_request_per_slot", "slot")):
        held = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, "requests", [column], unique=True, sqlite_where=held, postgresql_where=held)


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("team_id", "kind", "target", "subject_kind", "subject_id")
        ),
        sa.Column("dedupe_key", sa.Text(), nullable=False, unique=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("ordering_key", "rate_key", "person")),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("turn", SECONDS, nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("redraw_version", sa.Integer(), nullable=False),
        sa.Column("posted_in", sa.Text()),
        sa.Column("ts", sa.Text()),
        sa.Column("due", SECONDS),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("breaks", sa.Integer(), nullable=False),
        sa.Column("in_doubt_since", SECONDS),
        *(sa.Column(name, kind) for name, kind in LEASE),
    )
    op.create_index("messages_by_subject", "messages", ["subject_kind", "subject_id", "kind"])
    op.create_index("messages_by_place", "messages", ["posted_in", "ts"])
    waiting = sa.text("state = 'waiting'")
    for name, columns in (
        ("messages_in_order", ["ordering_key", "id"]),
        ("messages_by_turn", ["rate_key", "priority", "turn", "id"]),
        ("messages_by_due", ["rate_key", "due"]),
        ("messages_by_person", ["rate_key", "person", "turn"]),
    ):
        op.create_index(name, "messages", columns, sqlite_where=waiting, postgresql_where=waiting)
    op.create_table(
        "rate_limits",
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("free_at", SECONDS, nullable=False),
        sa.Column("refused", sa.Text()),
    )


def _preferences() -> None:
    op.create_table(
        "preferences",
        sa.Column("team_id", sa.Text(), primary_key=True),
        sa.Column("user_id", sa.Text(), primary_key=True),
        sa.Column("decided", sa.Boolean(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("waiting", sa.Text(), nullable=False),
        sa.Column("quiet", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
    )
    op.create_index("preferences_by_waiting", "preferences", ["waiting"])


def _delegations() -> None:
    op.create_table(
        "delegations",
        sa.Column("team_id", sa.Text(), primary_key=True),
        sa.Column("delegator", sa.Text(), primary_key=True),
        sa.Column("delegate", sa.Text(), nullable=False),
        sa.Column("until", SECONDS, nullable=False),
    )
    op.create_index("delegations_by_delegate", "delegations", ["team_id", "delegate"])


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("team_id", sa.Text(), primary_key=True),
        sa.Column("delivery", sa.Text(), primary_key=True),
        sa.Column("at", SECONDS, nullable=False),
    )
    op.create_index("deliveries_by_time", "deliveries", ["at"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("at", SECONDS, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text()),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
    )
    op.create_index("audit_by_request", "audit", ["request_id"])
    op.create_index("audit_by_time", "audit", ["at"])
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
    )
    op.execute(head.insert().values(id=1, seq=0, hash="0" * 64))
    op.create_table(
        "audit_checkpoints",
        sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("at", SECONDS, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
    )
    for statement in ONLY_GROWS[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))


KEPT = "OLD.seq > (SELECT coalesce(max(seq), 0) FROM audit_checkpoints)"
"""An entry that no checkpoint stands for."""

REFUSED = "BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END"

ONLY_GROWS = {
    "sqlite": (
        f"CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit {REFUSED}",
        f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit WHEN {KEPT} {REFUSED}",
    ),
    "postgresql": (
        """CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the audit log only grows'; END $$""",
        """CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF """
        + KEPT
        + """ THEN RAISE EXCEPTION 'the audit log only grows'; END IF; RETURN OLD; END $$""",
        """CREATE TRIGGER audit_only_grows BEFORE UPDATE OR TRUNCATE ON audit
        FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()""",
        """CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
        FOR EACH ROW EXECUTE FUNCTION audit_is_kept()""",
    ),
}
"""The database itself refuses to change an entry, and to remove one after the last checkpoint.

Anybody who drops the trigger is found by `audit verify`.
"""
