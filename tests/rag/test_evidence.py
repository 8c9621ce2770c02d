"""From hits to numbered evidence inside the budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.domain import DocumentRecord, Evidence, Hit, Kind, Surrounding
from rag.evidence import choose_evidence, remark_before
from tests.builders import hit


def record(document_id: str) -> DocumentRecord:
    return DocumentRecord(
        id=document_id, source="", path="", content_hash="", title=document_id, kind=Kind.RULES, department="給与旅費課"
    )


def choose(
    hits: Sequence[Hit],
    *,
    count: int = 8,
    tokens: int = 6000,
    beside: Mapping[str, Sequence[Surrounding]] | None = None,
) -> tuple[Evidence, ...]:
    found = beside or {}
    return choose_evidence(hits, record, count=count, tokens=tokens, beside=lambda chunk: found.get(chunk.locator, ()))


def passage(text: str, locator: str) -> Surrounding:
    return Surrounding(chunk=hit(text, locator=locator).chunk, text=f"{locator}　{text}")


def contexts(chosen: Sequence[Evidence]) -> list[list[str]]:
    return [[each.text for each in item.context] for item in chosen]


def test_hits_are_numbered_from_one_in_their_order_with_department() -> None:
    chosen = choose([hit("宿泊手当の額", locator="第17条"), hit("宿泊費の額", locator="第18条")])
    assert [(item.number, item.chunk.locator, item.department) for item in chosen] == [
        (1, "第17条", "給与旅費課"),
        (2, "第18条", "給与旅費課"),
    ]


def test_no_more_than_the_count_is_taken() -> None:
    assert len(choose([hit(f"第{number}の定め", locator=f"第{number}条") for number in range(9)], count=3)) == 3


def test_a_hit_too_long_for_the_budget_is_passed_over_for_a_shorter_one() -> None:
    chosen = choose(
        [hit("い" * 50, locator="甲"), hit("ろ" * 500, locator="乙"), hit("は" * 40, locator="丙")], tokens=200
    )
    assert [item.chunk.locator for item in chosen] == ["甲", "丙"]


def test_the_first_hit_is_taken_even_when_it_is_longer_than_the_budget() -> None:
    assert len(choose([hit("い" * 900)], tokens=500)) == 1


def test_the_same_text_in_another_document_is_folded_into_the_better_hit() -> None:
    text = "出張の命令は、旅行を始める前に受けてください。決裁が終わってから出発します。"
    chosen = choose([hit(text, title="庁内FAQ", locator="問1"), hit(text + "。", title="通知", locator="1")])
    assert [item.title for item in chosen] == ["庁内FAQ"]


def test_texts_that_differ_in_a_figure_alone_both_stay() -> None:
    old, new = (
        f"宿泊手当の額は、一夜につき{figure}円とする。この額は、別に定めるところにより改定する。"
        for figure in ("二千二百", "二千四百")
    )
    assert len(choose([hit(old, title="旧条例"), hit(new, title="新条例")])) == 2


def test_the_same_words_of_two_speakers_both_stay() -> None:
    words = "県民の皆様のご意見を伺いながら、丁寧に検討を進めてまいります。"
    hits = [hit(words, locator=who, kind=Kind.MINUTES, labels={"speaker": who}) for who in ("標本大介", "図面隆")]
    assert len(choose(hits)) == 2


def test_what_stands_beside_a_clause_comes_along_as_context() -> None:
    rest = passage("前項の規定にかかわらず、支給しない。", "第17条第2項")
    chosen = choose([hit("二千四百円とする。", locator="第17条")], beside={"第17条": [rest]})
    assert contexts(chosen) == [["第17条第2項　前項の規定にかかわらず、支給しない。"]]


def test_an_answer_in_the_minutes_comes_with_the_question_before_it() -> None:
    asked = hit("待機児童は何人ですか。", kind=Kind.MINUTES, locator="例示議員", labels={"speaker": "例示花子"}).chunk
    answered = hit("74人でございます。", kind=Kind.MINUTES, locator="部長", labels={"speaker": "概要恵子"}, ordinal=1)
    found = remark_before(answered.chunk, lambda _document_id: [asked, answered.chunk])
    assert [each.text for each in found] == ["例示議員　待機児童は何人ですか。"]
    same = replace(answered.chunk, labels={"speaker": "例示花子"})
    assert not list(remark_before(same, lambda _document_id: [asked, same]))


def test_what_is_evidence_itself_is_not_repeated_as_context() -> None:
    parts = [hit(f"第{number}項の定め", locator=f"第17条第{number}項", ordinal=number) for number in (1, 2)]
    each = {
        one.chunk.locator: [Surrounding(chunk=other.chunk, text="別の項")]
        for one, other in zip(parts, parts[::-1], strict=True)
    }
    assert contexts(choose(parts, beside=each)) == [[], []]


def test_the_same_words_are_context_only_once() -> None:
    hits = [hit("宿泊費は、別表による。", locator="第18条"), hit("宿泊手当は、別表による。", locator="第17条")]
    table = passage("東京都 19,000円", "別表第1")
    assert contexts(choose(hits, beside={"第18条": [table], "第17条": [table]})) == [["別表第1　東京都 19,000円"], []]


def test_context_never_takes_more_than_its_share_of_the_budget() -> None:
    long = [passage("あ" * 300, f"第{number}条") for number in range(9)]
    [item] = choose([hit("二千四百円とする。", locator="第17条")], tokens=2000, beside={"第17条": long})
    assert len(item.context) == 1
    [item] = choose([hit("二千四百円とする。", locator="第17条")], tokens=9000, beside={"第17条": long})
    assert len(item.context) == 2


def test_a_document_with_many_hits_leaves_room_for_the_others() -> None:
    faq = [hit(f"問い{number}への答え", title="庁内FAQ", locator=f"行{number}") for number in range(8)]
    rule = hit("宿泊手当の額は、一夜につき二千四百円とする。", locator="第17条")
    assert [item.title for item in choose([*faq, rule])].index("職員の旅費に関する条例") == 4
    assert len(choose(faq)) == 8


def test_the_office_of_an_faq_row_goes_before_that_of_its_workbook() -> None:
    [item] = choose([hit("部長が専決します。", kind=Kind.FAQ, labels={"department": "人事課"})])
    assert item.department == "人事課"
