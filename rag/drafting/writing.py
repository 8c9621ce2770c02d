"""The writer of drafts without a language model: the best past answers, re-cut to what is asked, every change marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rag.assembly.item import TO_WRITE, AnswerPart, Drafted, DraftRequest, Item, PastAnswer, Stance
from rag.assembly.sheet import RECUT
from rag.domain import Evidence
from rag.drafting.parts import part_of
from rag.drafting.years import in_own_years
from rag.japanese.dates import dates
from rag.japanese.numerals import figures
from rag.japanese.orders import gives_orders
from rag.japanese.text import find_quote, sentences
from rag.japanese.words import content_nouns

NOTHING = TO_WRITE + "「{question}」に答える根拠が、取り込んだ資料に見当たりません。所管課で書いてください。"
YEAR_CHANGED = "「{before}」を「{after}」にしました（{day}の答弁のため）"
FIGURE_IS_OLD = "{day}の答弁の数です。いまの数を確かめてください"
FROM_DOCUMENT = "答弁ではない資料の文です。話し言葉に直してください"
SHORTEST = 8
"""Characters below which a text is no sentence."""
WEAKENED = "「{before}」を「{after}」にしました（姿勢が慎重のため）"
CONSIDERS = "について検討してまいります。"
CONSIDERED = 3
"""Level of what is to be considered: no stronger may a cautious answer be."""
EACH = 3
"""Sentences that are taken for one question."""
LEAST = 0.34
"""A sentence answers a question if it and what it answered hold this share of the question's nouns …"""
OWN = 0.1
"""… and it alone at least this much more than its neighbours have in common …"""
NEWEST = 0.06
"""What being the newest answer adds, the next one half of it, and so on."""
COMMITS = 0.15
"""What a sentence that says what will be done adds, where that is asked for."""
FACETS = frozenset(
    "今後 取り組み 取組 現状 状況 課題 考え 考え方 方 見解 所見 方針 対応 対策 見通し 見込み 時期 県 本 本県 知事 部長 教育 認識 どう 如何 理由 必要 実績 効果"
    " 評価 内容 概要 取り組む 進め 進捗 検討".split()
)
"""Nouns by which a question says what it wants to hear of its topic, not what the topic is."""
SAME = 0.7
"""Share of its nouns from which a sentence says again what one that is taken says."""
_ASKS = re.compile(
    r"(?:のか|どうか|ないか|べきか|を問う|問う|伺う|お尋ねする|示されたい|ますか|ですか|でしょうか|伺います|伺いたい)。?$|^(?:問|質問)[0-9０-９（(　 ]"
)
_LEADS = re.compile(r"^(?:また|次に|まず|さらに|なお|最後に|そこで|このため|こうした中)、|^[・○●]\s*")
_PROMISES = re.compile(
    r"(?:に|を|の(?:実施|推進|整備)に|に向けて)、?(?:しっかりと|着実に|全力で|一体となって|引き続き)?(?:取り組んで|努めて|進めて|図って|行って|実施して|推進して|整備して)"
    r"(?:まいります|いきます|おります)。$"
)
_PLANS = (
    "今後",
    "取組",
    "取り組",
    "どのように",
    "どう",
    "見通し",
    "対応",
    "方針",
    "考え",
    "いつ",
    "時期",
    "進め",
    "支援",
    "べき",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A sentence of a past answer or a document."""

    text: str
    evidence: Evidence
    day: date | None
    answered: frozenset[str]
    """Nouns of what it answered."""
    around: frozenset[str]
    """Nouns of the whole answer in which it stands."""
    rank: int
    """0 for the newest answer; beyond all answers for other documents."""
    order: int
    is_last: bool
    is_answer: bool


class RecutWriter:
    """Implements DraftWriter with the words of past answers alone."""

    def __init__(self, level: Callable[[str], int]) -> None:
        """Take what tells how strongly a sentence commits."""
        self._level = level

    @property
    def name(self) -> str:
        """Name the writer as it is shown with the draft."""
        return RECUT

    @property
    def prompt(self) -> str:
        """Return an empty digest: no prompt is used."""
        return ""

    def write(self, request: DraftRequest) -> Iterator[Drafted]:
        """Yield the opening, then for each question what officials or documents say of it, in the order of the parts."""
        yield Drafted(part=AnswerPart.RESTATEMENT, text=request.opening)
        said = list(_said(request))
        taken: dict[int, Drafted] = {}
        missing: list[Drafted] = []
        for question in request.questions:
            found = self._best(question, said, request.item)
            if not found:
                missing.append(_missing(question))
            for at in found:
                taken.setdefault(at, self._drafted(said[at], request))
        drafted = [taken[at] for at in sorted(taken, key=lambda at: (said[at].rank, said[at].order))]
        yield from sorted([*drafted, *missing], key=lambda each: list(AnswerPart).index(each.part))

    def _best(self, question: str, said: Sequence[_Said], item: Item) -> list[int]:
        """Return which sentences answer a question best, at most three, in their own order."""
        topic = content_nouns(" ".join(item.headings)) - FACETS
        wanted = content_nouns(question) - FACETS or topic or content_nouns(item.topic)
        wanted = wanted or content_nouns(item.background) - FACETS
        if not wanted:  # 「いかがか。」 with nothing around it: no sentence can be told to answer it
            return []
        plans = any(word in question for word in _PLANS)
        scored = []
        for at, each in enumerate(said):
            words = content_nouns(each.text)
            own, around = len(words & wanted) / len(wanted), len((words | each.answered) & wanted) / len(wanted)
            about = len((words | each.answered | each.around) & topic) / len(topic) if topic else 1.0
            if around < LEAST or not own or about < LEAST:
                continue
            score = own + around / 2 + NEWEST / (1 + each.rank)
            score += COMMITS * (plans and self._level(each.text) > 0)
            scored.append((score, at))
        best = sorted(scored, key=lambda pair: (-pair[0], pair[1]))
        kept: list[int] = []
        for score, at in best:
            if score >= best[0][0] / 2 and not any(_says_again(said[at], said[other]) for other in kept):
                kept.append(at)
            if len(kept) == EACH:
                break
        return sorted(self._with_commitment(kept, said) if plans else kept)

    def _with_commitment(self, kept: Sequence[int], said: Sequence[_Said]) -> list[int]:
        """Add the sentence by which the answer stands that the best sentence comes from, where none of them commits."""
        if not kept or any(self._level(said[at].text) for at in kept):
            return list(kept)
        rank = said[kept[0]].rank
        standing = [
            at for at, each in enumerate(said) if each.rank == rank and each.is_answer and self._level(each.text)
        ]
        return [*kept, *standing[-1:]]

    def _drafted(self, said: _Said, request: DraftRequest) -> Drafted:
        text, changes = _LEADS.sub("", said.text), []
        if said.day is not None and said.is_answer:
            text, years = in_own_years(text, said.day, request.day)
            changes = [
                YEAR_CHANGED.format(before=before, after=after, day=said.day.isoformat()) for before, after in years
            ]
        if not said.is_answer:
            changes.append(FROM_DOCUMENT)
        elif said.day is not None and (figures(text) or dates(text)):
            changes.append(FIGURE_IS_OLD.format(day=said.day.isoformat()))
        if request.stance is Stance.CAUTIOUS and 0 < self._level(text) < CONSIDERED:
            text, weaker = self._weakened(text)
            changes += weaker
        part = part_of(text, is_last=said.is_last)
        return Drafted(
            part=part if part is not AnswerPart.RESTATEMENT else AnswerPart.PRESENT,
            text=text,
            citations=(said.evidence.number,),
            quotes=(said.text,),
            changes=tuple(changes),
            needs_confirming=bool(changes),
        )

    def _weakened(self, text: str) -> tuple[str, list[str]]:
        """Return a promise as what is to be considered, and what was changed; as it is where its ending is not known."""
        found = _PROMISES.search(text)
        weaker = f"{text[: found.start()]}{CONSIDERS}" if found else text
        if found is None or self._level(weaker) < CONSIDERED:
            return text, []
        return weaker, [WEAKENED.format(before=found[0].rstrip("。"), after=CONSIDERS.rstrip("。"))]


def _says_again(one: _Said, other: _Said) -> bool:
    """Tell whether a sentence says what another one says: the same words of an answer sheet, or an older state of the same."""
    mine, theirs = content_nouns(one.text), content_nouns(other.text)
    return len(mine & theirs) >= SAME * min(len(mine), len(theirs))


def _missing(question: str) -> Drafted:
    return Drafted(part=AnswerPart.ACTION, text=NOTHING.format(question=question.rstrip("。")), needs_confirming=True)


def _is_statement(text: str) -> bool:
    """Tell whether a sentence states something: no question, no greeting, no order to a machine."""
    asks = _ASKS.search(text) is not None or part_of(text) is AnswerPart.RESTATEMENT
    return len(text) >= SHORTEST and not asks and not gives_orders(text)


def _said(request: DraftRequest) -> Iterator[_Said]:
    """Yield the sentences that may be taken over: of past answers, the newest first, then of other documents."""
    answers: Mapping[str, tuple[int, PastAnswer]] = {
        item.chunk.id: (rank, past)
        for rank, past in enumerate(request.past)
        for item in request.evidence
        if item.chunk.document_id == past.citation.document_id and find_quote(item.chunk.text.strip(), past.text)
    }
    for item in request.evidence:
        rank, past = answers.get(item.chunk.id, (len(request.past), None))
        spans = sentences(item.chunk.text)
        for order, span in enumerate(spans):
            text = span.of(item.chunk.text).strip()
            if not text.endswith("。") or not _is_statement(text) or "duties" in item.chunk.labels:
                continue
            yield _Said(
                text=text,
                evidence=item,
                day=past.day if past else item.chunk.period.start,
                answered=content_nouns(past.question) if past else content_nouns(item.chunk.header),
                around=content_nouns(past.text) if past else frozenset(),
                rank=rank,
                order=order,
                is_last=order == len(spans) - 1,
                is_answer=past is not None,
            )
