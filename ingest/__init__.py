"""Files to documents, sections and chunks, kept in step with the catalogue."""
