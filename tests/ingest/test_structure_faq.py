from ingest.structure import faq, recognise
from ingest.structure.lines import lines_of
from rag.domain import Block, Document, Kind, Structure

HEADER = ("番号", "区分", "質問", "回答", "根拠規程", "所管課", "更新日", "備考")


def sheet(*rows: tuple[str, ...], title: str = "旅費") -> Document:
    blocks = [
        Block(text=title, heading=1, tag="sheet", place=f"シート『{title}』"),
        Block(text="", rows=(HEADER,), tag="header"),
    ]
    blocks += [
        Block(text=" | ".join(row), rows=(HEADER, row), tag="row", place=f"シート『{title}』行{number}")
        for number, row in enumerate(rows, 2)
    ]
    return Document(path="FAQ/庁内FAQ.xlsx", title="庁内FAQ", blocks=tuple(blocks))


def lines(text: str) -> Document:
    return Document(path="a.txt", title="案内", blocks=tuple(Block(text=line) for line in text.strip("\n").split("\n")))


ROW = ("旅費-01", "宿泊", "宿泊費はいくらですか。", "実費です。", "条例第18条", "給与旅費課（内線2120）", "R8.4.1", "")


def test_a_row_is_a_pair_with_its_facts() -> None:
    (section,) = recognise(sheet(ROW)).sections
    assert section.text == "問　宿泊費はいくらですか。\n答　実費です。"
    assert section.locator == "シート『旅費』行2"
    assert section.path == ("旅費", "宿泊")
    assert section.labels == {
        "question": "宿泊費はいくらですか。",
        "category": "宿泊",
        "basis": "条例第18条",
        "department": "給与旅費課（内線2120）",
        "updated": "2026-04-01",
        "number": "旅費-01",
    }


def test_columns_that_nobody_foresaw_are_kept() -> None:
    (section,) = recognise(sheet((*ROW[:7], "県外のみ"))).sections
    assert section.text.endswith("\n備考　県外のみ")


def test_a_row_without_an_answer_is_kept_but_is_no_pair() -> None:
    structure = recognise(sheet(ROW, ("旅費-02", "宿泊", "準備中の質問", "", "", "", "", "")))
    assert [section.labels.get("question", "") for section in structure.sections].count("宿泊費はいくらですか。") == 1
    assert any("準備中の質問" in section.text for section in structure.sections)


PAIRS = """
よくある質問
問1　公用車はいつまでに申請しますか。
答　前日の正午までです。
　ただし、緊急の場合を除きます。
Q2. 運転の後に何をしますか。
A2. アルコール検知器で確認します。
"""


def test_lines_of_questions_and_answers_are_pairs() -> None:
    structure = recognise(lines(PAIRS))
    assert structure.kind is Kind.FAQ
    pairs = [section for section in structure.sections if "question" in section.labels]
    assert [(section.locator, section.labels["question"]) for section in pairs] == [
        ("問1", "公用車はいつまでに申請しますか。"),
        ("問2", "運転の後に何をしますか。"),
    ]
    assert pairs[0].text.split("\n")[1:] == ["答　前日の正午までです。", "ただし、緊急の場合を除きます。"]


def test_a_text_with_one_pair_at_its_end_is_no_faq() -> None:
    text = "通知本文です。" * 30 + "\n問　期限はいつですか。\n答　月末です。"
    document = lines(text)
    assert not faq.is_faq(document, lines_of(document.blocks))


def test_a_table_without_answers_is_no_faq() -> None:
    document = Document(path="a.csv", title="表", blocks=(Block(text="", rows=(("質問", "備考"), ("あ", "い"))),))
    assert not faq.is_faq(document, lines_of(document.blocks))


def test_an_unreadable_day_of_update_stays_as_it_is() -> None:
    (section,) = recognise(sheet((*ROW[:6], "未定", ""))).sections
    assert section.labels["updated"] == "未定"


def test_a_table_in_a_text_names_its_pairs_by_number() -> None:
    table = Block(text="", rows=(("Q", "A"), ("期限は。", "月末です。"), ("場所は。", "本庁です。")), page=3)
    structure: Structure = faq.recognise(Document(path="a.pdf", title="手引", blocks=(table,)))
    assert [(section.locator, section.page) for section in structure.sections] == [("問1", 3), ("問2", 3)]
