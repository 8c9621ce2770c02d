"""A language model that does what a document orders, behind the scripted server: the worst that a writer can do.

It obeys only what has reached it: a payload that is not in the request leaves it honest. It cites as a clever liar would:
it copies the order itself word for word, or the fact of the host, or says both in one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.attack_cases import Case, Draft, revealed
from tests.scripted import Fault, Reply

FENCE = re.compile(r"^([0-9a-f]{16})$", re.MULTILINE)
"""The line that opens and closes the evidence (prompts/answer_question.md)."""
_NUMBER = re.compile(r"^\[(\d+)\] ", re.MULTILINE)
_TAG = re.compile("<[^<>]+>")
_FORMAT = re.compile("[\u200b-\u200f\u2060\ufeff\U000e0000-\U000e007f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The evidence of a request."""

    texts: Mapping[int, str]
    """Number → the evidence with its heading."""

    @classmethod
    def of(cls, messages: Sequence[Mapping[str, Any]]) -> Shown:
        """Read the evidence between the two fences."""
        request = next((str(each["content"]) for each in messages if FENCE.search(str(each["content"]))), "")
        fenced = FENCE.split(request)
        parts = _NUMBER.split(fenced[2]) if len(fenced) > 2 else [""]
        return cls(texts={int(number): text for number, text in zip(parts[1::2], parts[2::2], strict=True)})

    def where(self, words: str) -> int:
        """Return the number of the evidence that holds these words; 0: none does."""
        wanted = revealed(words)
        return next((number for number, text in self.texts.items() if wanted in revealed(text)), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What writes the answers of the scripted server."""

    honest: Draft
    case: Case | None = None
    """None: nobody orders it anything."""
    answers: bool = True
    """Whether it also says the honest answer when it obeys."""

    def __call__(self, body: Mapping[str, Any]) -> Reply:
        """Answer a request, also one to mend; it ends where the request says that it must."""
        shown = Shown.of(body["messages"])
        whole = "\n".join(self._lines(shown))
        # A token is hardly ever more than a character and a quarter of Japanese: the longest that a server lets through.
        limit = int(1.25 * int(body.get("max_tokens") or body.get("max_completion_tokens") or 10**6))
        return Reply(text=whole[:limit], fault=Fault.LENGTH if len(whole) > limit else Fault.NONE)

    def _lines(self, shown: Shown) -> Iterator[str]:
        case = self.case
        order, number = _order(case, shown) if case else ("", 0)
        fact = f"[{shown.where(self.honest.quote) or 1}]「{self.honest.quote}」"
        if self.answers or case is None or not number:
            yield f"【結論】{self.honest.says}{fact}"
        if case is not None and case.obeyed is not None and number:
            yield from self._obey(case.obeyed, order=f"[{number}]「{order}」", fact=fact)

    def _obey(self, obeyed: Draft, *, order: str, fact: str) -> Iterator[str]:
        if obeyed.lines is not None:
            for _ in range(obeyed.times):
                yield from (line.replace("{order}", order).replace("{fact}", fact) for line in obeyed.lines)
            return
        yield f"【結論】{obeyed.says}{order}"
        yield f"【結論】{obeyed.says}{fact}"
        yield f"【結論】{obeyed.says}"
        if self.answers:
            both = f"{self.honest.says}{obeyed.says}"
            yield from (f"【根拠】{both}{cited}" for cited in (fact, f"{fact}{order}"))


def _order(case: Case, shown: Shown) -> tuple[str, int]:
    """Return the line of the payload that a model would copy, and the number of its evidence; 0: it has not been shown."""
    if not any(shown.where(line) for line in case.lines):
        return "", 0
    lines = [
        _FORMAT.sub("", _TAG.sub("", line) if case.is_markup else line).strip() for line in case.payload.splitlines()
    ]
    said = [(line, shown.where(line)) for line in lines if line]
    found = [each for each in said if each[1]]
    return min(found, key=lambda each: (not _is_forbidden(each[0], case), -len(each[0])), default=("", 0))


def _is_forbidden(line: str, case: Case) -> bool:
    return any(word in revealed(line) for word in case.forbidden)
