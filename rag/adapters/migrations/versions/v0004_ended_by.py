"""Which document ended a text by taking its place."""

import sqlalchemy as sa
from alembic import op

revision = "v0004"
down_revision = "v0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; the next run of ingest fills it."""
    op.add_column("documents", sa.Column("ended_by", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Refuse: an older version of the product reads its own backup, not a newer catalogue."""
    raise NotImplementedError("a catalogue is only ever upgraded; restore a backup instead")
