"""Run the versions on the connection, and inside the transaction, of whoever opens the catalogue."""

from alembic import context

from rag.adapters.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
