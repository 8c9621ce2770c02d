"""A column of few different texts, kept as one number a row: what a condition on the texts costs does not grow with the rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """One text a row; many rows have the same one."""

    codes: NDArray[np.int32]
    """A row's position in `texts`."""
    texts: NDArray[np.str_]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Coded:
        """Return the column of these texts."""
        different, codes = np.unique(np.array(texts, dtype=np.str_), return_inverse=True)
        return cls(codes=codes.astype(np.int32), texts=different)

    @classmethod
    def joined(cls, parts: Sequence[Coded]) -> Coded:
        """Return the rows of all parts, one after the other; at least one part."""
        different, places = np.unique(np.concatenate([part.texts for part in parts]), return_inverse=True)
        starts = np.cumsum([0, *(len(part.texts) for part in parts[:-1])])
        codes = [places[start + part.codes] for start, part in zip(starts, parts, strict=True)]
        return cls(codes=np.concatenate(codes).astype(np.int32), texts=different)

    def take(self, keep: NDArray[np.bool_]) -> Coded:
        """Return the rows at which `keep` is true."""
        return Coded(codes=self.codes[keep], texts=self.texts)

    def meeting(self, meets: Callable[[str], bool]) -> NDArray[np.bool_]:
        """Tell for each row whether its text meets a condition."""
        met = np.fromiter(map(meets, self.texts.tolist()), dtype=np.bool_, count=len(self.texts))
        found: NDArray[np.bool_] = met[self.codes]
        return found
