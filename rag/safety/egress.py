"""The one way out to any model: what may leave is decided here by the level of the document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.domain import Chunk, Evidence
from rag.errors import DeniedError, SettingsError


class Egress:
    """Tells which levels may be sent to a model outside; an unlabelled or unknown level never may."""

    def __init__(self, order: Sequence[str], strictest: str) -> None:
        """Take the levels, strictest first, and the strictest one that may leave; raises SettingsError for an unknown one."""
        if strictest not in order:
            raise SettingsError(
                f"設定 egress.level: 「{strictest}」は区分の一覧にありません。"
                f"levels.order の {'、'.join(order)} のどれかにしてください。"
            )
        self._allowed = frozenset(order[order.index(strictest) :])

    def allows(self, level: str) -> bool:
        """Tell whether text of this level may be sent."""
        return level in self._allowed

    def release(self, evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
        """Return the evidence that may be sent, numbers kept."""
        return tuple(item for item in evidence if self.allows(item.chunk.audience.level))

    def require(self, chunks: Iterable[Chunk]) -> None:
        """Refuse to send any chunk above the allowed level; raises DeniedError without naming its text."""
        for chunk in chunks:
            if not self.allows(chunk.audience.level):
                level = chunk.audience.level or "区分なし"
                raise DeniedError(
                    f"{chunk.locator}（区分 {level}）: 外部のモデルに送ってよい区分ではありません。"
                    "設定の egress.level を見直すか、chat.provider を extractive にしてください。"
                )
