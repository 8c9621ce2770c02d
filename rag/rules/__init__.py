"""Loaded rules as trees: their clauses, what a reference points to, which text replaced which."""
