"""Which questions of different members ask the same."""

from __future__ import annotations

import json
from itertools import combinations

from ingest.readers import read_document
from rag.assembly.item import Item
from rag.drafting.duplicates import same_questions
from rag.drafting.notice import read_notice
from tests.drafting.test_notice_cases import CASES


def item(text: str, *, member: str, answerer: str = "知事", headings: tuple[str, ...] = ()) -> Item:
    return Item(number=("1",), text=text, member=member, answerer=answerer, headings=headings)


OTHERS = [
    item("県立図書館の開館時間の延長はどうか。", member="甲", answerer="教育長"),
    item("鳥獣被害の防護柵の補助の増額はどうか。", member="乙", answerer="農林水産部長"),
]


def test_two_members_who_ask_the_same_in_other_words_are_grouped() -> None:
    items = [
        item("木造住宅の耐震改修の補助の上限を引き上げる考えはないか。", member="甲"),
        *OTHERS,
        item("木造の家の耐震改修に対する補助を増額すべきと思うが、どうか。", member="乙"),
    ]
    assert same_questions(items) == ((0, 3),)


def test_the_same_subject_with_another_thing_asked_is_no_duplicate() -> None:
    items = [
        item("児童福祉司の配置は国の基準を満たしているのか。", member="甲", headings=("児童相談所について",)),
        *OTHERS,
        item("児童福祉司1人当たりの受持ちの件数を伺う。", member="乙", headings=("児童虐待について",)),
        item("児童福祉司の数は法令の基準に足りているのか伺う。", member="乙", headings=("児童虐待について",)),
    ]
    assert same_questions(items) == ((0, 4),)


def test_one_member_never_repeats_himself() -> None:
    items = [item("避難所の冷房の設置率を伺う。", member="甲"), item("避難所の冷房の設置率を伺う。", member="甲")]
    assert same_questions(items) == ()


def test_three_members_are_one_group() -> None:
    items = [item("避難所の冷房の設置率を伺う。", member=member) for member in ("甲", "乙", "丙")]
    assert same_questions([*items, *OTHERS]) == ((0, 1, 2),)


def test_no_items_have_no_duplicates() -> None:
    assert same_questions([]) == ()


def test_the_duplicates_of_the_labelled_notices_are_found_without_a_wrong_one() -> None:
    right = found = labelled = 0
    for line in (CASES / "duplicates.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        notice = read_notice(read_document(CASES / "notices" / case["file"], name=case["file"]))
        wanted = {tuple(pair) for pair in case["pairs"]}
        pairs = {pair for group in same_questions(notice.items) for pair in combinations(group, 2)}
        right, found, labelled = right + len(pairs & wanted), found + len(pairs), labelled + len(wanted)
    assert right == found
    assert right >= 0.8 * labelled
