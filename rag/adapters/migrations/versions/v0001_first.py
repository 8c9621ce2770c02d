"""The first schema: sources, documents, chunks, tombstones, embeddings, facts and the revision."""

import sqlalchemy as sa
from alembic import op

revision = "v0001"
down_revision = None
branch_labels = None
depends_on = None


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def upgrade() -> None:
    """Create every table and start the revision at 0."""
    op.create_table("sources", *_texts("root"), sa.PrimaryKeyConstraint("root", name="pk_sources"))
    op.create_table(
        "documents",
        *_texts("id", "source", "path", "content_hash", "title", "kind", "department", "number", "level"),
        *_texts("group_names"),
        sa.Column("starts_on", sa.Date),
        sa.Column("ends_on", sa.Date),
        *_texts("supersedes", "state"),
        sa.Column("chunk_count", sa.Integer, nullable=False),
        *_texts("warnings", "file_hash", "reason"),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
    )
    op.create_table(
        "chunks",
        *_texts("id", "document_id"),
        sa.Column("ordinal", sa.Integer, nullable=False),
        *_texts("locator", "header", "text", "kind"),
        sa.Column("page", sa.Integer),
        *_texts("level", "group_names"),
        sa.Column("starts_on", sa.Date),
        sa.Column("ends_on", sa.Date),
        *_texts("labels", "text_hash"),
        sa.Column("added_revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chunks"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_chunks_document_id"),
    )
    op.create_index("ix_chunks_document_id_ordinal", "chunks", ["document_id", "ordinal"])
    op.create_index("ix_chunks_added_revision_id", "chunks", ["added_revision", "id"])
    op.create_table(
        "tombstones",
        *_texts("chunk_id", "level", "group_names"),
        sa.Column("removed_revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("chunk_id", name="pk_tombstones"),
    )
    op.create_index("ix_tombstones_removed_revision", "tombstones", ["removed_revision"])
    op.create_table(
        "embeddings",
        *_texts("text_hash", "model"),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("text_hash", "model", name="pk_embeddings"),
    )
    op.create_table("facts", *_texts("name", "value"), sa.PrimaryKeyConstraint("name", name="pk_facts"))
    counters = op.create_table(
        "counters",
        *_texts("name"),
        sa.Column("value", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )
    op.bulk_insert(counters, [{"name": "revision", "value": 0}])


def downgrade() -> None:
    """Refuse: an older version of the product reads its own backup, not a newer catalogue."""
    raise NotImplementedError("a catalogue is only ever upgraded; restore a backup instead")
