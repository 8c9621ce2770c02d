"""Guess the kind of a document from its content; the folder's name only breaks ties."""

from __future__ import annotations

from itertools import pairwise

from ingest.structure import notes, rules
from ingest.structure.answers import is_answer_sheet
from ingest.structure.faq import is_faq
from ingest.structure.lines import lines_of
from ingest.structure.minutes import count_speakers
from ingest.structure.rule_articles import count_headings, follows
from ingest.structure.written_parts import is_written
from rag.domain import Document, Kind
from rag.japanese.numerals import key_order

_FOLDERS = (
    ("例規", Kind.RULES),
    ("条例", Kind.RULES),
    ("規程", Kind.RULES),
    ("会議録", Kind.MINUTES),
    ("議事録", Kind.MINUTES),
    ("議事要旨", Kind.NOTES),
    ("会議要旨", Kind.NOTES),
    ("答弁書", Kind.ANSWERS),
    ("FAQ", Kind.FAQ),
    ("よくある質問", Kind.FAQ),
)
_MANY = 2
_STEADY = 0.6
"""Share of the articles that must follow the one before without a gap."""
_LARGEST = 0.75
"""Share of the text above which one article is none but everything behind the last one; a 別表 may be that long."""


def guess(document: Document) -> Kind:
    """Return the kind that the format proves, else the one that the content shows, else plain."""
    if document.kind_hint is not None:
        return document.kind_hint
    lines = lines_of(document.blocks)
    if is_written(lines):
        return Kind.MINUTES
    if notes.is_questioned(lines):
        return Kind.NOTES
    if is_faq(document, lines):
        return Kind.FAQ
    if is_answer_sheet(document, lines):
        return Kind.ANSWERS
    hinted = _folder_kind(document.path)
    scores = {Kind.MINUTES: count_speakers(lines), Kind.NOTES: notes.count_turns(lines)}
    rivals = max(scores[kind] + (kind is hinted) for kind in scores)
    may_win = count_headings(lines) + (hinted is Kind.RULES) >= rivals
    scores[Kind.RULES] = _articles(document) if may_win else 0  # the dearest of the three, and rarely in doubt
    best = max(scores, key=lambda kind: (scores[kind] + (kind is hinted), kind is Kind.RULES))
    return best if scores[best] >= (1 if best is hinted else _MANY) else Kind.PLAIN


def _articles(document: Document) -> int:
    """Count the articles of a text that consists of them; 0 for one that only quotes some."""
    sections = rules.recognise(document).sections
    articles = [section for section in sections if section.labels.get("part") == "main"]
    numbers = [key_order(section.labels["article"]) for section in articles]
    steady = sum(1 for last, number in pairwise(numbers) if follows(last, number))
    if len(numbers) < _MANY or steady < _STEADY * (len(numbers) - 1):
        return 0
    longest = max(len(section.text) for section in articles)
    return len(numbers) if longest < _LARGEST * sum(len(section.text) for section in sections) else 0


def _folder_kind(path: str) -> Kind | None:
    """Return what a folder's name promises; None where it promises nothing."""
    folders = path.split("/")[:-1]
    return next((kind for name, kind in _FOLDERS for folder in folders if name in folder), None)
