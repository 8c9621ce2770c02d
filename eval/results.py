"""What was judged of each case, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.metrics import wilson
from rag.domain import AnswerStatus

ANSWERED = frozenset({AnswerStatus.ANSWERED, AnswerStatus.PARTIAL})
DECLINED = frozenset(
    {
        AnswerStatus.DECLINED_NO_EVIDENCE,
        AnswerStatus.DECLINED_OUT_OF_SCOPE,
        AnswerStatus.DECLINED_PERSONAL,
        AnswerStatus.DECLINED_UNSUPPORTED,
        AnswerStatus.CLARIFY,
    }
)
STATUS, VERSION, PASSED = "status", "version", "passed"
"""Names of scores that a summary looks at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One judgement of one answer."""

    value: float | None
    """0 to 1; None: not judged, which is never zero."""
    answer: str
    """What was shown, short."""
    explanation: str
    """One Japanese line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One case as it ended."""

    id: str
    tags: tuple[str, ...]
    digest: str
    """That of the case: equal digests may be compared."""
    question: str
    as_of: str
    """The day for which it was asked, ISO."""
    status: str
    """An AnswerStatus; empty when no answer came at all."""
    error: str
    """Why the case failed, one Japanese line; empty when it was judged."""
    scores: Mapping[str, Score]
    seconds: float

    @property
    def passed(self) -> bool:
        """Tell whether every judged score is 1."""
        return self.scores[PASSED].value == 1

    @property
    def reason(self) -> str:
        """Return why it is not passed, one Japanese line."""
        return self.error or self.scores[PASSED].explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """A score over the cases in which it was judged."""

    value: float | None
    """None: judged in no case."""
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a group of cases comes to."""

    n: int
    passed: int
    answered: int
    declined: int
    errors: int
    """Cases that ended with an error; they count as not passed."""
    false_declines: int
    """Declined, though an answer was expected."""
    false_answers: int
    """Answered, though a decline was expected."""
    superseded_cited: int | None
    """Answers that cite a version not in force on their day; None: versions were not judged."""
    scores: Mapping[str, Mean]

    @property
    def rate(self) -> float:
        """Return the share that passed; 0 for no cases."""
        return self.passed / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Return the 95 % interval (Wilson) of the rate."""
        return wilson(self.passed, self.n)

    def as_json(self) -> dict[str, Any]:
        """Return the object that a run keeps and a command prints."""
        shape = {
            "n": self.n,
            **rate_json(self.passed, self.n),
            "answered": self.answered,
            "declined": self.declined,
            "errors": self.errors,
            "false_declines": self.false_declines,
            "false_answers": self.false_answers,
        }
        if self.superseded_cited is not None:
            shape["superseded_cited"] = self.superseded_cited
        shape["scores"] = {
            name: {"value": None if mean.value is None else round(mean.value, 4), "n": mean.n}
            for name, mean in self.scores.items()
        }
        return shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a run comes to, as a whole and by tag."""

    overall: Tally
    tags: Mapping[str, Tally]
    """In the order of the tags' names."""


def summarise(results: Sequence[Result]) -> Summary:
    """Count the results, overall and per tag."""
    tags = sorted({tag for result in results for tag in result.tags})
    return Summary(
        overall=tally(results),
        tags={tag: tally([result for result in results if tag in result.tags]) for tag in tags},
    )


def tally(results: Sequence[Result]) -> Tally:
    """Count the results of one group."""
    judged = [result for result in results if not result.error]
    wrong = [result for result in judged if result.scores[STATUS].value == 0]
    versions = [value for value in _values(judged, VERSION) if value is not None]
    return Tally(
        n=len(results),
        passed=sum(result.passed for result in results),
        answered=sum(result.status in ANSWERED for result in judged),
        declined=sum(result.status in DECLINED for result in judged),
        errors=len(results) - len(judged),
        false_declines=sum(result.status in DECLINED for result in wrong),
        false_answers=sum(result.status in ANSWERED for result in wrong),
        superseded_cited=sum(value < 1 for value in versions) if versions else None,
        scores={name: _mean(_values(results, name)) for name in _names(results)},
    )


def rate_json(passed: int, n: int) -> dict[str, Any]:
    """Return a rate with its 95 % interval as JSON."""
    low, high = wilson(passed, n)
    return {
        "passed": passed,
        "rate": round(passed / n, 4) if n else None,
        "low": round(low, 4),
        "high": round(high, 4),
    }


def _names(results: Iterable[Result]) -> list[str]:
    return list(dict.fromkeys(name for result in results for name in result.scores))


def _values(results: Iterable[Result], name: str) -> list[float | None]:
    return [result.scores[name].value for result in results if name in result.scores]


def _mean(values: Iterable[float | None]) -> Mean:
    judged = [value for value in values if value is not None]
    return Mean(value=sum(judged) / len(judged) if judged else None, n=len(judged))
