from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rag.domain import Audience, Chunk, Kind, Period, Question, QuestionVector, Reader, RemarkFilter, Role, Scope
from rag.japanese.synonyms import Synonyms
from rag.japanese.usual_names import UsualNames
from rag.retrieve import Retriever
from rag.settings import Settings

ALL, STAFF, KEPT = Audience(level="1"), Audience(level="2"), Audience(level="3B", groups=frozenset({"人事課"}))
TODAY = date(2026, 11, 23)
CLERK = Reader(user="clerk", name="旅費係員", max_level="2")


def chunk(name: str, text: str, *, audience: Audience = ALL, period: Period | None = None) -> Chunk:
    return Chunk(
        id=name,
        document_id=f"doc-{name}",
        ordinal=0,
        locator="第12条",
        header="旅費条例 › 第12条",
        text=text,
        kind=Kind.RULES,
        audience=audience,
        period=period or Period(),
    )


class Shelf:
    def __init__(self, *chunks: Chunk) -> None:
        self.held = {each.id: each for each in chunks}

    def audiences(self) -> list[Audience]:
        return list(dict.fromkeys(each.audience for each in self.held.values()))

    def chunks(self, chunk_ids: Sequence[str]) -> dict[str, Chunk]:
        return {name: self.held[name] for name in chunk_ids if name in self.held}


class Legs:
    """Both indexes at once, with the scores that the test gives (of words in tenths), whatever is asked."""

    def __init__(self, words: Mapping[str, float], vectors: Mapping[str, float], clauses: Mapping[str, float]) -> None:
        self.words, self.near, self.clauses = words, vectors, clauses
        self.audiences: list[Audience] = []
        self.named: list[tuple[str, str]] = []
        self.asked: list[tuple[str, dict[str, tuple[str, ...]]]] = []
        self.searched: list[tuple[str, list[str]]] = []
        self.shares: dict[str, float] = {}
        self.topics: dict[str, float] = {}
        self.vectors_asked = 0
        self.resting: set[str] = set()
        self.rested: list[tuple[str, str]] = []
        self.hidden: dict[str, float] = {}
        """What words find only in a scope of remarks."""
        self.scopes: list[Scope] = []

    def embed(self, text: str) -> QuestionVector:
        return QuestionVector(embedder="test", values=(1.0, 0.0) if "旅費" in text else (0.0, 0.0))

    def search(self, asked: object, *more: Sequence[Any], scope: Scope, **_: object) -> object:
        self.audiences = list(more[-1])
        if isinstance(asked, str):
            self.scopes.append(scope)
            self.searched.append((asked, list(more[0])))
            found = self.words | self.hidden if scope.remarks else self.words
            return {"words": {name: tenths / 10 for name, tenths in found.items()}}
        self.vectors_asked += 1
        return dict(self.near)

    def find_resting_on(self, name: str, article: str, *_: object, **__: object) -> frozenset[str]:
        self.rested.append((name, article))
        return frozenset(self.resting)

    def find_clause(self, name: str, article: str, *_: object, **__: object) -> dict[str, float]:
        self.named.append((name, article))
        return dict(self.clauses)

    def judge(
        self, question: str, official: Mapping[str, tuple[str, ...]], chunk_ids: Sequence[str], _: object
    ) -> dict[str, dict[str, float]]:
        self.asked.append((question, dict(official)))
        return {
            "coverage": {name: self.shares.get(name, 0.0) for name in chunk_ids},
            "topic": {name: self.topics.get(name, 0.0) for name in chunk_ids},
        }


def retriever(shelf: Shelf, legs: Legs) -> Retriever:
    return Retriever(
        catalogue=shelf,  # type: ignore[arg-type]
        lexical=legs,  # type: ignore[arg-type]
        vectors=legs,  # type: ignore[arg-type]
        synonyms=Synonyms(official={"年休": ("年次有給休暇",)}),
        usual=UsualNames(titles={"番号法": "特定の個人を識別するための番号の利用等に関する法律"}),
        settings=Settings(),
    )


def ask(text: str, reader: Reader = CLERK, *, as_of: date = TODAY) -> Question:
    return Question(text=text, as_of=as_of, reader=reader)


def names(shelf: Shelf, legs: Legs, question: Question, limit: int = 5) -> list[str]:
    return [hit.chunk.id for hit in retriever(shelf, legs).search(question, limit=limit).hits]


def test_only_audiences_that_the_reader_may_read_reach_the_indexes() -> None:
    shelf = Shelf(chunk("a", "旅費"), chunk("b", "旅費", audience=STAFF), chunk("c", "旅費", audience=KEPT))
    legs = Legs({}, {}, {})
    retriever(shelf, legs).search(ask("旅費"), limit=5)
    assert legs.audiences == [ALL, STAFF]
    personnel = Reader(user="p", name="人事課員", department="人事課", max_level="3B")
    retriever(shelf, legs).search(ask("旅費", personnel), limit=5)
    assert legs.audiences == [ALL, STAFF, KEPT]


def test_an_index_that_returns_a_forbidden_chunk_is_not_believed() -> None:
    shelf = Shelf(chunk("a", "旅費"), chunk("kept", "旅費", audience=KEPT))
    assert names(shelf, Legs({"a": 1.0, "kept": 9.0}, {}, {}), ask("旅費")) == ["a"]


def test_an_index_that_returns_a_text_out_of_force_is_not_believed() -> None:
    old = chunk("old", "旅費", period=Period(end=date(2026, 4, 1)))
    legs = Legs({"old": 9.0, "new": 1.0}, {}, {})
    assert names(Shelf(old, chunk("new", "旅費")), legs, ask("旅費")) == ["new"]
    assert names(Shelf(old, chunk("new", "旅費")), legs, ask("旅費", as_of=date(2026, 3, 31)))[0] == "old"


def test_a_chunk_that_has_left_the_catalogue_is_not_shown() -> None:
    assert names(Shelf(chunk("a", "旅費")), Legs({"gone": 9.0, "a": 1.0}, {}, {}), ask("旅費")) == ["a"]


def test_a_clause_named_in_the_question_comes_first() -> None:
    shelf = Shelf(chunk("near", "旅費"), chunk("named", "請求"))
    legs = Legs({"near": 9.0}, {"near": 0.9}, {"named": 0.5})
    assert names(shelf, legs, ask("旅費条例第12条の内容は"))[0] == "named"
    assert legs.named == [("旅費条例", "12")]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("旅費条例別表第1の宿泊料はいくら", [("旅費条例", "table:1")]),
        ("旅費条例様式第2号はどう書くか", [("旅費条例", "form:2")]),
        ("別表第1の宿泊料はいくら", []),
        ("旅費条例附則第2項の経過措置", []),
    ],
)
def test_a_table_or_a_form_of_a_named_rule_is_looked_up(text: str, named: list[tuple[str, str]]) -> None:
    legs = Legs({"near": 9.0}, {}, {})
    names(Shelf(chunk("near", "旅費")), legs, ask(text))
    assert legs.named == named


def test_what_carries_out_a_named_clause_comes_after_it_and_before_what_is_as_like() -> None:
    shelf = Shelf(chunk("near", "旅費"), chunk("named", "請求"), chunk("order", "様式"))
    legs = Legs({"near": 5.0, "order": 5.0}, {"near": 0.3, "order": 0.3}, {"named": 0.5})
    legs.resting = {"order"}
    hits = retriever(shelf, legs).search(ask("旅費条例第12条の内容は"), limit=5).hits
    assert [hit.chunk.id for hit in hits] == ["named", "order", "near"]
    assert legs.rested == [("旅費条例", "12")]
    assert hits[1].found_by == ("words", "vectors")


def test_a_clause_named_by_the_usual_name_of_its_rule_is_looked_up_by_the_title() -> None:
    legs = Legs({"near": 9.0}, {}, {})
    names(Shelf(chunk("near", "旅費")), legs, ask("番号法第2条の内容は"))
    assert legs.named == [("特定の個人を識別するための番号の利用等に関する法律", "2")]


def test_a_name_that_fits_every_title_names_none() -> None:
    shelf = Shelf(chunk("near", "旅費"), chunk("named", "請求"))
    legs = Legs({"near": 9.0}, {}, {"named": 0.1})
    assert names(shelf, legs, ask("条例第12条の旅費")) == ["near"]


def test_a_hit_tells_which_legs_found_it_and_the_rest_are_near_misses() -> None:
    shelf = Shelf(chunk("a", "旅費"), chunk("b", "日当"))
    result = retriever(shelf, Legs({"a": 3.0, "b": 1.0}, {"a": 0.4}, {})).search(ask("旅費"), limit=1)
    assert result.hits[0].found_by == ("words", "vectors")
    assert result.hits[0].leg_scores == {"words": 0.3, "vectors": pytest.approx(0.5), "coverage": 0.0, "topic": 0.0}
    assert [hit.chunk.id for hit in result.near_misses] == ["b"]


def test_a_question_without_known_words_is_not_asked_of_the_vectors() -> None:
    shelf = Shelf(chunk("a", "公印"))
    result = retriever(shelf, Legs({"a": 1.0}, {"a": 0.9}, {})).search(ask("公印"), limit=1)
    assert result.hits[0].found_by == ("words",)


def test_of_two_equal_hits_the_one_that_speaks_of_more_of_the_question_comes_first() -> None:
    legs = Legs({"a": 2.0, "b": 2.0}, {}, {})
    legs.shares = {"b": 0.9, "a": 0.1}
    result = retriever(Shelf(chunk("a", "公印"), chunk("b", "公印の管守")), legs).search(ask("公印"), limit=5)
    assert [hit.chunk.id for hit in result.hits] == ["b", "a"]
    assert result.coverage == pytest.approx(0.9)
    assert result.hits[0].found_by == ("words",)


def test_of_two_equal_hits_the_one_that_is_nearer_in_topic_comes_first() -> None:
    legs = Legs({"a": 2.0, "b": 2.0}, {}, {})
    legs.topics = {"b": 0.6, "a": 0.2}
    assert names(Shelf(chunk("a", "公印"), chunk("b", "公印の管守")), legs, ask("公印")) == ["b", "a"]


def test_a_named_clause_stays_first_however_well_another_text_fits() -> None:
    legs = Legs({"near": 9.0}, {"near": 0.9}, {"named": 0.5})
    legs.shares, legs.topics = {"near": 1.0}, {"near": 1.0}
    assert names(Shelf(chunk("near", "旅費"), chunk("named", "請求")), legs, ask("旅費条例第12条の旅費"))[0] == "named"


def test_copies_of_one_text_are_one_hit_that_names_the_others() -> None:
    copy = replace(chunk("copy", "旅費は、 別表による。"), document_id="doc-copy")
    other = replace(chunk("other", "旅費は、別表による。"), header="旅費条例 › 第13条")
    shelf = Shelf(chunk("a", "旅費は、別表による。"), copy, other)
    hits = retriever(shelf, Legs({"a": 3.0, "copy": 2.0, "other": 1.0}, {}, {})).search(ask("旅費"), limit=5).hits
    assert [hit.chunk.id for hit in hits] == ["a", "other"]
    assert [again.id for again in hits[0].repeated_in] == ["copy"]


def test_several_questions_are_looked_for_one_by_one() -> None:
    legs = Legs({"a": 1.0, "b": 1.0}, {}, {})
    retriever(Shelf(chunk("a", "旅費"), chunk("b", "公印")), legs).search(
        ask("年度末に転勤します。旅費はいくらですか。公印は誰が管守しますか。"), limit=5
    )
    assert [text for text, _ in legs.searched] == [
        "年度末に転勤します。旅費はいくらですか。公印は誰が管守しますか。",
        "年度末に転勤します。旅費はいくらですか。",
        "年度末に転勤します。公印は誰が管守しますか。",
    ]


def test_everyday_words_are_searched_with_their_official_ones() -> None:
    legs = Legs({}, {}, {})
    retriever(Shelf(chunk("a", "旅費")), legs).search(ask("年休は何日"), limit=5)
    assert legs.asked == [("年休は何日", {"年休": ("年次有給休暇",)})]
    assert legs.searched == [("年休は何日", ["年次有給休暇"])]


def test_a_reader_without_any_audience_finds_nothing() -> None:
    outsider = Reader(user="x", name="外部", max_level="")
    result = retriever(Shelf(chunk("a", "旅費")), Legs({"a": 1.0}, {}, {})).search(ask("旅費", outsider), limit=5)
    assert (result.hits, result.coverage) == ((), 0.0)


def test_an_unlabelled_text_is_for_administrators() -> None:
    shelf = Shelf(chunk("a", "旅費", audience=Audience()))
    legs = Legs({"a": 1.0}, {}, {})
    assert names(shelf, legs, ask("旅費")) == []
    assert names(shelf, legs, ask("旅費", replace(CLERK, role=Role.ADMIN))) == ["a"]


def test_a_question_is_looked_for_on_other_days_among_texts_that_do_not_hold_today() -> None:
    past = Period(start=date(2000, 4, 1), end=date(2026, 4, 1))
    shelf = Shelf(replace(chunk("old", "旅費"), period=past), chunk("now", "旅費"))
    legs = Legs({"old": 9.0, "now": 8.0}, {}, {})
    legs.shares = {"old": 0.9, "now": 0.9}
    found = retriever(shelf, legs).on_other_days(ask("旅費"), [date(2026, 3, 31)])
    assert found is not None
    assert found.chunk.id == "old"
    assert legs.vectors_asked == 0
    weak = Legs({"old": 9.0}, {}, {})
    weak.shares = {"old": 0.3}
    assert retriever(shelf, weak).on_other_days(ask("旅費"), [date(2026, 3, 31)]) is None
    assert retriever(shelf, legs).on_other_days(ask("旅費"), []) is None
    lasting = Legs({"now": 8.0}, {}, {})
    lasting.shares = {"now": 0.9}
    assert retriever(shelf, lasting).on_other_days(ask("旅費"), [date(2026, 3, 31)]) is None, "it holds today too"


def spoken(name: str, **labels: str) -> Chunk:
    return replace(chunk(name, "宿泊税について述べる。"), kind=Kind.MINUTES, labels=labels)


QUESTION_AND_ANSWER = (
    spoken("進行", role="chair", procedure="yes"),
    spoken("質問", role="member"),
    spoken("答弁", role="official"),
)


@pytest.mark.parametrize(
    ("asked", "order"),
    [
        ("宿泊税についての答弁はどうでしたか。", ["答弁", "質問", "進行"]),
        ("宿泊税について何を質問しましたか。", ["質問", "答弁", "進行"]),
    ],
)
def test_an_answer_of_minutes_stands_before_the_question_and_both_before_the_running_of_the_meeting(
    asked: str, order: list[str]
) -> None:
    far = spoken("遠い", role="official")
    legs = Legs({"進行": 3.0, "質問": 2.9, "答弁": 2.8, "遠い": 0.0}, {}, {})
    assert names(Shelf(*QUESTION_AND_ANSWER, far), legs, ask(asked))[:3] == order


def test_what_a_council_member_says_in_meeting_notes_counts_in_full() -> None:
    said = replace(spoken("委員", role="member"), kind=Kind.NOTES)
    legs = Legs({"委員": 2.0, "質問": 2.1, "遠い": 0.0}, {}, {})
    far = spoken("遠い", role="official")
    assert names(Shelf(said, spoken("質問", role="member"), far), legs, ask("宿泊税の意見は"))[0] == "委員"


# --- remarks of minutes ------------------------------------------------------------------------------

SEPTEMBER, JUNE = (
    {"sitting": "令和7年9月定例会", "date": "2025-09-17"},
    {"sitting": "令和8年6月定例会", "date": "2026-06-17"},
)
ASKED = "去年の9月議会で知事は宿泊税についてどう答弁したか"


def remark(name: str, labels: Mapping[str, str], *, post: str = "知事", role: str = "official") -> Chunk:
    return replace(
        chunk(name, "宿泊税は検討します。"), kind=Kind.MINUTES, labels={**labels, "post": post, "role": role}
    )


def test_the_sitting_and_the_person_that_a_question_names_come_first_and_nothing_is_left_out() -> None:
    shelf = Shelf(
        remark("june", JUNE),
        remark("september", SEPTEMBER),
        remark("minister", SEPTEMBER, post="総務部長"),
        chunk("rule", "税"),
    )
    legs = Legs({"rule": 9.0, "june": 8.0, "minister": 7.0, "september": 6.8, "least": 0.0}, {}, {})
    assert names(shelf, legs, ask(ASKED)) == ["september", "minister", "june", "rule"]
    assert names(shelf, legs, ask("宿泊税の税率は")) == ["rule", "june", "minister", "september"]


def test_an_answer_that_is_asked_for_comes_before_the_question_that_it_answers() -> None:
    shelf = Shelf(remark("question", JUNE, post="議員", role="member"), remark("answer", JUNE))
    legs = Legs({"question": 9.0, "answer": 6.0, "least": 0.0}, {}, {})
    assert names(shelf, legs, ask("宿泊税についてどう答弁しましたか")) == ["answer", "question"]
    assert names(shelf, legs, ask("宿泊税の税率は")) == ["question", "answer"]


def test_the_named_sitting_is_searched_although_many_others_speak_of_the_same() -> None:
    shelf = Shelf(remark("june", JUNE), remark("september", SEPTEMBER))
    legs = Legs({"june": 8.0}, {}, {})
    legs.hidden = {"september": 3.0}
    assert names(shelf, legs, ask("去年の9月議会で宿泊税は何と説明されたか")) == ["september", "june"]
    assert [bool(scope.remarks) for scope in legs.scopes] == [False, True]
    legs.scopes.clear()
    assert names(shelf, legs, ask("宿泊税の税率は")) == ["june"]
    assert [bool(scope.remarks) for scope in legs.scopes] == [False], "a question that names nothing is asked once"


def test_a_sitting_that_a_remark_is_of_is_not_asked_of_its_words() -> None:
    legs = Legs({"june": 8.0, "september": 6.0}, {}, {})
    retriever(Shelf(remark("june", JUNE), remark("september", SEPTEMBER)), legs).search(
        ask("去年の9月議会で可決された宿泊税は"), limit=5
    )
    assert sorted(question for question, _ in legs.asked) == [
        "で可決された宿泊税は",
        "去年の9月議会で可決された宿泊税は",
    ]


def test_a_filter_is_a_condition_and_an_index_that_passes_over_it_is_not_believed() -> None:
    shelf = Shelf(remark("june", JUNE), remark("september", SEPTEMBER), chunk("rule", "税"))
    legs = Legs({"rule": 9.0, "june": 8.0, "september": 6.0}, {}, {"rule": 0.9})
    only = (RemarkFilter(period=Period(end=date(2026, 1, 1))),)
    assert names(shelf, legs, replace(ask(f"旅費条例第12条と{ASKED}"), remarks=only)) == ["september"]
    assert [scope.remarks for scope in legs.scopes] == [only]


def test_scores_stay_within_one_whatever_is_preferred() -> None:
    legs = Legs({"september": 9.0, "june": 1.0}, {"september": 0.9, "june": 0.1}, {"september": 1.0})
    legs.shares, legs.topics = {"september": 1.0}, {"september": 0.9}
    found = retriever(Shelf(remark("june", JUNE), remark("september", SEPTEMBER)), legs).search(
        ask(f"旅費条例第12条と{ASKED}"), limit=5
    )
    assert 0.9 < found.hits[0].score <= 1
    assert found.hits[0].found_by == ("words", "vectors", "reference")
    search = Settings().search
    most = search.sitting_weight + search.post_weight + search.role_weight
    assert found.hits[0].leg_scores["remark"] == pytest.approx(most)
