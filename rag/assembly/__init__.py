"""The nouns of assembly answers (議会答弁): items, drafts, sheets."""
