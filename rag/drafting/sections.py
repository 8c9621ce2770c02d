"""The paragraphs of an answer as they are compared with questions: in sections of one topic, of what says something only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.drafting.saying import Saying
from rag.japanese.text import narrow, sentences

__all__ = ["Section", "sections_of"]

_OPENS = re.compile(
    r"(?:お答え|御答弁|ご答弁)(?:を)?(?:いたし|申し上げ|し)ます|(?:お尋ね|御?質問|ご質問|御指摘|ご指摘)(?:が|を|で|の|に)[^。]{0,24}(?:ました|あります|ございます|いただき)|^[^。]{0,40}について(?:で|の|お)[^。]{0,24}$|^[^。]{0,60}(?:について)?の(?:お尋ね|御?ご?質問)[^。]{0,12}$"
)
"""A sentence that only says what is answered."""
_OPENS_AT_MOST = 70
_CLOSES = re.compile(
    r"^(?:今後とも|引き続き|これからも|こうした|これらの|県といたしましても?)[^。]{0,80}(?:まいります|いたします)。?$"
)
_CLOSES_AT_MOST = 90
_TURNS = re.compile(
    r"^(?:また|さらに|更に|次に|なお|一方|加えて|あわせて|最後に|このほか|そのほか|まず|続いて|続きまして"
    r"|[^、。]{2,45}?(?:につきまして(?:は)?|に対しまして(?:は)?|については|に対しては|におきまして(?:は)?|に当たりましては|に向けては))、"
)
"""A sentence that may turn to another topic."""
_GOES_ON = re.compile(r"^(?:その|この|これ|こう|それ|同|そこで|このため|そのため|具体的|併せて)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What a paragraph says of one topic."""

    paragraph: int
    """0-based."""
    sentences: tuple[str, ...]
    """Narrowed."""
    sayings: tuple[Saying, ...]
    """One a sentence."""

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.sentences)


def sections_of(paragraphs: Sequence[str]) -> list[Section]:
    """Return the sections of an answer, without how it opens and closes, vows, hearsay and courtesy."""
    found = []
    for at, paragraph in enumerate(paragraphs):
        for group in _groups(paragraph, is_last=at == len(paragraphs) - 1):
            sayings = [(each, Saying.of(each)) for each in group]
            kept = [(each, saying) for each, saying in sayings if saying.says_something]
            if kept:
                said, read = zip(*kept, strict=True)
                found.append(Section(paragraph=at, sentences=tuple(said), sayings=tuple(read)))
    return found


def _groups(paragraph: str, *, is_last: bool) -> Iterator[list[str]]:
    every = [narrow(span.of(paragraph)).strip() for span in sentences(paragraph)]
    group: list[str] = []
    for at, sentence in enumerate(every):
        if len(sentence) < _OPENS_AT_MOST and _OPENS.search(sentence.rstrip("。")):
            continue
        is_end = is_last and at == len(every) - 1
        if is_end and len(sentence) < _CLOSES_AT_MOST and _CLOSES.search(sentence):
            continue
        if group and _TURNS.search(sentence) and not _GOES_ON.search(sentence):
            yield group
            group = []
        group.append(sentence)
    if group:
        yield group
