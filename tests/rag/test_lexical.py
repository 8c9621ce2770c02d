from __future__ import annotations

import json
import shutil
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.adapters.chive import UNKNOWN
from rag.adapters.coverage import Coverage
from rag.adapters.expansion import Expansion
from rag.adapters.lexical import VERSION, TantivyIndex
from rag.domain import Audience, Chunk, Kind, Period, RemarkFilter, Scope
from rag.errors import StorageError

ALL = Audience(level="1")
STAFF = Audience(level="2")
TODAY = date(2026, 11, 23)


class Shelf:
    """The part of a catalogue that an index reads."""

    def __init__(self, *chunks: Chunk) -> None:
        self.added = {1: list(chunks)}
        self.removed: dict[int, list[tuple[str, Audience]]] = {}

    def all_chunks(self, *, since: int = 0) -> Iterator[Chunk]:
        gone = {chunk_id for pairs in self.removed.values() for chunk_id, _ in pairs}
        return iter(
            [
                each
                for revision, chunks in self.added.items()
                if revision > since
                for each in chunks
                if each.id not in gone
            ]
        )

    def removed_since(self, revision: int) -> list[tuple[str, Audience]]:
        return [pair for at, pairs in self.removed.items() if at > revision for pair in pairs]


def chunk(name: str, text: str, *, title: str = "旅費条例", audience: Audience = ALL, **facts: object) -> Chunk:
    made = Chunk(
        id=name, document_id=name, ordinal=0, locator="", header=title, text=text, kind=Kind.RULES, audience=audience
    )
    return replace(made, **facts)  # type: ignore[arg-type]


class NoVectors:
    """Word vectors that know no word."""

    units = np.zeros((1, 2), dtype=np.float32)
    common = np.zeros(2, dtype=np.float32)

    def look_up(self, _word: str) -> tuple[int, int]:
        return UNKNOWN

    def rows(self, words: Sequence[str]) -> np.ndarray:
        return np.full(len(words), -1, dtype=np.int64)


class NearVectors(NoVectors):
    """Word vectors in which 日当 is nearest to 旅費, and 宿泊 next."""

    known = ("旅費", "日当", "宿泊")
    units = np.array([[1.0, 0.0], [0.95, 0.312], [0.9, -0.436]], dtype=np.float32)

    def look_up(self, word: str) -> tuple[int, int]:
        return (self.known.index(word), 1) if word in self.known else UNKNOWN

    def rows(self, words: Sequence[str]) -> np.ndarray:
        return np.array([self.look_up(word)[0] for word in words], dtype=np.int64)


def open_index(shelf: Shelf, folder: Path, *, vectors: Any = None, count: int = 5) -> TantivyIndex:
    vectors = vectors or NoVectors()
    expansion, coverage = Expansion(vectors, count=count, similarity=0.5), Coverage(vectors)
    return TantivyIndex(shelf, folder / "words", expansion=expansion, coverage=coverage)  # type: ignore[arg-type]


def index(tmp_path: Path, *chunks: Chunk, vectors: Any = None) -> TantivyIndex:
    made = open_index(Shelf(*chunks), tmp_path, vectors=vectors)
    made.update(revision=1)
    return made


def found(
    lexical: TantivyIndex,
    question: str,
    *audiences: Audience,
    official: Sequence[str] = (),
    limit: int = 10,
    **scope: object,
) -> dict[str, dict[str, float]]:
    within = Scope(**({"as_of": TODAY} | scope))  # type: ignore[arg-type]
    return lexical.search(question, official, audiences or [ALL], scope=within, limit=limit)


def test_words_are_found_whatever_their_spelling(tmp_path: Path) -> None:
    lexical = index(tmp_path, chunk("a", "引越しの費用を支給する。"), chunk("b", "日当を支給する。"))
    assert list(found(lexical, "引っ越し")["words"]) == ["a"]


def test_characters_find_what_words_cut_differently(tmp_path: Path) -> None:
    lexical = index(tmp_path, chunk("a", "宿泊税検討会議"), chunk("b", "道路の占用"))
    assert list(found(lexical, "宿泊税")["characters"])[0] == "a"


def test_official_words_find_what_everyday_words_do_not_but_count_less(tmp_path: Path) -> None:
    lexical = index(tmp_path, chunk("rule", "年次有給休暇の日数"), chunk("other", "公印の日数"))
    assert "rule" not in found(lexical, "年休")["words"]
    helped = found(lexical, "年休", official=["年次有給休暇"])["words"]
    assert 0 < helped["rule"] < found(lexical, "年次有給休暇")["words"]["rule"]


def test_what_stands_nearly_everywhere_is_not_looked_for_where_that_costs_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [chunk(f"c{number}", "旅費を支給する。") for number in range(8)]
    lexical = index(tmp_path, *texts, chunk("rare", "公印を支給する。"))
    before = found(lexical, "公印の支給")
    assert len(before["words"]) == 9
    monkeypatch.setattr("rag.adapters.rarity.MOST_ENTRIES", 4)
    after = found(lexical, "公印の支給")
    assert {leg: list(scores) for leg, scores in after.items()} == {"words": ["rare"], "characters": ["rare"]}
    assert after["words"]["rare"] > before["words"]["rare"] * 0.9, "a share of what was looked for"
    assert len(found(lexical, "支給")["words"]) == 9, "the only word is looked for whatever it costs"


def test_a_change_is_found_while_parts_are_still_joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(chunk("a", "日当を支給する。"))
    lexical = open_index(shelf, tmp_path)
    seen: list[int] = []

    class Writer:
        def __init__(self, real: Any) -> None:
            self._real = real

        def __getattr__(self, name: str) -> Any:
            return getattr(self._real, name)

        def wait_merging_threads(self) -> None:
            seen.append(len(found(open_index(shelf, tmp_path), "日当")["words"]))
            raise ValueError("no space left")

    write = TantivyIndex._write
    monkeypatch.setattr(TantivyIndex, "_write", lambda self, reached: [Writer(each) for each in write(self, reached)])
    lexical.update(revision=1)
    assert seen == [1]
    assert list(found(lexical, "日当")["words"]) == ["a"], "and when they could not be joined"


def test_words_keep_their_neighbours_when_others_had_to_be_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.adapters.expansion.KEPT_ROWS", 2)
    expansion = Expansion(NearVectors(), count=5, similarity=0.5)  # type: ignore[arg-type]
    words = {("a", 1): lambda: list(NearVectors.known)}
    first = expansion.expand(["旅費", "日当"], words)
    assert set(first["旅費"]) == set(NearVectors.known)
    assert expansion.expand(["日当", "宿泊"], words)["日当"] == first["日当"]
    assert expansion.expand(["旅費", "日当"], words) == first


def test_only_texts_in_force_on_the_day_are_found(tmp_path: Path) -> None:
    change = date(2026, 4, 1)
    lexical = index(
        tmp_path,
        chunk("old", "車賃は三十七円とする。", period=Period(end=change)),
        chunk("new", "車賃は二十五円とする。", period=Period(start=change)),
    )
    assert list(found(lexical, "車賃", as_of=date(2026, 3, 31))["words"]) == ["old"]
    assert list(found(lexical, "車賃", as_of=change)["words"]) == ["new"]


def test_only_the_kinds_asked_for_are_found(tmp_path: Path) -> None:
    lexical = index(tmp_path, chunk("rule", "旅費"), chunk("faq", "旅費", kind=Kind.FAQ))
    assert list(found(lexical, "旅費", kinds=frozenset({Kind.FAQ}))["words"]) == ["faq"]


def test_only_the_remarks_asked_for_are_found_and_with_the_scores_that_they_have_among_all(tmp_path: Path) -> None:
    crowd = [chunk(f"rule{number}", "宿泊税の条例") for number in range(20)]
    minutes = [
        chunk("governor", "宿泊税は検討します。", kind=Kind.MINUTES, labels=said("知事")),
        chunk("deputy", "宿泊税は検討します。", kind=Kind.MINUTES, labels=said("副知事")),
    ]
    lexical = index(tmp_path, *crowd, *minutes, chunk("notes", "宿泊税", kind=Kind.NOTES))
    everything = found(lexical, "宿泊税", limit=100)["words"]
    for leg, narrowed in found(lexical, "宿泊税", remarks=(RemarkFilter(post="知事"),), limit=1).items():
        assert list(narrowed) == ["governor"], leg
    assert found(lexical, "宿泊税", remarks=(RemarkFilter(post="知事"),))["words"]["governor"] == everything["governor"]
    both = (RemarkFilter(post="知事"), RemarkFilter(post="副知事"))
    assert set(found(lexical, "宿泊税", remarks=both)["words"]) == {"governor", "deputy"}
    assert found(lexical, "宿泊税", remarks=(RemarkFilter(post="教育長"),)) == {"words": {}, "characters": {}}
    october = RemarkFilter(period=Period(start=date(2025, 10, 1)))
    assert found(lexical, "宿泊税", remarks=(october,))["words"] == {}


def said(post: str) -> dict[str, str]:
    """The labels of what an official said in September."""
    return {"sitting": "令和7年9月定例会", "date": "2025-09-17", "post": post, "role": "official"}


def test_an_audience_not_given_is_not_searched(tmp_path: Path) -> None:
    lexical = index(tmp_path, chunk("open", "旅費"), chunk("kept", "旅費", audience=STAFF))
    assert list(found(lexical, "旅費", ALL)["words"]) == ["open"]


def test_what_a_reader_may_not_see_changes_no_score(tmp_path: Path) -> None:
    visible = [chunk("a", "旅費の請求"), chunk("b", "公印の管理")]
    hidden = [chunk(f"h{number}", "旅費の請求", audience=STAFF) for number in range(50)]
    alone = found(index(tmp_path / "1", *visible), "旅費の請求", ALL)
    beside = found(index(tmp_path / "2", *visible, *hidden), "旅費の請求", ALL)
    assert alone == beside


def test_scores_compare_between_the_audiences_of_one_search(tmp_path: Path) -> None:
    # 公印 is rare over both audiences together though common inside the small one.
    lexical = index(
        tmp_path,
        *(chunk(f"a{number}", "旅費を請求する手続の定め") for number in range(20)),
        chunk("b1", "公印を管守する者の定め", audience=STAFF),
        chunk("b2", "公印を管守する者の定め", audience=STAFF),
    )
    scores = found(lexical, "公印 旅費", ALL, STAFF)["words"]
    assert min(scores["b1"], scores["b2"]) > max(score for name, score in scores.items() if name.startswith("a"))


def test_a_clause_is_found_by_a_shortened_name_and_the_closest_title_wins(tmp_path: Path) -> None:
    lexical = index(
        tmp_path,
        chunk("ordinance", "旅費の請求", title="職員の旅費に関する条例", labels={"article": "12"}),
        chunk("other", "旅費の請求", title="職員の旅費に関する条例の施行に関する規則", labels={"article": "12"}),
        chunk("elsewhere", "旅費の請求", title="職員の旅費に関する条例", labels={"article": "13"}),
    )
    clauses = lexical.find_clause("旅費条例", "12", [ALL], scope=Scope(as_of=TODAY), limit=10)
    assert sorted(clauses, key=lambda name: -clauses[name]) == ["ordinance", "other"]


def test_a_table_or_a_form_is_found_by_its_number_and_no_article_with_it(tmp_path: Path) -> None:
    title = "職員の旅費に関する条例"
    lexical = index(
        tmp_path,
        chunk("table", "宿泊料", title=title, labels={"part": "table", "number": "1"}),
        chunk("form", "請求書", title=title, labels={"part": "form", "number": "1"}),
        chunk("article", "旅費の種類", title=title, labels={"part": "main", "article": "1"}),
    )
    for clause, name in (("table:1", "table"), ("form:1", "form"), ("1", "article")):
        assert list(lexical.find_clause("旅費条例", clause, [ALL], scope=Scope(as_of=TODAY), limit=10)) == [name]


def test_the_clauses_that_carry_out_a_named_one_are_found(tmp_path: Path) -> None:
    regulation, elsewhere = "職員の旅費に関する規則", "職員の給与に関する規則"
    lexical = index(
        tmp_path,
        chunk("out", "条例第16条第1項第3号に定める費用の額は、25円とする。", title=regulation, labels={"article": "9"}),
        chunk("other", "条例第16条に定める手当は、別に定める。", title=elsewhere, labels={"article": "2"}),
        chunk("whole", "旅費条例第16条の例による。", title=elsewhere, labels={"article": "3"}),
        chunk("itself", "車賃の額は、規則で定める。", title="職員の旅費に関する条例", labels={"article": "16"}),
    )
    asked: dict[str, Any] = {"scope": Scope(as_of=TODAY), "limit": 10}
    assert lexical.find_resting_on("旅費条例", "16", [ALL], **asked) == {"out", "whole"}
    assert lexical.find_resting_on("旅費条例", "17", [ALL], **asked) == frozenset()
    assert lexical.find_resting_on("旅費条例", "16", [STAFF], **asked) == frozenset()
    few = asked | {"limit": 1}
    assert lexical.find_resting_on("旅費条例", "16", [ALL], **few) == frozenset(), (
        "what everything rests on tells nothing"
    )


def test_a_law_is_found_by_its_usual_name(tmp_path: Path) -> None:
    law = chunk("law", "第三者提供の制限", title="個人情報の保護に関する法律", labels={"article": "27"})
    lexical = index(tmp_path, law, chunk("other", "提供", title="情報公開条例", labels={"article": "27"}))
    clauses = lexical.find_clause("個人情報保護法", "27", [ALL], scope=Scope(as_of=TODAY), limit=10)
    assert list(clauses) == ["law"]


def test_repeating_an_update_changes_nothing_and_a_removal_is_followed(tmp_path: Path) -> None:
    shelf = Shelf(chunk("a", "旅費"), chunk("b", "旅費"))
    lexical = open_index(shelf, tmp_path)
    lexical.update(revision=1)
    lexical.update(revision=1)
    assert found(lexical, "旅費")["words"].keys() == {"a", "b"}
    shelf.removed[2] = [("a", ALL)]
    lexical.update(revision=2)
    assert found(lexical, "旅費")["words"].keys() == {"b"}
    assert lexical.revision() == 2


def test_a_word_that_only_a_removed_text_had_takes_no_place_among_the_near_ones(tmp_path: Path) -> None:
    shelf = Shelf(chunk("a", "日当", title="通知"), chunk("b", "宿泊", title="通知"))
    lexical = open_index(shelf, tmp_path, vectors=NearVectors(), count=1)
    lexical.update(revision=1)
    assert found(lexical, "旅費")["words"].keys() == {"a"}
    shelf.removed[2] = [("a", ALL)]
    lexical.update(revision=2)
    assert found(lexical, "旅費")["words"].keys() == {"b"}


def test_an_update_that_was_cut_off_is_made_again_without_doubles(tmp_path: Path) -> None:
    shelf = Shelf(chunk("a", "旅費"))
    lexical = open_index(shelf, tmp_path)
    lexical.update(revision=1)
    shelf.added[2] = [chunk("b", "旅費")]
    lexical.update(revision=2)
    state = tmp_path / "words" / f"v{VERSION}" / "state.json"
    state.write_text(state.read_text(encoding="utf-8").replace('"revision": 2', '"revision": 1'), encoding="utf-8")
    lexical.update(revision=2)
    assert found(lexical, "旅費")["words"].keys() == {"a", "b"}


def test_a_lost_state_is_built_anew(tmp_path: Path) -> None:
    shelf = Shelf(chunk("a", "旅費"))
    lexical = open_index(shelf, tmp_path)
    lexical.update(revision=1)
    shutil.rmtree(tmp_path / "words")
    assert lexical.revision() == 0
    lexical.update(revision=1)
    assert found(lexical, "旅費")["words"].keys() == {"a"}


def test_a_broken_index_is_said_with_its_remedy(tmp_path: Path) -> None:
    index(tmp_path, chunk("a", "旅費"))
    for file in (tmp_path / "words" / f"v{VERSION}" / ALL.key).iterdir():
        file.write_bytes(b"broken")
    again = open_index(Shelf(), tmp_path)
    with pytest.raises(StorageError, match="kotae ingest"):
        found(again, "旅費")


def test_coverage_is_the_share_of_the_questions_words_by_rarity(tmp_path: Path) -> None:
    lexical = index(tmp_path, chunk("a", "公印の管守"), chunk("b", "公印の印影", audience=STAFF))
    shares = lexical.judge("公印の管守", {}, ["a", "b"], [ALL, STAFF])["coverage"]
    assert shares["a"] == pytest.approx(1.0)
    assert 0 < shares["b"] < 0.5  # 管守 is the rarer word of the two
    assert lexical.judge("公印", {}, ["a", "b"], [ALL])["coverage"].keys() == {"a"}


def test_the_topic_is_how_near_the_words_are_as_a_whole(tmp_path: Path) -> None:
    near, far = (replace(chunk(name, text), header="") for name, text in (("a", "日当"), ("b", "公印")))
    lexical = index(tmp_path, near, far, vectors=NearVectors())
    topics = lexical.judge("旅費", {}, ["a", "b"], [ALL])["topic"]
    assert topics["a"] == pytest.approx(0.95, abs=0.01)
    assert topics["b"] == 0.0  # no word of it is known


def test_the_official_words_count_for_the_everyday_phrase(tmp_path: Path) -> None:
    lexical = index(tmp_path, chunk("a", "年次有給休暇を与える。"))
    assert lexical.judge("年休", {}, ["a"], [ALL])["coverage"] == {"a": 0.0}
    assert lexical.judge("年休", {"年休": ("年次有給休暇",)}, ["a"], [ALL])["coverage"] == {"a": pytest.approx(1.0)}


def test_an_index_that_was_deleted_and_built_anew_is_searched_at_once(tmp_path: Path) -> None:
    lexical = index(tmp_path, chunk("a", "旅費を支給する。"))
    assert list(found(lexical, "旅費")["words"]) == ["a"]
    shutil.rmtree(tmp_path / "words")
    lexical.update(revision=1)
    assert list(found(lexical, "旅費")["words"]) == ["a"]


def test_many_threads_find_the_same_while_the_revision_moves(tmp_path: Path) -> None:
    audiences = [Audience(level="2", groups=frozenset({f"第{number}課"})) for number in range(6)]
    shelf = Shelf(*(chunk(f"c{number}", "旅費を支給する。", audience=each) for number, each in enumerate(audiences)))
    lexical = open_index(shelf, tmp_path)
    lexical.update(revision=1)
    wanted = found(lexical, "旅費", *audiences)
    wrong: list[object] = []
    over = threading.Event()

    def search() -> None:
        while not over.is_set():
            try:
                got = found(lexical, "旅費", *audiences)
            except Exception as error:  # noqa: BLE001 - whatever goes wrong in a thread is the finding
                wrong.append(error)
            else:
                wrong.extend([got] if got != wanted else [])

    threads = [threading.Thread(target=search) for _ in range(6)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for revision in range(2, 60):
            lexical.update(revision=revision)
    finally:
        over.set()
        for thread in threads:
            thread.join()
        sys.setswitchinterval(before)
    assert wrong == []


def test_a_file_that_a_killed_run_left_in_the_way_is_got_round(tmp_path: Path) -> None:
    shelf = Shelf(chunk("a", "宿泊費の額"), chunk("b", "日当の額"), chunk("c", "車賃の額"))
    lexical = open_index(shelf, tmp_path)
    lexical.update(revision=1)
    (meta,) = tmp_path.glob("words/*/*/meta.json")
    facts = json.loads(meta.read_text(encoding="utf-8"))
    for segment in facts["segments"]:
        name = segment["segment_id"].replace("-", "")
        for stamp in range(facts["opstamp"], facts["opstamp"] + 20):
            (meta.parent / f"{name}.{stamp}.del").write_bytes(b"")
    shelf.removed[2] = [("b", ALL)]
    lexical.update(revision=2)
    assert lexical.revision() == 2
    assert found(lexical, "額")["words"].keys() == {"a", "c"}


def test_an_index_that_cannot_be_written_at_all_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lexical = open_index(Shelf(chunk("a", "宿泊費の額")), tmp_path)

    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(lexical, "_writer", full)
    with pytest.raises(StorageError, match="空き容量"):
        lexical.update(revision=1)
    assert lexical.revision() == 0
