"""Sentences of the evidence as candidates for an answer, weighed against the question."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.domain import Chunk, Evidence, Kind
from rag.extractive.units import LISTS, Unit, units_of
from rag.extractive.wanted import Wanted, is_spoken
from rag.japanese.bands import band_of
from rag.japanese.text import normalise
from rag.japanese.words import content_words

HEADING_SHARE = 0.5
"""What a question word in the heading alone counts, against one in the sentence."""
LEAD_SHARE = 0.8
"""The same for a word in the clause or row that the sentence belongs to."""
TOPIC_SHARE = 0.25
"""What words in the topic of the sentence (before its first は) count on top."""
FITNESS_SHARE = 0.55
"""What the right kind of sentence counts, against all words of the question."""
COMPOUND_SHARE = 0.3
"""What the question's compounds (免税点, 契約保証金) standing whole in the sentence count on top: the words of an analyser
are their parts, which other compounds share."""
STALE = 0.85
"""Factor for a remark of an earlier sitting: what was said last counts."""
OTHER_QUESTION = 0.8
"""Factor for the answer to an FAQ question that shares no word with the one asked …"""
FIRST_ANSWER = 0.5
"""… and what the first sentence of the answer to the very question asked counts on top."""
SAME_QUESTION = 1.3
"""Factor for the first sentence of the answer to a question that shares …"""
SAME_SHARE = 0.6
"""… this much with the one asked."""
OPENING_OF_LIST = 0.6
"""Factor for a clause that only opens a list: its items say it."""
DENSITY_SHARE = 0.1
"""What it counts that a sentence speaks of what was asked and of little else."""
FIRST_STEP = 0.03
"""What each sentence further down in an article takes off, five at most: the rule comes first, its details later."""
CONDITION = 0.85
"""Factor for a sentence under a condition of which the question says nothing."""
DEPENDENT = 0.6
"""Factor for a sentence that only says how another one is limited."""
UNFIT = 0.8
"""Factor for a sentence without the figure, the person or the date that was asked for."""
IN_BAND, OUT_OF_BAND = 1.5, 0.4
"""Factors for a row or sentence on a band of figures that holds the one given in the question, and that does not."""
REMARK = 0.6
"""Factor for a remark where nobody's words are asked for: rules say it."""
RANK_STEP = 0.05
"""What each place further down in the search takes off …"""
LAST_RANK = 0.4
"""… until this is left."""
NAMED = 0.4
"""What being the article or the speaker that the question names counts."""
OTHER_SPEAKER = 0.5
"""Factor for the words of others where the question names a speaker."""
LIKE_SPEAKER = 0.9
"""The same for the words of somebody of the kind that it names: a chair, a member, a director."""
MEMBER = 0.6
"""Factor for what a member says where the question does not ask for members: officials answer."""
ASKING = 0.3
"""Factor for a sentence that asks itself."""
WORDS_OF_ASKING = frozenset(
    "何 定める 規定 内容 書く 記載 意見 答弁 答える 発言 述べる 見解 言う 話す 説明 質問 幾ら 教える 使う 出る 取れる 取る 必要 どう どの よう 如何 日 年 円 今".split()
)
"""Words that belong to asking, not to what is asked for."""

_ASKS = re.compile(
    r"(?:ですか|ますか|でしょうか|でしたか|ませんか|のか|伺い(?:いた)?します|伺います|うかがいます|お尋ねします|お尋ねいたします|お聞きします|お聞かせください|お答えください|お願いします|問う|問います"
    r"|よいか|るか)[。？?]?$|[？?]$"
)
_ASKS_PLAINLY = re.compile(r"(?:ですか|ますか|でしょうか|ませんか|ください)[。？?]?$|[？?]$")
"""The same in a rule, whose own words (するか, のか) may end so within a table."""
_DEPENDS = re.compile(r"ただし、|これに代えて|この場合")
_GREETS = re.compile(
    r"(?:お答え(?:いた)?します|お答え申し上げます|ご質問(?:に|、)|ご質問(?:が|を)(?:ございました|いただきました)|答弁(?:いた)?させます|答弁いたさせます|について(?:で|に)ございます|(?:の認識|の考え|の所見|の件)(?:で|に)ございます|についてです)。?$|^【[^】]*】$|^[^、0-9０-９]{2,10}でございます。?$"
)
_CONDITION = re.compile(
    r"(?:ただし、)?(.{2,60}?)(?:(?:とき|場合)(?:は|も|に|には|において|における|、)|にかかわらず|に限り)"
)


def weigh(
    question: str, evidence: Sequence[Evidence], wanted: Wanted, official: Mapping[str, tuple[str, ...]]
) -> list[Unit]:
    """Return every unit with its score, best first; 1.0 means that all words of the question stand in it.

    `official` maps everyday phrases of the question to the official words that may stand for them.
    """
    named = [item for item in evidence if wanted.names_article(item)]
    spoken = [item for item in evidence if is_spoken(item.chunk)] if wanted.spoken and wanted.somebody else []
    units = [unit for item in named or spoken or evidence for unit in _mark_first(units_of(item), wanted)]
    units = [unit for unit in units if wanted.names_clause(unit.evidence, unit.paragraph, unit.item)] or units
    texts = [set(content_words(unit.text)) for unit in units]
    asked = _asked_words(wanted.rest if named else question, official, frozenset().union(*texts))
    weights = _rarities(asked, texts)
    headings = {item.number: _heading_words(item) for item in evidence}
    newest = max((item.chunk.labels.get("date", "") for item in evidence), default="")
    scored = []
    for unit, words in zip(units, texts, strict=True):
        said = sum(weights[word] for word in words & asked)
        covered = _cover(unit, words, headings[unit.evidence.number], weights=weights)
        found = replace(unit, said=said, covered=covered, density=len(words & asked) / (1 + len(words)))
        score = _score(found, weights, wanted) * _standing(found, wanted, weights, newest=newest)
        scored.append(replace(found, score=score + NAMED * _is_named(found, wanted)))
    return sorted(scored, key=lambda unit: (-unit.score, unit.evidence.number, unit.ordinal))


def _asked_words(question: str, official: Mapping[str, tuple[str, ...]], held: frozenset[str]) -> set[str]:
    """Return the words that an answer should hold: for everyday words that no text has, the official ones that one has."""
    asked = set(content_words(question))
    for phrase, alternatives in official.items():
        found = {word for each in alternatives for word in content_words(each)} & held
        if found:
            asked = (asked - (set(content_words(phrase)) - held)) | found
    return asked - WORDS_OF_ASKING


def _mark_first(units: Sequence[Unit], wanted: Wanted) -> list[Unit]:
    """Mark the first sentence of an FAQ answer, which is the direct one."""
    for index, unit in enumerate(units):
        if unit.evidence.chunk.kind is Kind.FAQ and not asks(unit) and not _repeats(unit.text, wanted.plain):
            return [*units[:index], replace(unit, is_first=True), *units[index + 1 :]]
    return list(units)


def _heading_words(evidence: Evidence) -> set[str]:
    chunk = evidence.chunk
    labels = [chunk.labels.get(name, "") for name in ("question", "topic", "speaker", "post")]
    return set(content_words(" ".join([evidence.title, chunk.header, *labels])))


def _rarities(asked: set[str], texts: Sequence[set[str]]) -> dict[str, float]:
    counts = Counter(word for words in texts for word in words & asked)
    raw = {word: math.log(1 + len(texts) / counts[word]) if counts[word] else 1.0 for word in asked}
    total = sum(raw.values()) or 1.0
    return {word: weight / total for word, weight in raw.items()}


def _cover(unit: Unit, words: set[str], heading: set[str], *, weights: Mapping[str, float]) -> float:
    """Return the share of the question's words that stand in the sentence, in what it belongs to, and above it."""
    lead = set(content_words(_belongs_to(unit))) - words
    covered = sum(weights[word] for word in words & weights.keys())
    covered += LEAD_SHARE * sum(weights[word] for word in lead & weights.keys())
    return covered + HEADING_SHARE * sum(weights[word] for word in (heading - words - lead) & weights.keys())


def _belongs_to(unit: Unit) -> str:
    """Return the clause that an item completes, the heads of a row, and the question that an FAQ answer answers."""
    labels = unit.evidence.chunk.labels
    return unit.lead + (labels.get("question", "") if unit.evidence.chunk.kind is Kind.FAQ else "")


def _score(unit: Unit, weights: Mapping[str, float], wanted: Wanted) -> float:
    about, covered = _about(unit.text, weights), unit.covered
    context = unit.evidence.chunk.header + (unit.lead if unit.cells else "")
    whole = wanted.compound_share(unit.text if unit.cells else _belongs_to(unit) + unit.text, context)
    fitness = wanted.fitness(unit.text)
    score = covered + TOPIC_SHARE * about + DENSITY_SHARE * unit.density + COMPOUND_SHARE * whole
    score += FITNESS_SHARE * fitness * min(1.0, 0.3 + (covered + unit.said) / 2)
    if wanted.is_special and not fitness:
        score *= UNFIT
    inside = band_of(unit.text, wanted.given)
    if inside is not None:
        score *= IN_BAND if inside else OUT_OF_BAND
    return score * max(LAST_RANK, 1.0 - RANK_STEP * (unit.evidence.number - 1))


def _about(text: str, weights: Mapping[str, float]) -> float:
    """Return how far the topic of a sentence (before its first は) is what the question is about, and nothing else."""
    topic, found, _ = re.sub(r"[（(][^（）()]*[）)]", "", text).partition("は")
    words = set(content_words(topic)) if found else set()
    own = words & weights.keys()
    return sum(weights[word] for word in own) * len(own) / len(words) if words else 0.0


def _is_named(unit: Unit, wanted: Wanted) -> bool:
    """Tell whether the question names this article or this speaker."""
    chunk = unit.evidence.chunk
    return wanted.names_article(unit.evidence) or (wanted.spoken and wanted.names(chunk))


def _standing(unit: Unit, wanted: Wanted, weights: Mapping[str, float], *, newest: str) -> float:
    """Return what a sentence is worth apart from its words: greetings and questions are no answers."""
    chunk = unit.evidence.chunk
    factor = STALE if chunk.labels.get("date", newest) < newest else 1.0
    if chunk.kind is Kind.FAQ:
        shared = _shared_question(unit, weights)
        factor *= OTHER_QUESTION + (1 - OTHER_QUESTION) * shared + FIRST_ANSWER * unit.is_first * shared**2
        factor *= SAME_QUESTION if unit.is_first and shared >= SAME_SHARE else 1.0
        factor *= CONDITION if _is_conditional(chunk.labels.get("question", ""), weights) else 1.0
    if LISTS.search(unit.text) and not unit.cells:
        factor *= OPENING_OF_LIST
    if _DEPENDS.match(unit.text):
        factor *= DEPENDENT
    if (asks(unit) and not wanted.question) or (chunk.kind is not Kind.RULES and _repeats(unit.text, wanted.plain)):
        factor *= ASKING
    if _is_conditional(unit.text, weights):
        factor *= CONDITION
    if chunk.kind is Kind.RULES and not unit.cells:
        factor *= 1 - FIRST_STEP * min(5, unit.ordinal)
    if _GREETS.search(unit.text) or ("duties" in chunk.labels and not wanted.person):
        factor *= ASKING
    return factor * _speakers_standing(chunk, wanted)


def _speakers_standing(chunk: Chunk, wanted: Wanted) -> float:
    """Return what somebody's words are worth to this question; 1 for texts without a speaker."""
    if not is_spoken(chunk) or wanted.names(chunk):
        return 1.0
    if wanted.spoken and wanted.somebody and chunk.kind is not Kind.ANSWERS:
        return LIKE_SPEAKER if wanted.names_role(chunk) else OTHER_SPEAKER
    standing = 1.0 if wanted.spoken else REMARK
    return standing * MEMBER if chunk.labels.get("role") == "member" else standing


def _shared_question(unit: Unit, weights: Mapping[str, float]) -> float:
    """Return how much the FAQ's own question and the one asked have in common, 0 to 1."""
    words = set(content_words(unit.evidence.chunk.labels.get("question", ""))) - WORDS_OF_ASKING
    common = words & weights.keys()
    return sum(weights[word] for word in common) * math.sqrt(len(common) / len(words)) if words else 0.0


def _is_conditional(text: str, weights: Mapping[str, float]) -> bool:
    """Tell whether a sentence holds only where a condition is met that the question does not speak of."""
    found = _CONDITION.match(text)
    words = set(content_words(found[1])) if found else set()
    return len(words & weights.keys()) < len(words) / 3


def _repeats(text: str, question: str) -> bool:
    """Tell whether a sentence is the question itself (the Q of an FAQ)."""
    plain = "".join(normalise(text).split()).rstrip("。?")
    return plain in question or question.rstrip("。?") in plain


def asks(unit: Unit) -> bool:
    """Tell whether a sentence asks something itself, as a member's question does, or belongs to the Q of an FAQ."""
    chunk = unit.evidence.chunk
    if chunk.kind is Kind.RULES:
        return _ASKS_PLAINLY.search(unit.text) is not None
    return _ASKS.search(unit.text) is not None or unit.text in chunk.labels.get("question", "")
