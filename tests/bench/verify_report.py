"""What a measurement of the check found: counts by class with intervals, bars, examples of what was missed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from eval.metrics import percentile, wilson
from rag.domain import Question, Sentence
from tests.bench.faithful import KINDS
from tests.bench.faults import FAULTS, NEGATION
from tests.bench.scripted_answers import LONG, Answer

MOST_MISSED, MOST_MISSED_NEGATION, MOST_FLAGGED, MOST_MILLISECONDS = 0.01, 0.10, 0.03, 150.0
PART_SHARE = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """What became of one fault."""

    corpus: str
    answer: Answer
    found: Sentence
    """The faulty sentence as it came back."""
    before: bool
    """The sentence was verified before the fault was put in: else its catch says nothing."""

    @property
    def is_caught(self) -> bool:
        """Tell whether the fault was found."""
        return not self.found.verified


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """What became of one faithful sentence."""

    corpus: str
    kind: str
    sentence: Sentence
    found: Sentence
    question: Question
    id: str = ""
    """Of a paraphrase; empty for others."""

    @property
    def quotes_a_part(self) -> bool:
        """Tell whether the quote is clearly shorter than the sentence."""
        return sum(map(len, self.sentence.quotes)) < PART_SHARE * len(self.sentence.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How many of n."""

    n: int
    hits: int

    @classmethod
    def of(cls, outcomes: Iterable[bool]) -> Rate:
        """Count outcomes."""
        listed = list(outcomes)
        return cls(n=len(listed), hits=sum(listed))

    @property
    def rate(self) -> float:
        """Return the share, 0 for none."""
        return self.hits / self.n if self.n else 0.0

    def __str__(self) -> str:
        low, high = wilson(self.hits, self.n)
        return f"{self.hits:4}/{self.n:<4} {self.rate:.3f}［{low:.3f}, {high:.3f}］" if self.n else "－"

    def as_json(self) -> dict[str, float]:
        """Return it with its interval."""
        low, high = wilson(self.hits, self.n)
        return {
            "n": self.n,
            "hits": self.hits,
            "rate": round(self.rate, 4),
            "low": round(low, 4),
            "high": round(high, 4),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What the check is held to."""

    name: str
    value: str
    wanted: str
    is_met: bool


@dataclass(slots=True, kw_only=True)
class Report:
    """The outcomes of a measurement."""

    caught: list[Caught] = field(default_factory=list)
    flags: dict[tuple[str, ...], Flagged] = field(default_factory=dict)
    """Every faithful sentence once; not verified where it was so in any of its answers."""
    milliseconds: list[float] = field(default_factory=list)
    processor_milliseconds: list[float] = field(default_factory=list)

    def flag(self, flagged: Flagged) -> None:
        """Take in what became of a faithful sentence."""
        key = (flagged.corpus, flagged.kind, flagged.sentence.text, *flagged.sentence.quotes)
        if key not in self.flags or not flagged.found.verified:
            self.flags[key] = flagged

    def add(self, other: Report) -> None:
        """Take in another measurement."""
        self.caught += other.caught
        for flagged in other.flags.values():
            self.flag(flagged)
        self.milliseconds += other.milliseconds
        self.processor_milliseconds += other.processor_milliseconds

    @property
    def corpora(self) -> list[str]:
        """Return the names of what was measured, in order."""
        return list(dict.fromkeys(each.corpus for each in self.caught))

    def rate(self, names: Iterable[str], corpus: str = "") -> Rate:
        """Return how many faults of some classes were caught, in one corpus or in all."""
        wanted = set(names)
        return Rate.of(
            each.is_caught for each in self.caught if each.answer.name in wanted and corpus in ("", each.corpus)
        )

    def hollow(self, name: str) -> int:
        """Return how many faults of a class were put into sentences that were not verified before either."""
        return sum(each.answer.name == name and not each.before for each in self.caught)

    def false_flags(self, kind: str = "", corpus: str = "", *, quotes_a_part: bool | None = None) -> Rate:
        """Return how many faithful sentences came back not verified, of one kind and corpus or of all.

        `quotes_a_part` takes only those that quote a part of themselves, or only the others; None: both.
        """
        return Rate.of(
            not each.found.verified
            for each in self.flags.values()
            if kind in ("", each.kind) and corpus in ("", each.corpus) and quotes_a_part in (None, each.quotes_a_part)
        )

    def bars(self) -> list[Bar]:
        """Return what the check is held to, met or not; with nothing measured none is met."""
        plain = self.rate(name for name in FAULTS if name not in NEGATION)
        negation = self.rate(NEGATION)
        flags = self.false_flags()
        slowest = percentile(self.milliseconds, 0.95) if self.milliseconds else float("inf")
        return [
            _least("見つけた誤り（否定・義務を除く）", plain, 1 - MOST_MISSED),
            _least("見つけた誤り（否定・義務）", negation, 1 - MOST_MISSED_NEGATION),
            Bar(
                name="正しい文を誤りとした割合",
                value=f"{flags.rate:.3f}",
                wanted=f"{MOST_FLAGGED:.3f}以下",
                is_met=flags.n > 0 and flags.rate <= MOST_FLAGGED,
            ),
            Bar(
                name=f"{LONG}文の回答の検査 p95",
                value=f"{slowest:.0f}ミリ秒",
                wanted=f"{MOST_MILLISECONDS:.0f}ミリ秒以下",
                is_met=slowest <= MOST_MILLISECONDS,
            ),
        ]


def _least(name: str, rate: Rate, wanted: float) -> Bar:
    return Bar(
        name=name, value=f"{rate.rate:.3f}", wanted=f"{wanted:.3f}以上", is_met=rate.n > 0 and rate.rate >= wanted
    )


def table(report: Report) -> Iterator[str]:
    """Yield the lines of the report for people."""
    corpora = [*report.corpora, ""]
    yield _row("見つけた誤り", [each or "計" for each in corpora])
    for name in FAULTS:
        hollow = report.hollow(name)
        note = f"  （元の文も通らない {hollow}）" if hollow else ""
        yield _row(name, [str(report.rate([name], corpus)) for corpus in corpora]) + note
    plain = [name for name in FAULTS if name not in NEGATION]
    for title, names in (("すべて", list(FAULTS)), ("否定・義務を除く", plain), ("否定・義務", list(NEGATION))):
        yield _row(title, [str(report.rate(names, corpus)) for corpus in corpora])
    yield ""
    yield _row("正しい文を誤りとした数", [each or "計" for each in corpora])
    for kind in KINDS:
        yield _row(kind, [str(report.false_flags(kind, corpus)) for corpus in corpora])
    yield _row("すべて", [str(report.false_flags("", corpus)) for corpus in corpora])
    for title, part in (("うち引用が文の一部", True), ("うち引用が文の全体", False)):
        yield _row(title, [str(report.false_flags("", corpus, quotes_a_part=part)) for corpus in corpora])
    yield ""
    if report.milliseconds:
        yield f"{LONG}文の回答の検査（{len(report.milliseconds)}件）: " + "、".join(
            f"{name} p50 {percentile(values, 0.5):.0f} p95 {percentile(values, 0.95):.0f}ミリ秒"
            for name, values in (("経過時間", report.milliseconds), ("計算時間", report.processor_milliseconds))
        )
    for bar in report.bars():
        yield f"{'✓' if bar.is_met else '✗'} {bar.name} {bar.value}（基準 {bar.wanted}）"


def _row(title: str, cells: Sequence[str]) -> str:
    return "  ".join([_padded(title, 28), *(_padded(cell, 34) for cell in cells)]).rstrip()


def _padded(text: str, width: int) -> str:
    return text + " " * max(0, width - sum(2 if unicodedata.east_asian_width(each) in "WFA" else 1 for each in text))


def examples(report: Report, count: int) -> Iterator[str]:
    """Yield so many missed faults of each class, and flagged faithful sentences of each kind and problem, for people."""
    for name in FAULTS:
        for each in _missed(report, name)[:count]:
            assert each.answer.fault is not None
            yield f"\n見逃し {name}（{each.corpus}） {each.answer.fault.altered}"
            yield f"  文   {each.found.text}"
            yield from (f"  引用 [{number}]「{quote}」" for number, quote in _cited(each.answer.fault.after))
    for kind in KINDS:
        for flagged in _flagged(report, kind)[:count]:
            yield f"\n誤警報 {kind}（{flagged.corpus}） {flagged.id}{'、'.join(flagged.found.problems)}"
            yield f"  文   {flagged.sentence.text}"
            yield from (f"  引用 [{number}]「{quote}」" for number, quote in _cited(flagged.sentence))


def _missed(report: Report, name: str) -> list[Caught]:
    return [each for each in report.caught if each.answer.name == name and not each.is_caught]


def _flagged(report: Report, kind: str) -> list[Flagged]:
    return [each for each in report.flags.values() if each.kind == kind and not each.found.verified]


def _cited(sentence: Sentence) -> Iterator[tuple[str, str]]:
    numbers = "・".join(map(str, sentence.citations)) or "なし"
    yield from ((numbers, quote) for quote in sentence.quotes)


def as_json(report: Report, *, show: int) -> dict[str, Any]:
    """Return the report as JSON; `show` examples of each class of what was missed and flagged."""
    corpora = {**{corpus: corpus for corpus in report.corpora}, "all": ""}
    return {
        "classes": {
            name: {key: report.rate([name], corpus).as_json() for key, corpus in corpora.items()} for name in FAULTS
        },
        "hollow": {name: report.hollow(name) for name in FAULTS},
        "overall": {key: report.rate(FAULTS, corpus).as_json() for key, corpus in corpora.items()},
        "negation": {key: report.rate(NEGATION, corpus).as_json() for key, corpus in corpora.items()},
        "false_flags": {
            kind or "all": {key: report.false_flags(kind, corpus).as_json() for key, corpus in corpora.items()}
            for kind in ("", *KINDS)
        },
        "milliseconds": [round(each, 1) for each in report.milliseconds],
        "bars": [
            {"name": bar.name, "value": bar.value, "wanted": bar.wanted, "met": bar.is_met} for bar in report.bars()
        ],
        "missed": [
            {
                "class": name,
                "corpus": each.corpus,
                "altered": each.answer.fault.altered if each.answer.fault else "",
                "sentence": each.found.text,
                "quotes": list(each.found.quotes),
            }
            for name in FAULTS
            for each in _missed(report, name)[:show]
        ],
        "flagged": [
            {
                "kind": kind,
                "corpus": each.corpus,
                "sentence": each.sentence.text,
                "quotes": list(each.sentence.quotes),
                "problems": list(each.found.problems),
            }
            for kind in KINDS
            for each in _flagged(report, kind)[:show]
        ],
    }
