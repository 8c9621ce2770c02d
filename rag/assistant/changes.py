"""What an answer says of rules that have just changed, or soon will: of the very clauses that it cites."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from rag.domain import Chunk, DocumentRecord, Evidence
from rag.japanese.text import normalise
from rag.rules.pairing import plain

CHANGES = "「{title}」{locator}は、{day}から変わります。その日より後のことは、確認時点を{day}にして質問してください。"
ENDS = "「{title}」は、{day}に効力を失います。その後の扱いは、所管課に確かめてください。"
CHANGED = (
    "「{title}」{locator}は、{day}に変わったばかりです。{day}より前のことは、確認時点をその時期にして質問してください。"
)
TRANSITION = "変わる前に始まったことには、経過措置（{places}）が当てはまることがあります。"
_TRANSITION = re.compile("経過措置|従前の例|施行の?際|適用については|適用し、")
"""Words by which a supplementary provision says for what the text before goes on holding."""

Texts = Callable[[str], Sequence[Chunk]]
"""Document id → its chunks in reading order."""


def changes(
    cited: Sequence[Evidence], chains: Mapping[str, Sequence[DocumentRecord]], day: date, *, texts: Texts, days: int
) -> tuple[str, ...]:
    """Return a warning for each cited clause whose text changes within so many days after the day asked for, or did before.

    `chains` hold for each cited document its versions, the newest first. A clause that reads the same in both is no change.
    """
    told: dict[str, None] = {}
    for item in cited:
        chain = chains.get(item.chunk.document_id, ())
        at = next((place for place, each in enumerate(chain) if each.id == item.chunk.document_id), -1)
        if at >= 0:
            told |= dict.fromkeys(_of_one(item, chain, at, day, texts=texts, within=timedelta(days=days)))
    return tuple(told)


def _of_one(
    item: Evidence, chain: Sequence[DocumentRecord], at: int, day: date, *, texts: Texts, within: timedelta
) -> Iterator[str]:
    start, end = item.chunk.period.start, item.chunk.period.end
    following, before = chain[at - 1] if at else None, chain[at + 1] if at + 1 < len(chain) else None
    words = {"title": item.title, "locator": item.chunk.locator}
    if end is not None and day < end <= day + within:
        if following is None or following.period.start != end:
            yield ENDS.format(title=item.title, day=end.isoformat())
        elif _differs(item.chunk, texts(item.chunk.document_id), texts(following.id)):
            yield CHANGES.format(**words, day=end.isoformat()) + _transition(
                texts(following.id), after=texts(item.chunk.document_id)
            )
    if start is not None and before is not None and day - within <= start <= day:
        own = texts(item.chunk.document_id)
        if _differs(item.chunk, own, texts(before.id)):
            yield CHANGED.format(**words, day=start.isoformat()) + _transition(own, after=texts(before.id))


def _differs(chunk: Chunk, own: Sequence[Chunk], others: Sequence[Chunk]) -> bool:
    """Tell whether a clause reads otherwise in another version; one that has another number there counts as the same."""
    mine = _text_at(chunk.locator, own)
    return _text_at(chunk.locator, others) != mine and not any(mine == plain(other.text) for other in others)


def _text_at(locator: str, chunks: Sequence[Chunk]) -> str:
    return "".join(plain(chunk.text) for chunk in chunks if chunk.locator == locator)


def _transition(chunks: Sequence[Chunk], *, after: Sequence[Chunk]) -> str:
    """Name the new supplementary provisions that say for what the text before goes on holding; empty: there are none."""
    known = {plain(chunk.text) for chunk in after}
    places = dict.fromkeys(
        chunk.locator
        for chunk in chunks
        if chunk.labels.get("part") == "supplement"
        and _TRANSITION.search(normalise(chunk.text))
        and plain(chunk.text) not in known
    )
    return TRANSITION.format(places="、".join(places)) if places else ""
