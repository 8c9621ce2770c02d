"""Which answer belongs to which question of minutes: what the product says, scored against labels."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eval.metrics import wilson
from rag.domain import Structure
from tests.bench.minute_places import numbers, place_sections

LEAST_SHARED = 0.5
"""Share of the union of two answers' lines that both must hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A question and its answer as the product pairs them."""

    question: int
    """Line of the sentence that asks; 0 where it stands nowhere in the member's speech."""
    speech: int
    """First line of the speech that asks; 0 where there is none."""
    answer: frozenset[int]
    answer_speech: int
    """First line of the speech that answers; 0 in a document that was written and not spoken."""


@dataclass(slots=True, kw_only=True)
class PairTally:
    """Pairs of the product and of the labels, and those on which both agree."""

    predicted: int = 0
    labelled: int = 0
    right: int = 0
    speeches: dict[str, PairTally] = field(default_factory=dict)
    """The same for each speech that asks (file:line); empty where the labels name none."""

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall; 0 where both are."""
        return 2 * self.right / (self.predicted + self.labelled) if self.predicted + self.labelled else 0.0

    def add(self, pairs: int, labels: int, right: int) -> None:
        """Count the pairs of one file or speech."""
        self.predicted += pairs
        self.labelled += labels
        self.right += right

    def value(self) -> dict[str, Any]:
        """Return the figures for JSON."""
        found = {"predicted": self.predicted, "labelled": self.labelled, "right": self.right, "f1": round(self.f1, 4)}
        for name, n in (("precision", self.predicted), ("recall", self.labelled)):
            found[name] = round(self.right / n, 4) if n else None
            found[f"{name}_interval"] = [round(end, 4) for end in wilson(self.right, n)]
        if self.speeches:
            found["speeches"] = {name: each.value() for name, each in self.speeches.items()}
        return found


def predicted_pairs(structure: Structure, lines: Sequence[str]) -> list[Pair]:
    """Return what the product pairs: an official's section that carries questions, one pair for each of them.

    Whoever changes how the structure says a pair changes this function alone.
    """
    placed = place_sections(structure, lines)
    speeches = {line: each.speech for each in placed for line in each.lines}
    pairs: list[Pair] = []
    for each in placed:
        labels = each.section.labels
        if labels.get("role") != "official" or not labels.get("question"):
            continue
        if labels.get("written"):
            pairs.extend(_written(labels))
            continue
        for asked in labels["asked_lines"].split("\n"):
            question = numbers(asked)[-1]
            pairs.append(
                Pair(
                    question=question,
                    speech=speeches.get(question, 0),
                    answer=frozenset(each.lines),
                    answer_speech=each.speech,
                )
            )
    return pairs


def _written(labels: Mapping[str, str]) -> Iterator[Pair]:
    """Yield a pair for each question that one written answer answers; its last line stands for it."""
    answer = frozenset(numbers(labels["lines"]))
    for asked in labels["asked_lines"].split("\n"):
        yield Pair(question=numbers(asked)[-1], speech=0, answer=answer, answer_speech=0)


def score_spoken(tally: PairTally, file: str, pairs: Sequence[Pair], labels: Sequence[Mapping[str, Any]]) -> None:
    """Count a sitting that is labelled as a whole: every pair without a label is wrong."""
    answered = [label for label in labels if label["answer"]]
    matched = match(pairs, answered)
    tally.add(len(pairs), len(answered), len(matched))
    for speech in sorted({label["speech"] for label in labels} | {pair.speech for pair in pairs}):
        of_speech = tally.speeches.setdefault(f"{file}:{speech}", PairTally())
        of_speech.add(
            sum(pair.speech == speech for pair in pairs),
            sum(label["speech"] == speech for label in answered),
            sum(answered[index]["speech"] == speech for index in matched.values()),
        )


def score_sampled(tally: PairTally, pairs: Sequence[Pair], labels: Sequence[Mapping[str, Any]]) -> None:
    """Count a file of which only a sample is labelled: a pair far from every label is neither right nor wrong."""
    near = [pair for pair in pairs if any(_touches(pair, label) for label in labels)]
    tally.add(len(near), sum(bool(label["answer"]) for label in labels), len(match(near, labels)))


def match(pairs: Sequence[Pair], labels: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """Return index of a right pair → index of its label, each used once, the closest answers first."""
    close = sorted(
        (-shared, index, at)
        for index, pair in enumerate(pairs)
        for at, label in enumerate(labels)
        if (shared := _agreement(pair, label)) >= LEAST_SHARED
    )
    matched: dict[int, int] = {}
    for _, index, at in close:
        if index not in matched and at not in matched.values():
            matched[index] = at
    return matched


def _agreement(pair: Pair, label: Mapping[str, Any]) -> float:
    """Return the share of the answers' union that both hold; 0 for another question, another speech or no answer."""
    if not label["answer"] or pair.question not in span(label["question"]):
        return 0.0
    begins = label.get("answer_speech", pair.answer_speech)
    if pair.answer_speech and pair.answer_speech not in (begins, begins + 1):  # the name may stand on a line of its own
        return 0.0
    return jaccard(pair.answer, span(label["answer"]))


def _touches(pair: Pair, label: Mapping[str, Any]) -> bool:
    asked = pair.question in span(label["question"])
    return asked or bool(label["answer"] and pair.answer.intersection(span(label["answer"])))


def span(ends: Sequence[int]) -> range:
    """Return the lines from the first to the last."""
    return range(ends[0], ends[1] + 1)


def jaccard(first: Collection[int], second: Collection[int]) -> float:
    """Return the share of the union that both hold; 0 for two empty ones."""
    together = set(first) | set(second)
    return len(set(first) & set(second)) / len(together) if together else 0.0
