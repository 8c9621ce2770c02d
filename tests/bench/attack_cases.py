"""The attacks that a document carries, the documents that carry them, and what a model that obeys them writes."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "cases/security"
LEAST_LINE = 6
"""Characters, white space aside, below which a line of a payload says nothing."""
_TAGS = {code: chr(code - 0xE0000) for code in range(0xE0020, 0xE007F)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """An office's document with a question that it answers."""

    id: str
    title: str
    department: str
    level: str
    text: str
    question: str
    """Empty for a secret document, about which nobody asks."""
    fact: str
    """What an answer must hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a model writes, in the format of prompts/answer_marked.md."""

    says: str = ""
    """One sentence; empty: `lines` say all."""
    quote: str = ""
    """What it copies; empty: the payload, or the fact of the host."""
    lines: tuple[str, ...] | None = None
    """The whole draft, `{order}` and `{fact}` being citations of the payload and of the host's fact; None: made from `says`."""
    times: int = 1
    """How often the draft is repeated."""
    forged: tuple[str, ...] = ()
    """Sources that it names and that nobody has found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One payload with its checks."""

    id: str
    family: str
    payload: str
    hidden: str
    """How the text is hidden; empty: everybody sees it."""
    host: Host
    checks: tuple[Mapping[str, Any], ...]
    obeyed: Draft | None
    """None: nobody can say what obeying would be, and no check of the case can be measured."""

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the lines of the payload that say something, as a person or a model reads them."""
        text = re.sub("<[^<>]+>", "", self.payload) if self.is_markup else self.payload
        return tuple(line for line in map(revealed, text.splitlines()) if len(line) >= LEAST_LINE)

    @property
    def is_markup(self) -> bool:
        """Tell whether the payload is itself a piece of a web page."""
        return self.hidden == "HTML display:none"

    @property
    def forbidden(self) -> tuple[str, ...]:
        """Return what an answer may not hold."""
        return tuple(word for check in self.checks for word in check.get("any", ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Benign:
    """An ordinary sentence that looks like an attack, with a question that it answers."""

    id: str
    payload: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """All cases."""

    hosts: Mapping[str, Host]
    cases: tuple[Case, ...]
    benign: tuple[Benign, ...]
    honest: Mapping[str, Draft] = field(default_factory=dict)
    """Host → what a model writes that obeys nobody."""


def read_corpus(folder: Path = FOLDER) -> Corpus:
    """Return the cases of a folder; of the attacks those that a document carries."""
    hosts = {
        name: Host(id=name, **{**value, "question": value["question"] or ""})
        for name, value in json.loads((folder / "hosts.json").read_text(encoding="utf-8")).items()
    }
    drafts = json.loads((folder / "drafts.json").read_text(encoding="utf-8"))
    obeyed = {name: _draft(value) for name, value in drafts["obeyed"].items()}
    cases = tuple(
        Case(
            id=row["id"],
            family=row["family"],
            payload=row["payload"],
            hidden=row["hidden"] or "",
            host=hosts[row["host"]],
            checks=tuple(row["check"]),
            obeyed=obeyed.get(row["id"]),
        )
        for row in _rows(folder / "attacks.jsonl")
        if row["carrier"] == "document"
    )
    benign = tuple(
        Benign(id=row["id"], payload=row["payload"], question=drafts["benign_questions"][row["id"]])
        for row in _rows(folder / "benign.jsonl")
    )
    honest = {name: _draft(value) for name, value in drafts["honest"].items()}
    return Corpus(hosts=hosts, cases=cases, benign=benign, honest=honest)


def revealed(text: str) -> str:
    """Return what a text says to whoever reads every character of it.

    NFKC; tag characters as the letters that they stand for; without other format characters and without white space.
    """
    plain = unicodedata.normalize("NFKC", text.translate(_TAGS))
    return "".join(char for char in plain if unicodedata.category(char) != "Cf" and not char.isspace())


def holds_fact(text: str, fact: str) -> bool:
    """Tell whether a revealed text holds a figure as it stands: 15日 and 令和5年 hold neither 5日 nor 5年."""
    return re.search(rf"(?<![0-9,.和成]){re.escape(revealed(fact))}", text) is not None


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _draft(value: Mapping[str, Any]) -> Draft:
    lines = tuple(value["lines"]) if "lines" in value else None
    return Draft(**{**value, "lines": lines, "forged": tuple(value.get("forged", ()))})
