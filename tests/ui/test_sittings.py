"""Search in minutes: by sitting, post, member and time, as a filter and as a question says it, over the sample prefecture."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from rag.domain import Question, Reader
from rag.japanese.text import normalise
from rag.wiring import Home, open_home
from tests.ui.conftest import Kotae

FILE = Path(__file__).resolve().parents[1] / "cases/sittings.jsonl"
CASES = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
READER = Reader(user="local", name="この端末の管理者", reads_all=True)
SEPTEMBER, BUDGET, JUNE = "令和7年9月定例会", "令和8年予算特別委員会", "令和8年6月定例会"
DAY = ("--as-of", "2026-11-26")


@cache
def opened(path: Path) -> Home:
    return open_home(path)


def squeezed(text: str) -> str:
    return "".join(normalise(text).split())


@pytest.mark.parametrize("case", [case for case in CASES if "first" in case], ids=lambda case: case["id"])
def test_what_a_question_names_is_found_first(case: Mapping[str, Any], default_home: Path) -> None:
    home, first = opened(default_home), case["first"]
    within = first.get("within", 1)
    question = Question(text=case["question"], as_of=date.fromisoformat(case["as_of"]), reader=READER)
    found = [hit.chunk for hit in home.retriever.search(question, limit=within).hits]
    right = [
        home.catalogue.document(chunk.document_id).path == first["document"]
        and squeezed(first["holds"]) in squeezed(f"{chunk.header}{chunk.text}")
        and case.get("role", chunk.labels.get("role")) == chunk.labels.get("role")
        for chunk in found
    ]
    assert any(right), [(chunk.locator, chunk.text[:40]) for chunk in found]


def test_the_cases_are_many_and_few_of_them_are_let_off() -> None:
    searched = [case["first"] for case in CASES if "first" in case]
    assert len(searched) >= 40
    assert sum("within" in first for first in searched) <= 4


def locators(kotae: Kotae, home: Path, *arguments: object) -> list[str]:
    value = kotae("--home", home, "search", *arguments, *DAY, "--top", 100, "--json").value
    return [hit["locator"] for hit in value["hits"]]


@pytest.mark.parametrize(
    ("given", "start", "end"),
    [
        (["--sitting", "令和7年9月定例会"], SEPTEMBER, ""),
        (["--sitting", "去年の9月議会"], SEPTEMBER, ""),
        (["--sitting", "9月議会"], SEPTEMBER, ""),
        (["--sitting", "予算委員会"], BUDGET, ""),
        (["--sitting", "宿泊税検討会議"], "第4回みほん県宿泊税検討会議", ""),
        (["--sitting", "令和8年6月定例会", "--post", "知事"], JUNE, "知事"),
        (["--post", "商工労働部長"], "", "商工労働部長"),
        (["--post", "部長", "--sitting", "令和7年9月"], SEPTEMBER, "部長"),
        (["--until", "令和7年"], SEPTEMBER, ""),
        (["--since", "2026-03-12", "--until", "2026-03-12"], BUDGET, ""),
    ],
)
def test_a_filter_leaves_what_fits_it_and_nothing_else(
    default_home: Path, kotae: Kotae, given: list[str], start: str, end: str
) -> None:
    found = locators(kotae, default_home, "宿泊税の導入", *given)
    assert found
    assert [each for each in found if not each.startswith(start) or not each.endswith(end)] == []


def test_a_filter_loses_none_of_the_remarks_that_fit_it(default_home: Path, kotae: Kotae) -> None:
    home = opened(default_home)
    september = next(each for each in home.catalogue.documents() if each.path.startswith("会議録/令和7年9月"))
    said = [chunk for chunk in home.catalogue.chunks_of(september.id) if chunk.labels.get("post") == "総務部長"]
    given = ("--sitting", "令和7年9月", "--post", "総務部長")
    assert sorted(locators(kotae, default_home, "県職員", *given)) == sorted(chunk.locator for chunk in said)


def test_a_member_brings_questions_and_where_it_is_known_the_answers(default_home: Path, kotae: Kotae) -> None:
    found = set(locators(kotae, default_home, "避難所の冷房", "--member", "想定"))
    assert "令和7年9月定例会 9月17日 想定健議員" in found
    assert not any("仮名" in each or "添付" in each for each in found)


def test_nothing_that_fits_is_told_with_the_conditions(default_home: Path, kotae: Kotae) -> None:
    ended = kotae("--home", default_home, "search", "宿泊税", "--post", "議会局長", *DAY)
    assert (ended.status, ended.out.count("しぼると、見つかりませんでした")) == (0, 1)


@pytest.mark.parametrize(
    ("given", "finding"),
    [
        (["--sitting", "きのうの会"], "会議「きのうの会」を読み取れません"),
        (["--since", "そのうち"], "時期「そのうち」を読み取れません"),
        (["--since", "令和8年", "--until", "令和7年"], "--since が --until より後です"),
    ],
)
def test_a_filter_that_cannot_be_read_is_named(
    default_home: Path, kotae: Kotae, given: list[str], finding: str
) -> None:
    ended = kotae("--home", default_home, "search", "宿泊税", *given)
    assert ended.status == 1
    assert finding in ended.complaint


def test_an_empty_condition_is_wrong_usage(default_home: Path, kotae: Kotae) -> None:
    ended = kotae("--home", default_home, "search", "宿泊税", "--post", " ")
    assert ended.status == 2
    assert "空の文字は指定できません" in ended.complaint


def test_what_a_question_prefers_is_explained(default_home: Path, kotae: Kotae) -> None:
    question = "去年の9月議会で知事は宿泊税についてどう答弁したか"
    first = kotae("--home", default_home, "search", question, *DAY, "--explain", "--json").value["hits"][0]
    assert first["locator"] == f"{SEPTEMBER} 9月17日 知事"
    assert first["legs"]["remark"] > 0
    assert "remark" not in first["found_by"]


def test_an_answer_rests_on_the_sitting_that_the_question_names(default_home: Path, kotae: Kotae) -> None:
    answer = kotae("--home", default_home, "ask", "去年の9月議会で宿泊税はどう答弁したか", *DAY, "--json").value
    assert answer["status"] == "answered"
    assert {each["locator"].partition(" ")[0] for each in answer["citations"]} == {SEPTEMBER}
    assert "導入の是非も含めて検討" in answer["answer"]
