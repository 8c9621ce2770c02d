"""Approved answers: which exchange an office stands behind."""

import sqlalchemy as sa
from alembic import op

revision = "j0002"
down_revision = "j0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of approvals; what was kept before stays as it is."""
    names = ("exchange_id", "question", "approved_at", "answer", "withdrawn_by", "withdrawn_at")
    op.create_table(
        "approvals",
        *(sa.Column(name, sa.Text, nullable=False) for name in names),
        sa.PrimaryKeyConstraint("exchange_id", name="pk_approvals"),
        sa.ForeignKeyConstraint(["exchange_id"], ["exchanges.id"], name="fk_approvals_exchange_id"),
    )
    op.create_index("ix_approvals_withdrawn_at_approved_at", "approvals", ["withdrawn_at", "approved_at"])


def downgrade() -> None:
    """Refuse: an older version of the product reads its own backup, not a newer journal."""
    raise NotImplementedError("a journal is only ever upgraded; restore a backup instead")
