"""The labels that were given to ingest by hand, kept by path."""

import sqlalchemy as sa
from alembic import op

revision = "v0002"
down_revision = "v0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of given labels."""
    op.create_table(
        "given_labels",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("path", "file", "cells")),
        sa.PrimaryKeyConstraint("path", name="pk_given_labels"),
    )


def downgrade() -> None:
    """Refuse: an older version of the product reads its own backup, not a newer catalogue."""
    raise NotImplementedError("a catalogue is only ever upgraded; restore a backup instead")
