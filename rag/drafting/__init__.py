"""The story of one assembly item: notice, past answers, draft, checks, sheet."""
