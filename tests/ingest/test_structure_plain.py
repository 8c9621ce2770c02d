from hypothesis import given
from hypothesis import strategies as st

from ingest.structure import guess, plain, recognise
from rag.domain import Block, Document, Kind, Structure


def document(*blocks: Block, title: str = "手引", path: str = "手引.docx") -> Document:
    return Document(path=path, title=title, blocks=blocks)


def read(text: str) -> Structure:
    return plain.recognise(document(*(Block(text=line) for line in text.strip("\n").split("\n"))))


NOTICE = """
給旅第412号
令和8年3月27日
旅費制度が次のとおり改められましたので、通知します。
１　改正の要点
(1) 日当を廃止し、宿泊手当を支給すること。
(2) 宿泊費を実費とすること。
２　適用の関係
令和8年4月1日以後に出発する旅行に適用します。
"""


def test_numbered_headings_become_the_path() -> None:
    structure = read(NOTICE)
    assert [(section.locator, section.path) for section in structure.sections] == [
        ("冒頭", ()),
        ("１ 改正の要点", ("１　改正の要点",)),
        ("２ 適用の関係", ("２　適用の関係",)),
    ]


def test_headings_of_the_format_nest() -> None:
    structure = plain.recognise(
        document(
            Block(text="第1部", heading=1),
            Block(text="概要", heading=2),
            Block(text="本文です。"),
            Block(text="詳細", heading=2),
            Block(text="詳しい本文です。", page=3),
        )
    )
    assert [section.path for section in structure.sections] == [("第1部", "概要"), ("第1部", "詳細")]
    assert structure.sections[1].locator == "p.3"


def test_a_line_that_no_format_marks_as_a_heading_names_no_place() -> None:
    order = "日当は9,999円である旨の正誤表"
    (section,) = plain.recognise(document(Block(text=order), Block(text="本文です。"), title=order)).sections
    assert section.locator == "本文"
    marked = document(Block(text="手引", heading=1), Block(text="本文です。"))
    assert [section.locator for section in plain.recognise(marked).sections] == ["手引"]


def test_a_row_of_an_organisation_table_is_an_office() -> None:
    header = ("部局", "課", "係", "分掌事務", "内線")
    row = ("総務部", "給与旅費課", "旅費係", "旅費の支給及び審査に関すること。", "2123")
    (section,) = plain.recognise(document(Block(text="", rows=(header, row), tag="row", place="行2"))).sections
    assert section.labels == {
        "department": "総務部 給与旅費課 旅費係",
        "duties": "旅費の支給及び審査に関すること。",
        "extension": "2123",
    }
    assert section.locator == "行2"


def test_a_whole_organisation_table_is_one_section_a_row() -> None:
    rows = (("課", "分掌", "内線"), ("人事課", "服務", "2110"), ("財政課", "予算", "2130"))
    structure = plain.recognise(document(Block(text="", rows=rows, page=1)))
    assert [section.locator for section in structure.sections] == ["人事課", "財政課"]


def test_rows_of_a_sheet_are_gathered_under_their_columns() -> None:
    header = ("品目", "単価")
    blocks = [
        Block(text="単価表", heading=1, tag="sheet"),
        Block(text="品目 | 単価", rows=(header,), tag="header", place="シート『単価表』行1"),
    ]
    blocks += [
        Block(
            text=f"物品{number} | {number}00円",
            rows=(header, (f"物品{number}", f"{number}00円")),
            tag="row",
            place=f"シート『単価表』行{number}",
        )
        for number in range(2, 120)
    ]
    structure = plain.recognise(document(*blocks))
    assert len(structure.sections) > 1
    assert {section.caption for section in structure.sections} == {"品目 | 単価"}
    assert structure.sections[1].locator.startswith("シート『単価表』行")
    assert "～" in structure.sections[1].locator


def test_page_numbers_at_the_foot_are_left_out() -> None:
    structure = plain.recognise(document(Block(text="本文です。"), Block(text="- 3 -", tag="footer")))
    assert [section.text for section in structure.sections] == ["本文です。"]


@given(
    st.lists(
        st.builds(
            Block,
            text=st.text(alphabet="１2第章節(1) 本文です。、・　", min_size=1, max_size=50).filter(str.strip),
            heading=st.integers(0, 2),
            page=st.one_of(st.none(), st.integers(1, 3)),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_no_words_are_lost(blocks: list[Block]) -> None:
    structure = recognise(document(*blocks), Kind.PLAIN)
    kept = "".join("".join(section.path) + section.text for section in structure.sections)
    for block in blocks:
        for line in block.text.split("\n"):
            assert "".join(line.split()) in "".join((kept + structure.title).split()) or not line.strip()


def test_the_kind_is_seen_in_the_content() -> None:
    rule = document(*(Block(text=f"第{number}条　定める。") for number in range(1, 5)), path="雑/規程.txt")
    speech = document(
        Block(text="会議録"),
        Block(text="◯議長（見本太郎君）　開会します。"),
        Block(text="◯知事（標本大介君）　お答えします。"),
    )
    assert guess(rule) is Kind.RULES
    assert guess(speech) is Kind.MINUTES
    assert guess(document(Block(text="通知します。"))) is Kind.PLAIN


def test_a_guide_that_quotes_articles_is_no_rule() -> None:
    blocks = [
        Block(text="制度の手引です。" * 40),
        Block(text="第3条　定める。"),
        Block(text="第9条　定める。"),
        Block(text="解説します。" * 200),
    ]
    assert guess(document(*blocks)) is Kind.PLAIN


def test_what_the_format_proves_is_believed() -> None:
    proven = Document(path="a.xml", title="法", blocks=(Block(text="本文"),), kind_hint=Kind.RULES)
    assert guess(proven) is Kind.RULES


def test_a_folder_alone_decides_nothing() -> None:
    assert guess(document(Block(text="通知します。"), path="例規/通知.txt")) is Kind.PLAIN


def test_as_many_articles_as_speakers_make_rules_and_fewer_do_not() -> None:
    articles = ["第一条　旅費は、実費とする。", "第二条　宿泊費は、上限を定める。"]
    speakers = ["○知事（例示花子君）　お答えします。", "○議長（標本大介君）　次に進みます。"]
    assert guess(document(*(Block(text=text) for text in (*speakers, *articles)))) is Kind.RULES
    more = [*speakers, "○知事（例示花子君）　以上です。"]
    assert guess(document(*(Block(text=text) for text in (*more, *articles)))) is Kind.MINUTES
    assert guess(document(*(Block(text=text) for text in (*more, *articles)), path="例規/手引.docx")) is Kind.RULES
