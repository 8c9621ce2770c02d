"""Answers of a scripted writer over a corpus: sentences with evidence as in the product, each with one fault."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from random import Random

from rag.domain import Chunk, Evidence, Hit, Part, Question, Reader, Sentence, Surrounding
from rag.evidence import choose_evidence
from rag.wiring import Home
from tests.bench.faithful import Draft, quote_of, sentence_of, wordings
from tests.bench.fault import Fault, Injector
from tests.bench.faults import FAULTS, NEEDS_OTHERS, is_well_formed
from tests.bench.statements import Statement, ground, plain, statements

COMMON = 0.05
"""Pairs of characters in more than this share of the chunks say nothing about likeness."""
PARTS = (Part.CONCLUSION, Part.BASIS, Part.PROCEDURE)
LONG = 10
"""Sentences of the answers that are timed."""


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """Chunks in the order of their documents, and the home that holds them."""

    name: str
    home: Home
    chunks: Sequence[Chunk]
    reader: Reader
    day: date

    @cached_property
    def statements(self) -> list[Statement]:
        """Return what answers can be built on: only what is in force on the day; of what one person said, one sentence."""
        found: list[Statement] = []
        for chunk in self.chunks:
            if chunk.period.contains(self.day):
                said = list(statements(chunk))
                found += said[:1] if said and said[0].is_remark else said
        return found

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Return chunk id → place in `chunks`."""
        return {chunk.id: place for place, chunk in enumerate(self.chunks)}

    @cached_property
    def beside(self) -> Callable[[Chunk], Iterator[Surrounding]]:
        """Return what the product gives beside a chunk; read once, for a question of no words."""
        return self.home.beside(Question(text="", as_of=self.day, reader=self.reader))

    @cached_property
    def pairs(self) -> list[frozenset[str]]:
        """Return the pairs of characters of every chunk."""
        return [frozenset(_pairs(chunk.text)) for chunk in self.chunks]

    @cached_property
    def postings(self) -> Mapping[str, Sequence[int]]:
        """Return pair → places of the chunks that have it, common ones left out."""
        found: dict[str, list[int]] = defaultdict(list)
        for place, pairs in enumerate(self.pairs):
            for pair in sorted(pairs):
                found[pair].append(place)
        most = max(COMMON * len(self.chunks), 3)
        return {pair: places for pair, places in found.items() if len(places) <= most}

    def alike(self, chunk: Chunk, count: int) -> list[Chunk]:
        """Return the chunks in force of other documents that share most with one."""
        shared: dict[int, float] = defaultdict(float)
        for pair in sorted(self.pairs[self.places[chunk.id]]):
            places = self.postings.get(pair, ())
            for place in places:
                shared[place] += 1 / len(places)
        ranked = sorted(shared, key=lambda place: (-shared[place] / math.sqrt(len(self.pairs[place])), place))
        others = (self.chunks[place] for place in ranked)
        fit = (each for each in others if each.title != chunk.title and each.period.contains(self.day))
        return [each for each, _ in zip(fit, range(count), strict=False)]

    def neighbours(self, chunk: Chunk, count: int) -> list[Chunk]:
        """Return the chunks nearest to one in its own rule or text."""
        place = self.places[chunk.id]
        near = (place + step * sign for step in range(1, 6) for sign in (1, -1))
        found = (self.chunks[each] for each in near if 0 <= each < len(self.chunks))
        return [each for each in found if each.title == chunk.title and each.period.contains(self.day)][:count]


def _pairs(text: str) -> Iterator[str]:
    said = plain(text)
    return (said[at : at + 2] for at in range(len(said) - 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A draft of an answer as it comes from the writer."""

    question: Question
    evidence: tuple[Evidence, ...]
    sentences: tuple[Sentence, ...]
    kinds: tuple[str, ...]
    """How each sentence was worded."""
    fault: Fault | None = None
    """None: nothing is wrong with it."""
    place: int = 0
    """Where the faulty sentence stands."""
    name: str = ""
    """The class of the fault; empty where there is none."""

    def faulty(self) -> tuple[Sentence, ...]:
        """Return the sentences with the fault in its place."""
        assert self.fault is not None
        return (*self.sentences[: self.place], self.fault.after, *self.sentences[self.place + 1 :])


def question_about(chunk: Chunk, corpus: Corpus) -> Question:
    """Return what a person asks about a chunk, in the words of its heading."""
    heading = chunk.header.rpartition(" › ")[2]
    return Question(text=f"{heading}について教えてください。", as_of=corpus.day, reader=corpus.reader)


def evidence_for(chunk: Chunk, corpus: Corpus, rng: Random, *, count: int) -> tuple[Evidence, ...]:
    """Return a chunk with its neighbours and look-alikes as the product numbers them; empty where a copy stands for it."""
    near = corpus.neighbours(chunk, rng.randint(1, max(1, count - 2)))
    found = [chunk, *near]
    found += [each for each in corpus.alike(chunk, count) if each.id not in {other.id for other in found}]
    found = found[:count]
    rng.shuffle(found)
    titles = {each.id: corpus.home.catalogue.document(each.document_id).title for each in found}
    hits = [Hit(chunk=each, title=titles[each.id], score=1 - place / 10) for place, each in enumerate(found)]
    evidence = choose_evidence(
        hits,
        corpus.home.catalogue.document,
        count=count,
        tokens=corpus.home.settings.answer.evidence_tokens,
        beside=corpus.beside,
    )
    return evidence if any(item.chunk.id == chunk.id for item in evidence) else ()


def drafts(statement: Statement, rng: Random, evidence: tuple[Evidence, ...]) -> Iterator[Draft]:
    """Yield every wording of a statement as a draft, in no order."""
    cited = next(item for item in evidence if item.chunk.id == statement.chunk.id)
    beside = [(said, item) for item in evidence for said in statements(item.chunk) if said.text != statement.text]
    said = ground(cited)
    worded = wordings(statement, rng)
    rng.shuffle(worded)
    for kind, text in worded:
        sentence = sentence_of(text, (cited.number, quote_of(statement.text, rng)))
        yield Draft(
            statement=statement,
            kind=kind,
            sentence=sentence,
            cited=cited,
            evidence=evidence,
            ground=said,
            beside=beside,
        )


def answers(corpus: Corpus, name: str, *, count: int, seed: int) -> list[Answer]:
    """Return at most so many answers, each with a fault of one class, the ways to make it in turn; the same for a seed."""
    ways = FAULTS[name]
    made: list[list[Answer]] = [[] for _ in ways]
    for way, inject in enumerate(ways):
        rng = Random(f"{seed} {corpus.name} {name} {way}")
        order = rng.sample(corpus.statements, len(corpus.statements))
        for statement in order:
            if len(made[way]) == count:
                break
            made[way] += _answer(statement, corpus, name, inject, rng)
    turns = [each for turn in range(count) for found in made for each in found[turn : turn + 1]]
    return turns[:count]


def _answer(statement: Statement, corpus: Corpus, name: str, inject: Injector, rng: Random) -> list[Answer]:
    """Return an answer on this statement with a fault, or none where it has no place for one."""
    if inject not in NEEDS_OTHERS and not _may_hold(statement, inject):
        return []
    evidence = evidence_for(statement.chunk, corpus, rng, count=rng.randint(3, 5))
    for draft in drafts(statement, rng, evidence) if evidence else ():
        fault = inject(draft, rng)
        if fault is not None and is_well_formed(fault.after.text):
            return [_around(draft, fault, corpus, name, rng)]
    return []


def _may_hold(statement: Statement, inject: Injector) -> bool:
    """Tell whether a statement has a place for a fault, by its chunk alone: evidence takes a hundred times as long."""
    alone = (Evidence(number=1, chunk=statement.chunk, title=statement.chunk.title),)
    return any(inject(draft, Random(0)) for draft in drafts(statement, Random(0), alone))


def _around(draft: Draft, fault: Fault, corpus: Corpus, name: str, rng: Random) -> Answer:
    """Put one or two faithful sentences, or none, beside the faulty one."""
    others = rng.sample(draft.beside, min(len(draft.beside), rng.randint(0, 2)))
    said = [_worded(statement, item, rng) for statement, item in others]
    place = rng.randint(0, len(said))
    said.insert(place, (draft.kind if fault.before.text == draft.sentence.text else "原文のまま", fault.before))
    parts = [PARTS[at] for at in range(len(said))]
    return Answer(
        question=question_about(draft.statement.chunk, corpus),
        evidence=draft.evidence,
        sentences=tuple(replace(sentence, part=part) for (_, sentence), part in zip(said, parts, strict=True)),
        kinds=tuple(kind for kind, _ in said),
        fault=replace(fault, after=replace(fault.after, part=parts[place])),
        place=place,
        name=name,
    )


def _worded(statement: Statement, item: Evidence, rng: Random) -> tuple[str, Sentence]:
    kind, text = rng.choice(wordings(statement, rng))
    return kind, sentence_of(text, (item.number, quote_of(statement.text, rng)))


def long_answers(corpus: Corpus, *, count: int, seed: int) -> list[Answer]:
    """Return at most so many faithful answers of ten sentences over as much evidence as the product gives."""
    rng = Random(f"{seed} {corpus.name}")
    found: list[Answer] = []
    for statement in rng.sample(corpus.statements, len(corpus.statements)):
        evidence = evidence_for(statement.chunk, corpus, rng, count=corpus.home.settings.answer.evidence_count)
        said = [(each, item) for item in evidence for each in statements(item.chunk)]
        if len(said) >= LONG:
            worded = [_worded(each, item, rng) for each, item in rng.sample(said, LONG)]
            found.append(
                Answer(
                    question=question_about(statement.chunk, corpus),
                    evidence=evidence,
                    sentences=tuple(sentence for _, sentence in worded),
                    kinds=tuple(kind for kind, _ in worded),
                )
            )
        if len(found) == count:
            break
    return found
