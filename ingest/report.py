"""What a run of ingest did, for people and for programs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from rag.domain import EmbeddingLoad


@dataclass(slots=True, kw_only=True)
class SyncReport:
    """Filled while a run goes on; paths are inside their source."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    """Files left out because a person withdrew them."""
    failed: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    ended: list[tuple[str, date, str]] = field(default_factory=list)
    """Path of a version, the day from which it is in force no more, path of the version that follows it."""
    left_over: int = 0
    """Files that were not read because the run was stopped."""
    tries_again: int = 0
    """Files that could not be read now and that the next run tries again."""
    documents: int = 0
    chunks: int = 0
    embedded: int = 0
    """Texts that went through the embedding model; the rest came from the cache."""
    estimate: EmbeddingLoad | None = None
    """What goes to the embedding model, counted before anything is sent; None: it works inside."""
    price_per_million_tokens: float = 0.0
    """US dollars; 0: unknown."""
    without_vector: int = 0
    """Chunks that have none when the run ends: they are found by words and characters."""
    seconds: float = 0.0

    @property
    def cost(self) -> float | None:
        """US dollars for what is sent; None where nothing is, or the price is unknown."""
        if self.estimate is None or not self.price_per_million_tokens:
            return None
        return self.estimate.tokens * self.price_per_million_tokens / 1_000_000

    def as_json(self) -> dict[str, Any]:
        """Return the object that `kotae ingest --json` prints."""
        return {
            "added": sorted(self.added),
            "changed": sorted(self.changed),
            "removed": sorted(self.removed),
            "unchanged": sorted(self.unchanged),
            "renamed": [{"from": old, "to": new} for old, new in sorted(self.renamed)],
            "withdrawn": sorted(self.withdrawn),
            "failed": [{"path": path, "reason": reason} for path, reason in sorted(self.failed)],
            "warnings": [{"path": path, "reason": reason} for path, reason in sorted(self.warnings)],
            "ended": [
                {"path": path, "effective_to": day.isoformat(), "by": by} for path, day, by in sorted(self.ended)
            ],
            "documents": self.documents,
            "chunks": self.chunks,
            "embedded": self.embedded,
            "estimate": None if self.estimate is None else {**asdict(self.estimate), "cost": self.cost},
            "without_vector": self.without_vector,
            "seconds": round(self.seconds, 3),
        }
