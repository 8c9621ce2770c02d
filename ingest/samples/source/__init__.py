"""Build the documents of the sample prefecture from hand-written plain text."""
