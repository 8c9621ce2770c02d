"""What one search of the vector index sees: a generation, and the catalogue's changes since, searched exactly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from rag.adapters.changes import in_batches
from rag.adapters.generations import Generation
from rag.adapters.nearest import Exact, Rows, read_vectors, unit_rows
from rag.domain import Audience, Chunk
from rag.ports import Catalogue, Matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What one search sees: a generation and all that the catalogue has changed since."""

    pointer: str
    """The fact as it was read; empty when there was none."""
    revision: int
    base: Generation | None
    """None: no generation serves this embedder, or it cannot be read; everything is in `delta`."""
    delta: dict[Audience, Exact] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    """Ids that the generation may hold and that were removed or given again since."""
    removed: int = 0
    """Removals since the generation."""
    missing: int = 0
    """Chunks whose vector the catalogue does not hold."""

    @property
    def delta_size(self) -> int:
        """Count the chunks that are searched exactly."""
        return sum(len(part.rows) for part in self.delta.values())

    @property
    def has_no_vector(self) -> bool:
        """Tell whether there are chunks but nothing to compare a question with."""
        return bool(self.missing) and self.base is None and not self.delta_size

    def caught_up(self, catalogue: Catalogue, revision: int, *, model: str, dimension: int) -> Snapshot:
        """Return this snapshot with what the catalogue changed up to `revision`."""
        fresh: dict[Audience, list[Exact]] = {}
        added: set[str] = set()
        missing = self.missing
        empty = self.base is None and not self.delta
        removed = set() if empty else {name for name, _ in catalogue.removed_since(self.revision)}
        for batch in in_batches(catalogue.all_chunks(since=self.revision)):
            names = [chunk.id for chunk in batch]
            matrix, present = read_vectors(catalogue, names, model=model, dimension=dimension)
            missing += int((~present).sum())
            added.update(names)
            for audience, part in _by_audience(batch, matrix):
                fresh.setdefault(audience, []).append(part)
        gone = frozenset(removed | added)
        delta = {audience: [part.without(gone)] for audience, part in self.delta.items()}
        for audience, parts in fresh.items():
            delta.setdefault(audience, []).extend(parts)
        return replace(
            self,
            revision=revision,
            delta={audience: Exact.joined(parts) for audience, parts in delta.items()},
            hidden=self.hidden | gone if self.base else frozenset(),
            removed=self.removed + len(removed),
            missing=missing,
        )


def _by_audience(chunks: Sequence[Chunk], matrix: Matrix) -> Iterable[tuple[Audience, Exact]]:
    units, known = unit_rows(matrix)
    rows = Rows.of(chunks)
    for audience in {chunk.audience for chunk in chunks}:
        mask = known & np.fromiter((chunk.audience == audience for chunk in chunks), dtype=np.bool_, count=len(chunks))
        yield audience, Exact(rows=rows.take(mask), matrix=units[mask])
