"""Run the versions on the connection, and inside the transaction, of whoever opens the journal."""

from alembic import context

from rag.adapters.journal_tables import METADATA

attributes = context.config.attributes
context.configure(
    connection=attributes["connection"], target_metadata=METADATA, version_table=attributes["version_table"]
)
with context.begin_transaction():
    context.run_migrations()
