from ingest.structure import answers, recognise
from ingest.structure.lines import lines_of
from rag.domain import Block, Document, Kind, Section, Structure

HEAD = (
    ("議会・日・質問者（会派）", "通告番号", "答弁者", "主担当課・関係課・連絡先"),
    ("令和8年6月定例会・令和8年6月17日・雛形真一（みほん創生会）", "問2(1)ア", "知事", "主担当 観光課（内線2621）"),
)
PAST = (("年月", "会議", "要旨"), ("令和7年9月", "定例会", "検討する"))


def table(rows: tuple[tuple[str, ...], ...]) -> Block:
    return Block(text="\n".join(" | ".join(row) for row in rows), rows=rows, tag="table")


def sheet() -> Document:
    blocks = (
        Block(text="答弁書", heading=1),
        table(HEAD),
        Block(text="問", heading=2),
        Block(text="宿泊税の進め方について、知事の所見を問う。"),
        Block(text="答", heading=2),
        Block(text="　宿泊税についてのご質問がございました。"),
        Block(text="　検討してまいります。"),
        Block(text="過去答弁", heading=2),
        table(PAST),
        Block(text="想定再質問", heading=2),
        Block(text="問　導入を決めたのか。"),
        Block(text="答　決定したものではございません。"),
        Block(text="問　税率は固まったのか。"),
        Block(text="答　たたき台でございます。"),
        Block(text="確認欄", heading=2),
        Block(text="☑漏れ　☑整合"),
    )
    return Document(path="答弁書/問2.docx", title="答弁書", blocks=blocks)


def at(structure: Structure, locator: str) -> Section:
    return next(section for section in structure.sections if section.locator == locator)


def test_each_part_of_an_answer_sheet_is_a_section() -> None:
    structure = recognise(sheet())
    assert structure.kind is Kind.ANSWERS
    assert [section.locator for section in structure.sections] == [
        "答弁書の表書き",
        "問2(1)ア 問",
        "問2(1)ア 答",
        "問2(1)ア 過去答弁",
        "問2(1)ア 想定再質問1",
        "問2(1)ア 想定再質問2",
        "問2(1)ア 確認欄",
    ]


def test_an_answer_knows_its_question_and_who_answers_whom_when() -> None:
    labels = at(recognise(sheet()), "問2(1)ア 答").labels
    assert labels == {
        "item": "問2(1)ア",
        "answerer": "知事",
        "department": "主担当 観光課（内線2621）",
        "sitting": "令和8年6月定例会",
        "date": "2026-06-17",
        "questioner": "雛形真一議員",
        "part": "answer",
        "question": "宿泊税の進め方について、知事の所見を問う。",
    }


def test_a_follow_up_is_the_pair_of_question_and_answer() -> None:
    section = at(recognise(sheet()), "問2(1)ア 想定再質問2")
    assert section.text == "問　税率は固まったのか。\n答　たたき台でございます。"
    assert section.labels["question"] == "税率は固まったのか。"


def test_sheets_that_are_all_called_alike_are_told_apart() -> None:
    assert recognise(sheet()).title == "答弁書（令和8年6月定例会 問2(1)ア 雛形真一議員）"


def test_a_sheet_that_is_one_large_table_reads_alike() -> None:
    rows = (
        ("答弁者", "総務部長"),
        ("問", "公用車の台数を問う。"),
        ("答", "余裕がございます。\n8台を配置換えします。"),
        ("想定再質問", "問　足りるのか。\n答　足ります。"),
    )
    document = Document(path="a.docx", title="答弁案", blocks=(table(rows),))
    structure = recognise(document)
    assert structure.kind is Kind.ANSWERS
    assert at(structure, "答").text == "余裕がございます。\n8台を配置換えします。"
    assert at(structure, "想定再質問1").labels["answerer"] == "総務部長"


def test_question_and_answer_alone_make_no_answer_sheet() -> None:
    blocks = (Block(text="問"), Block(text="期限は。"), Block(text="答"), Block(text="月末です。"))
    document = Document(path="a.txt", title="案内", blocks=blocks)
    assert not answers.is_answer_sheet(document, lines_of(blocks))
