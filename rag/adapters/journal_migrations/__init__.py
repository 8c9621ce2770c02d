"""The history of the journal's schema; `rag.adapters.database` applies it when a journal is opened."""
