"""Versions of one rule end one another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ingest.succession import with_ends
from rag.domain import Audience, DocumentRecord, Kind, Period, State
from tests.ingest.conftest import Office

OLD, NEW, NEWEST = date(2000, 4, 1), date(2026, 4, 1), date(2027, 4, 1)
RULE = """\
みほん県旅費規則
平成十二年三月三十一日
みほん県規則第四十一号
第一条　{}
第二条　旅費は、概算で支払うことができる。
附　則
この規則は、{}から施行する。
"""


def version(name: str, start: date | None, **changes: object) -> DocumentRecord:
    made = DocumentRecord(
        id=name,
        source="",
        path=name,
        content_hash="",
        title="旅費規則",
        kind=Kind.RULES,
        number="平成12年みほん県規則第41号",
        period=Period(start=start),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def ends(*records: DocumentRecord) -> list[tuple[date | None, str]]:
    return [(each.period.end, each.ended_by) for each in with_ends(records)]


def test_each_version_ends_where_the_next_one_starts() -> None:
    assert ends(version("新", NEW), version("最新", NEWEST), version("旧", OLD)) == [
        (NEWEST, "最新"),
        (None, ""),
        (NEW, "新"),
    ]


def test_an_end_that_labels_state_stays() -> None:
    stated = version("旧", OLD, period=Period(start=OLD, end=date(2020, 1, 1)))
    assert ends(stated, version("新", NEW))[0] == (date(2020, 1, 1), "")


def test_an_end_goes_with_the_version_that_made_it() -> None:
    ended = version("旧", OLD, period=Period(start=OLD, end=NEW), ended_by="新")
    assert ends(ended) == [(None, "")]
    assert ends(ended, version("新", NEW, state=State.WITHDRAWN))[0] == (None, "")


def test_only_versions_of_one_rule_that_the_same_people_read_end_one_another() -> None:
    old = version("旧", OLD)
    for other in (
        version("新", NEW, number="平成13年みほん県規則第41号"),
        version("新", NEW, title="旅費支給規則"),
        version("新", NEW, audience=Audience(level="3A")),
        version("新", NEW, kind=Kind.NOTES),
        version("新", None),
        version("新", OLD),
        version("新", NEW, number=""),
        version("新", NEW, number="平成15年法律第57号"),
    ):
        assert ends(old, other)[0] == (None, "")
    assert ends(replace(old, number=""), version("新", NEW, number=""))[0] == (None, "")
    cited = "平成15年法律第57号"
    notices = [
        version(name, start, number=cited, title="取扱いの質疑応答") for name, start in (("旧", OLD), ("新", NEW))
    ]
    assert ends(*notices)[0] == (None, "")
    laws = [
        version(name, start, number=cited, title="個人情報の保護に関する法律")
        for name, start in (("旧", OLD), ("新", NEW))
    ]
    assert ends(*laws)[0] == (NEW, "新")


def test_a_new_version_dates_the_old_one_and_embeds_only_its_own_words(office: Office) -> None:
    office.put("旅費規則.txt", RULE.format("日当は、二千二百円とする。", "平成十二年四月一日"))
    office.put("文書規則.txt", "みほん県文書規則\n第一条　文書を保存する。\n第二条　期間は五年とする。\n")
    office.sync()
    others = office.catalogue.chunks_of(office.record("文書規則.txt").id)
    office.put("旅費規則_改正.txt", RULE.format("宿泊手当は、二千四百円とする。", "令和八年四月一日"))
    report = office.sync()
    old, new = office.record("旅費規則.txt"), office.record("旅費規則_改正.txt")
    assert (old.period, old.ended_by) == (Period(start=OLD, end=NEW), new.id)
    assert {chunk.period for chunk in office.catalogue.chunks_of(old.id)} == {old.period}
    assert report.ended == [("旅費規則.txt", NEW, "旅費規則_改正.txt")]
    assert report.unchanged == ["文書規則.txt", "旅費規則.txt"]
    assert office.catalogue.chunks_of(office.record("文書規則.txt").id) == others
    assert report.embedded < len(office.catalogue.chunks_of(new.id))
    assert office.sync().ended == []


def test_a_version_that_is_taken_away_opens_the_one_before_it_again(office: Office) -> None:
    office.put("旅費規則.txt", RULE.format("日当は、二千二百円とする。", "平成十二年四月一日"))
    office.sync()
    before = office.catalogue.chunks_of(office.record("旅費規則.txt").id)
    office.put("旅費規則_改正.txt", RULE.format("宿泊手当は、二千四百円とする。", "令和八年四月一日"))
    office.sync()
    (office.folder / "旅費規則_改正.txt").unlink()
    office.sync()
    assert office.record("旅費規則.txt").period == Period(start=OLD)
    assert office.catalogue.chunks_of(office.record("旅費規則.txt").id) == before


def test_two_versions_are_never_in_force_at_once_while_a_run_goes_on(office: Office) -> None:
    office.put("旅費規則.txt", RULE.format("日当は、二千二百円とする。", "平成十二年四月一日"))
    office.sync()
    office.put("旅費規則_改正.txt", RULE.format("宿泊手当は、二千四百円とする。", "令和八年四月一日"))
    office.settings = office.settings.model_copy(
        update={"ingest": office.settings.ingest.model_copy(update={"refresh_documents": 1})}
    )
    seen: list[list[date | None]] = []
    office.sync(
        refresh=lambda: seen.append(
            [each.period.end for each in office.catalogue.documents() if each.path == "旅費規則.txt"]
        )
    )
    assert seen
    assert set(map(tuple, seen)) == {(NEW,)}
