"""The first schema."""

from alembic import op
from sqlalchemy import insert

from bot.store.tables import audit_head, metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table, and the head that the audit log's first entry is chained to."""
    metadata.create_all(op.get_bind())
    op.execute(insert(audit_head).values(id=1, seq=0, hash="0" * 64))
