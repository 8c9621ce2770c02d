"""How often and when a file could not be read, and whether that may pass."""

import sqlalchemy as sa
from alembic import op

revision = "v0003"
down_revision = "v0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what was quarantined before is tried again when its file changes, as before."""
    op.add_column("documents", sa.Column("attempts", sa.Integer, nullable=False, server_default="0"))
    op.add_column("documents", sa.Column("tried_at", sa.Text, nullable=False, server_default=""))
    op.add_column("documents", sa.Column("may_pass", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Refuse: an older version of the product reads its own backup, not a newer catalogue."""
    raise NotImplementedError("a catalogue is only ever upgraded; restore a backup instead")
