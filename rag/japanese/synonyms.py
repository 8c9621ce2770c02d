"""What staff say and what documents write: everyday phrases to official words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.errors import SettingsError
from rag.japanese.words import fold

PACKAGED = Path(__file__).with_name("synonyms.txt")
FILE_NAME = "synonyms.txt"
"""An office's own file in its home, read beside the packaged one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Synonyms:
    """Everyday phrases with the official words that stand for them."""

    official: Mapping[str, tuple[str, ...]]
    """Folded everyday phrase → official words, each an alternative."""

    def find(self, question: str) -> dict[str, tuple[str, ...]]:
        """Return the everyday phrases that stand in the question, the longest where they overlap, with official words."""
        folded = fold(question)
        found: dict[str, tuple[str, ...]] = {}
        for phrase in sorted((each for each in self.official if each in folded), key=len, reverse=True):
            if not any(phrase in longer for longer in found):
                found[phrase] = self.official[phrase]
        return found


def load_synonyms(home: Path) -> Synonyms:
    """Return the packaged synonyms with those of the home; raises SettingsError naming the line."""
    official: dict[str, tuple[str, ...]] = {}
    own = home / FILE_NAME
    for path in (PACKAGED, own) if own.is_file() else (PACKAGED,):
        for phrase, words in _entries(path):
            official[phrase] = tuple(dict.fromkeys([*official.get(phrase, ()), *words]))
    return Synonyms(official=official)


def _entries(path: Path) -> Iterable[tuple[str, list[str]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: 言い換えのファイルを読めません。UTF-8で保存し直してください。") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        words, separator, phrases = line.partition(" = ")
        if not separator or not words.strip() or not phrases.strip():
            raise SettingsError(
                f"{path}: {number}行目を読めません。「正式な語 = ふだんの言い方 | ふだんの言い方」の形にしてください。"
            )
        for phrase in phrases.split(" | "):
            if folded := fold(phrase).strip():
                yield folded, words.split()
