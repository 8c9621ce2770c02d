"""Who said what at which sitting, read from the labels of a chunk, and whether it is what is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from rag.domain import SPOKEN_KINDS, Chunk, Hit, Period, Question, RemarkFilter
from rag.japanese.people import is_any_member, is_post
from rag.japanese.sittings import is_sitting
from rag.japanese.spoken import Facet, Mention, rest, spoken
from rag.japanese.words import content_words

REMARK_FACTS = ("sitting", "role", "post", "member")
"""Names of what an index keeps of a remark; each has few different values."""
_SEPARATOR = "\x1f"


def facts_of(chunk: Chunk) -> dict[str, str]:
    """Return what is known of who said it and where, by the names of `REMARK_FACTS`; empty for what is no remark."""
    if chunk.kind not in SPOKEN_KINDS:
        return {}
    labels = chunk.labels
    speaker, role = labels.get("speaker", ""), labels.get("role", "")
    sitting = " ".join(dict.fromkeys(filter(None, (labels.get("sitting"), chunk.title))))
    facts = {
        "sitting": f"{sitting}{_SEPARATOR}{labels.get('date', '')}",
        "role": role,
        "post": labels.get("post", "") or (speaker if role in ("official", "chair") else ""),
        "member": labels.get("member", "") or (speaker if role == "member" else ""),
    }
    return {name: value for name, value in facts.items() if value}


def conditions(wanted: RemarkFilter) -> dict[str, Callable[[str], bool]]:
    """Return what a filter asks of the facts of a remark, at least that it is one; a fact that is not known meets nothing."""
    found: dict[str, Callable[[str], bool]] = {}
    if wanted.sitting is not None or wanted.period != Period():
        found["sitting"] = partial(_is_of, wanted)
    if wanted.role:
        found["role"] = wanted.role.__eq__
    if wanted.post:
        found["post"] = partial(is_post, wanted.post)
    if wanted.member:
        found["member"] = partial(is_any_member, wanted.member)
    return found or {"sitting": bool}


def fits(wanted: RemarkFilter, facts: Mapping[str, str]) -> bool:
    """Tell whether a remark is meant by every part of a filter."""
    return all(meets(facts.get(name, "")) for name, meets in conditions(wanted).items())


def fits_any(wanted: Sequence[RemarkFilter], facts: Mapping[str, str]) -> bool:
    """Tell whether a remark is meant by one of several filters; without any, everything is meant."""
    return not wanted or any(fits(each, facts) for each in wanted)


def _is_of(wanted: RemarkFilter, held: str) -> bool:
    """Tell whether a sitting with its day is the one meant, in the time meant."""
    sitting, _, iso = held.partition(_SEPARATOR)
    day = date.fromisoformat(iso) if iso else None
    if wanted.sitting is not None and not is_sitting(wanted.sitting, sitting, day):
        return False
    return wanted.period == Period() or (day is not None and wanted.period.contains(day))


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What a question says of the remarks it asks for: a preference, never a condition."""

    text: str
    """The question as it stands."""
    mentions: tuple[Mention, ...]

    @classmethod
    def of(cls, question: Question) -> Meant:
        """Read a question."""
        return cls(text=question.text, mentions=tuple(spoken(question.text, question.as_of)))

    def candidates(self) -> tuple[RemarkFilter, ...]:
        """Return where more hits are looked for: at the sitting or in the time named, else by whom is named.

        Only one facet: that somebody else answered than the question believes must cost nothing.
        """
        for facets in ((Facet.SITTING, Facet.PERIOD), (Facet.MEMBER,), (Facet.POST,), (Facet.ROLE,)):
            if wanted := tuple(each.wanted for each in self.mentions if each.facet in facets):
                return wanted
        return ()

    def fitting(self, chunk: Chunk) -> tuple[Mention, ...]:
        """Return the mentions that a chunk fits."""
        facts = facts_of(chunk)
        return tuple(each for each in self.mentions if fits(each.wanted, facts))

    def rest(self, mentions: Sequence[Mention]) -> str:
        """Return the question without the words of these mentions; whole where nothing else is asked."""
        left = rest(self.text, mentions)
        return left if content_words(left) else self.text


def at_named_sitting(hits: Sequence[Hit], question: Question) -> list[Hit]:
    """Leave out what was said elsewhere where a question names a sitting or a time and some hit is of it.

    Texts that nobody said (rules, FAQ) stay, and everything stays where nothing of the named sitting was found.
    """
    wanted = [each.wanted for each in Meant.of(question).mentions if each.facet in (Facet.SITTING, Facet.PERIOD)]
    meant = {hit.chunk.id for hit in hits if wanted and fits_any(wanted, facts_of(hit.chunk))}
    return [hit for hit in hits if not meant or hit.chunk.id in meant or hit.chunk.kind not in SPOKEN_KINDS]


def bonus(mentions: Iterable[Mention], weights: Mapping[Facet, float]) -> float:
    """Return the weight of what a chunk fits, each facet counted once."""
    return sum(weights[facet] for facet in {each.facet for each in mentions})
