"""The style of the house, learned from its own minutes: how answers begin, and how their sentences end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rag.domain import Chunk, Kind
from rag.japanese.text import narrow, sentences

_OPENING = re.compile(
    r"^(?:まず|次に|はじめに|最後に|続いて)?、?(?P<topic>.{2,40}?)(?P<form>についてお答えいたします|についてのお尋ねでございます|についてのご質問がございました|についてお答え申し上げます|についてお答えします|についてでございます|についてであります|についてです)。?$"
)
_ENDING = re.compile(r"(?P<ending>[ぁ-ん]{2,14})。$")
USUAL_OPENING = "についてお答えいたします"
"""Of a house whose minutes are not loaded."""
SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """How the officials of this house speak."""

    opening: str = USUAL_OPENING
    """What follows the topic in the first sentence of an answer."""
    endings: tuple[str, ...] = ()
    """The commonest endings of their sentences, the commonest first: 'てまいります', 'ております'."""

    @classmethod
    def learned(cls, chunks: Iterable[Chunk]) -> House:
        """Learn from the remarks of officials in minutes and answer sheets."""
        openings: Counter[str] = Counter()
        endings: Counter[str] = Counter()
        for chunk in chunks:
            if not _is_read_answer(chunk):
                continue
            spans = sentences(chunk.text)
            for at, span in enumerate(spans):
                text = narrow(span.of(chunk.text)).strip()
                if at == 0 and (found := _OPENING.match(text)):
                    openings[found["form"]] += 1
                elif found := _ENDING.search(text):
                    endings[_tail(found["ending"])] += 1
        [(opening, _)] = openings.most_common(1) or [(USUAL_OPENING, 0)]
        return cls(opening=opening, endings=tuple(ending for ending, _ in endings.most_common(SHOWN)))

    def opens(self, topic: str) -> str:
        """Return the first sentence of an answer on a topic."""
        return f"{topic}{self.opening}。"


def _is_read_answer(chunk: Chunk) -> bool:
    if chunk.kind is Kind.ANSWERS:
        return chunk.labels.get("part") == "answer"
    return chunk.kind is Kind.MINUTES and chunk.labels.get("role") == "official" and not chunk.labels.get("procedure")


def _tail(ending: str) -> str:
    """Return the polite ending alone: the last five letters say how a sentence ends, what is before them is its verb."""
    found = re.search(
        r"(?:て|で)?(?:まいり|おり|いき|い|ござい|いたし|あり|し|なり|考え|思い|存じ)?(?:ます|ました|ません|ですが|です|ところです)$",
        ending,
    )
    return found[0] if found else ending[-4:]
