"""Who is proposed for an item, and why."""

from __future__ import annotations

import pytest

from rag.assembly.item import Item
from rag.domain import Office
from rag.drafting.assigning import PastLine, propose
from rag.japanese.synonyms import Synonyms
from rag.offices import OfficeTable

TRAVEL = Office(
    department="総務部 給与旅費課 旅費係", duties="旅費の支給及び審査に関すること。宿泊費の基準額に関すること。"
)
STAFF = Office(department="総務部 人事課 服務係", duties="職員の服務規律及び懲戒に関すること。兼業の許可に関すること。")
BRIDGE = Office(department="県土整備部 道路課 橋梁係", duties="橋梁の点検及び修繕に関すること。")
SCHOOL = Office(department="教育委員会 義務教育課", duties="不登校の児童生徒の支援に関すること。")
TABLE = OfficeTable(offices=(TRAVEL, STAFF, BRIDGE, SCHOOL), synonyms=Synonyms(official={}))
NO_TABLE = OfficeTable(offices=(), synonyms=Synonyms(official={}))


def item(text: str, *, answerer: str = "") -> Item:
    return Item(number=("1",), text=text, answerer=answerer)


def test_the_office_whose_duties_name_the_topic_is_proposed_with_the_head_of_its_bureau() -> None:
    proposal = propose(item("橋梁の点検と修繕の見通しを伺う。"), TABLE)
    assert (proposal.office, proposal.post) == (BRIDGE.department, "県土整備部長")
    assert proposal.reason == (
        "分掌「橋梁の点検及び修繕に関すること。」が県土整備部 道路課 橋梁係にあります。"
        "通告に答弁者がないので、県土整備部の県土整備部長としました。"
    )


def test_the_superintendent_speaks_for_the_board_of_education() -> None:
    assert propose(item("不登校の児童生徒への支援を伺う。"), TABLE).post == "教育長"


def test_the_notice_has_the_last_word_on_the_post() -> None:
    past = [PastLine(post="県土整備部長", keeper="", text="橋梁の点検と修繕を進めてまいります。")]
    assert propose(item("橋梁の点検と修繕の見通しを伺う。", answerer="知事"), TABLE, past).post == "知事"


def test_the_bureau_of_the_asked_official_keeps_the_office() -> None:
    proposal = propose(item("橋梁の点検を行う職員の兼業の許可を伺う。", answerer="総務部長"), TABLE)
    assert proposal.office == STAFF.department
    assert "確かめてください" not in proposal.reason


@pytest.mark.parametrize("answerer", ["県土整備部長", "知事、県土整備部長", "知事・県土整備部長"])
def test_the_bureau_is_found_beside_the_governor(answerer: str) -> None:
    assert propose(item("職員の兼業の許可を伺う。", answerer=answerer), TABLE).office == BRIDGE.department


def test_an_official_whose_bureau_is_not_in_the_table_is_told() -> None:
    proposal = propose(item("橋梁の点検と修繕の見通しを伺う。", answerer="農林水産部長"), TABLE)
    assert proposal.office == BRIDGE.department
    assert "通告の答弁者は農林水産部長なので、部局の割り振りを確かめてください。" in proposal.reason


def test_past_answers_say_who_answers_where_the_notice_does_not() -> None:
    past = [
        PastLine(post="知事", keeper="県土整備部 道路課", text="橋梁の修繕の見通しは、点検の結果を踏まえて示します。"),
        PastLine(post="知事", keeper="県土整備部 道路課", text="橋梁の点検は本年度で終える見通しです。"),
        PastLine(post="教育長", keeper="教育委員会", text="学校給食の無償化は国の動きを見ます。"),
    ]
    proposal = propose(item("橋梁の点検の見通しを伺う。"), NO_TABLE, past)
    assert (proposal.office, proposal.post) == ("県土整備部 道路課", "知事")
    assert proposal.reason == (
        "過去の答弁2件の文書を主に県土整備部 道路課が所管しています。"
        "似た質問への過去の答弁2件のうち2件を知事が答えています。"
    )


def test_without_any_clue_a_person_is_asked_to_decide() -> None:
    proposal = propose(item("県民の声をどう聞くか。"), NO_TABLE)
    assert (proposal.office, proposal.post) == ("", "")
    assert proposal.reason == "分掌にも過去の答弁にも担当の手掛かりがありません。担当課を決めて入力してください。"
