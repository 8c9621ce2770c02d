"""Chunks made from real texts: rules, minutes and plain text in documents of some forty, as many as are asked for.

Every chunk is a passage of a real one with a part of its nouns and numbers exchanged, so that hardly two have the same words or
the same vector, while lengths, turns of phrase and the frequency of words stay. Equal numbers give equal documents on every
machine. They mean nothing: the quality of a search may not be measured on them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from random import Random

from rag.domain import PATH_SEPARATOR, Audience, Chunk, DocumentRecord, Kind, Period

CHUNKS = 40
"""A document has so many."""
SHORTEST, LONGEST = 150, 400
SHARE = 0.5
"""Of the nouns and numbers of a passage, how many are others in a chunk."""
LEVEL = "2"
AUDIENCES: Mapping[str, Audience] = {
    name: Audience(level=LEVEL, groups=frozenset({name})) for name in ("班", "部", "本庁")
}
"""Group → who may read: 1 %, 49 % and 50 % of the documents."""
_KINDS = (Kind.RULES,) * 13 + (Kind.MINUTES,) * 2 + (Kind.PLAIN,) * 5
_CORPORA = (
    ("rules_corpus", Kind.RULES),
    ("laws_asof", Kind.RULES),
    ("lawqa_jp", Kind.RULES),
    ("jsquad", Kind.PLAIN),
)
_SLOT = re.compile(r"(?<![一-龠々])[一-龠々]{2}(?![一-龠々])|(?<![0-9０-９第])[0-9]{1,4}(?![0-9])")
_SENTENCE = re.compile(r"[^。]*。?")
_POSTS = ("知事", "副知事", "教育長", "総務部長", "福祉保健部長", "土木部長", "財政課長")


@dataclass(frozen=True, slots=True, kw_only=True)
class Originals:
    """What real texts say: title and pieces of a passage, every second piece a noun or a number."""

    passages: Mapping[Kind, Sequence[tuple[str, tuple[str, ...]]]]
    nouns: Sequence[str]
    """As often as they stand there."""


def read_originals(data: Path) -> Originals:
    """Read the passages below a folder of judged sets and minutes; raises ValueError when a kind has none."""
    texts: dict[Kind, list[tuple[str, str]]] = {Kind.RULES: [], Kind.MINUTES: [], Kind.PLAIN: []}
    for name, kind in _CORPORA:
        for line in _lines(data / name / "corpus.jsonl"):
            entry = json.loads(line)
            texts[kind].append((entry["title"], entry["text"]))
    for file in sorted((data / "minutes").glob("*.txt")):
        lines = file.read_text(encoding="utf-8").splitlines()
        texts[Kind.MINUTES].append((lines[0], "\n".join(lines[1:])))
    passages = {kind: [*_passages(found)] for kind, found in texts.items()}
    if empty := [kind for kind, found in passages.items() if not found]:
        raise ValueError(
            f"{data}: {empty[0]} の文章がありません。jsquad・laws_asof・rules_corpus・minutes のあるフォルダを指定してください。"
        )
    pieces = [piece for found in passages.values() for _, each in found for piece in each[1::2]]
    return Originals(passages=passages, nouns=[piece for piece in pieces if not piece.isdecimal()])


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines() if file.is_file() else []


def _passages(texts: Sequence[tuple[str, str]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Cut texts at their sentences into passages of a chunk's length; a short text is joined to the next."""
    held = ""
    for title, text in texts:
        for sentence in _SENTENCE.findall(text.replace("\n", "")):
            if held and len(held) + len(sentence) > LONGEST:
                yield title, _pieces(held)
                held = ""
            held += sentence[:LONGEST]
        if len(held) >= SHORTEST:
            yield title, _pieces(held)
            held = ""


def _pieces(text: str) -> tuple[str, ...]:
    pieces, last = [], 0
    for slot in _SLOT.finditer(text):
        pieces += [text[last : slot.start()], slot[0]]
        last = slot.end()
    return (*pieces, text[last:])


def audience_of(number: int) -> Audience:
    """Return who may read the document of this number."""
    place = number % 100
    return AUDIENCES["班" if place == 0 else "部" if place < 50 else "本庁"]


def make_document(originals: Originals, number: int, *, version: int = 1) -> tuple[DocumentRecord, list[Chunk]]:
    """Return the document of this number; another version has other words under the same name."""
    random = Random(f"{number}-{version}")
    kind = _KINDS[number % len(_KINDS)]
    found = originals.passages[kind]
    start = random.randrange(len(found))
    title = f"{found[start][0].split(' ')[0]} その{number}"
    record = DocumentRecord(
        id=sha256(f"{number}".encode()).hexdigest()[:32],
        source="/共有",
        path=f"{kind.value}/{number // 100:04}/{number:06}.txt",
        content_hash=f"{number}-{version}",
        title=title,
        kind=kind,
        audience=audience_of(number),
        period=_period(kind, random),
    )
    chunks = []
    for ordinal in range(CHUNKS):
        text = _made(found[(start + ordinal) % len(found)][1], originals.nouns, random)
        locator, labels = _place(kind, ordinal, title, random)
        body = f"{record.id}-{ordinal}-{version}"
        chunks.append(
            Chunk(
                id=sha256(body.encode()).hexdigest()[:32],
                document_id=record.id,
                ordinal=ordinal,
                locator=locator,
                header=f"{title}{PATH_SEPARATOR}{locator}",
                text=text,
                kind=kind,
                audience=record.audience,
                period=record.period,
                labels=labels,
            )
        )
    return record, chunks


def _made(pieces: Sequence[str], nouns: Sequence[str], random: Random) -> str:
    others: dict[str, str] = {}
    for piece in dict.fromkeys(pieces[1::2]):
        if random.random() < SHARE:
            others[piece] = str(random.randrange(1, 1000)) if piece.isdecimal() else random.choice(nouns)
    return "".join(others.get(piece, piece) if place % 2 else piece for place, piece in enumerate(pieces))


def _period(kind: Kind, random: Random) -> Period:
    """Return when a text is in force: of ten rules two have ended and two have begun on a day that is known."""
    chance = random.random() if kind is Kind.RULES else 1.0
    begun = date(random.randrange(2001, 2018), random.randrange(1, 13), 1)
    if chance < 0.2:
        return Period(start=begun, end=date(random.randrange(2018, 2026), 4, 1))
    return Period(start=begun) if chance < 0.4 else Period()


def _place(kind: Kind, ordinal: int, title: str, random: Random) -> tuple[str, dict[str, str]]:
    """Return locator and labels as the structure of such a document gives them."""
    if kind is Kind.RULES:
        return f"第{ordinal + 1}条", {"part": "main", "article": f"{ordinal + 1}"}
    if kind is Kind.PLAIN:
        return f"p.{ordinal + 1}", {}
    post = random.choice(_POSTS)
    labels = {"speaker": post, "post": post, "role": "official", "sitting": title, "date": "2025-09-17"}
    return f"{title} {post}", labels
