"""What Slack delivered, and what was done because of it: so that nothing is done twice."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "deliveries",
        sa.Column("team_id", sa.Text(), primary_key=True),
        sa.Column("delivery", sa.Text(), primary_key=True),
        sa.Column("at", sa.Float(53), nullable=False),
    )
    op.create_index("deliveries_by_time", "deliveries", ["at"])
