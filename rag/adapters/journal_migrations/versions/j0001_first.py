"""The first schema: exchanges, feedback and the reports of ingest."""

import sqlalchemy as sa
from alembic import op

revision = "j0001"
down_revision = None
branch_labels = None
depends_on = None


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "exchanges",
        *_texts("id", "conversation_id", "asker", "asked_at", "question"),
        sa.Column("as_of", sa.Date, nullable=False),
        *_texts("answer", "words", "generation"),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exchanges"),
    )
    op.create_index(
        "ix_exchanges_asker_conversation_id_asked_at", "exchanges", ["asker", "conversation_id", "asked_at"]
    )
    op.create_table(
        "feedback",
        *_texts("exchange_id", "giver", "given_at", "verdict", "reasons", "comment", "right_sources"),
        *_texts("state", "note", "handled_by"),
        sa.PrimaryKeyConstraint("exchange_id", name="pk_feedback"),
        sa.ForeignKeyConstraint(["exchange_id"], ["exchanges.id"], name="fk_feedback_exchange_id"),
    )
    op.create_index("ix_feedback_state_given_at", "feedback", ["state", "given_at"])
    op.create_table(
        "ingest_runs",
        *_texts("finished_at", "runner", "paths", "report"),
        sa.PrimaryKeyConstraint("finished_at", name="pk_ingest_runs"),
    )


def downgrade() -> None:
    """Refuse: an older version of the product reads its own backup, not a newer journal."""
    raise NotImplementedError("a journal is only ever upgraded; restore a backup instead")
