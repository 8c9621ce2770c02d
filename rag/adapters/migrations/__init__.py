"""The history of the catalogue's schema; `rag.adapters.database` applies it when a catalogue is opened."""
