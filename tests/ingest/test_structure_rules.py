from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.structure import recognise, rules
from rag.domain import Block, Document, Kind, Section, Structure
from rag.japanese.numerals import to_kanji


def document(text: str, *, path: str = "例規/規程.txt", title: str = "試作規程", page: int | None = None) -> Document:
    blocks = tuple(Block(text=line, page=page) for line in text.strip("\n").split("\n") if line.strip())
    return Document(path=path, title=title, blocks=blocks)


def read(text: str) -> Structure:
    return rules.recognise(document(text))


def articles(structure: Structure) -> list[str]:
    return [section.labels["article"] for section in structure.sections if section.labels.get("part") == "main"]


def at(structure: Structure, locator: str) -> Section:
    return next(section for section in structure.sections if section.locator == locator)


RULE = """
○試作旅費規程
平成十二年三月二十八日
みほん県訓令第三十四号
改正　令和八年三月二十六日訓令第七号
目次
　第一章　総則（第一条―第三条）
　第二章　旅費（第四条・第五条）
　附則
　　　第一章　総則
　（趣旨）
第一条　この規程は、旅費に関し必要な事項を定める。
２　前項の旅費は、次に掲げるものとする。
　一　宿泊費
　二　宿泊手当
　（定義）
第二条　この規程において「職員」とは、県の職員をいう。
第二条の二　前条の規定は、非常勤の職員に準用する。
第三条　削除
　　　第二章　旅費
　　　　第一節　内国旅行
　（宿泊費）
第四条　宿泊費の額は、別表第一による。
第五条及び第六条　削除
　　　附　則
　（施行期日）
１　この規程は、平成十二年四月一日から施行する。
　（経過措置）
２　この規程の施行の日前に出発した旅行については、なお従前の例による。
　　　附　則（令和八年三月二十六日訓令第七号）
　この規程は、令和八年四月一日から施行する。
別表第一（第四条関係）
　宿泊費の基準額
区分 | 金額
甲地 | 13,000円
乙地 | 11,000円
様式第一号（第四条関係）　旅費請求書
"""


def test_each_article_is_a_section_named_as_people_write_it() -> None:
    structure = read(RULE)
    assert [section.locator for section in structure.sections] == [
        "沿革",
        "第1条",
        "第2条",
        "第2条の2",
        "第3条",
        "第4条",
        "第5条から第6条まで",
        "附則第1項",
        "附則第2項",
        "附則（令和8年3月26日訓令第7号）",
        "別表第1",
        "様式第1号",
    ]
    assert articles(structure) == ["1", "2", "2_2", "3", "4", "5"]


def test_number_and_latest_date_in_force_come_from_head_and_supplements() -> None:
    structure = read(RULE)
    assert structure.number == "平成12年みほん県訓令第34号"
    assert structure.effective_from == date(2026, 4, 1)


def test_a_section_knows_caption_path_and_where_it_may_be_split() -> None:
    structure = read(RULE)
    first = at(structure, "第1条")
    assert first.caption == "趣旨"
    assert first.path == ("第一章 総則",)
    assert first.text.startswith("第一条　この規程は")
    assert [first.text[offset:].split("　")[0] for offset in first.breaks] == ["２", "一", "二"]
    assert at(structure, "第4条").path == ("第二章 旅費", "第一節 内国旅行")
    assert at(structure, "附則第1項").caption == "施行期日"


def test_a_table_keeps_its_rows() -> None:
    table = at(read(RULE), "別表第1")
    assert table.labels["part"] == "table"
    assert [table.text[offset:].split("\n")[0] for offset in table.breaks][-2:] == [
        "甲地 | 13,000円",
        "乙地 | 11,000円",
    ]


def test_a_caption_may_follow_the_number() -> None:
    structure = read(
        "第1条（目的）\nこの要領は、基準を定める。\n第2条（定義）　次のとおりとする。\n第3条（雑則）必要な事項は別に定める。"
    )
    assert [(section.locator, section.caption) for section in structure.sections] == [
        ("第1条", "目的"),
        ("第2条", "定義"),
        ("第3条", "雑則"),
    ]


def test_a_number_alone_on_its_line_heads_the_text_below() -> None:
    structure = read("第1条\nこの規程は、表彰について定める。\n第2条\n表彰は、知事が行う。")
    assert at(structure, "第1条").text == "第1条　この規程は、表彰について定める。"


MENTIONS = [
    "第三条の規定により提出された書類は、これを返還しない。",
    "第三条第二項の規定は、この場合に準用する。",
    "第三条に規定する職員は、この限りでない。",
    "第三条から第五条までの規定を準用する。",
    "第三条及び第四条の規定は、適用しない。",
    "第三条又は前条の申請をした者に通知する。",
    "第三条、第四条及び第七条の規定にかかわらず、知事が定める。",
    "第三条各号に掲げる書類を添えるものとする。",
    "第三条中「十日」とあるのは、「五日」と読み替えるものとする。",
    "第三条ただし書の場合には、理由を付さなければならない。",
    "第三条本文の規定は、適用しない。",
    "第三条前段の届出をしたものとみなす。",
    "第三条（第二項を除く。）の規定を準用する。",
    "第三条（同条第一号に係る部分に限る。）の規定による。",
    "第三条の二の規定による承認を受けた者とみなす。",
    "第三条若しくは第四条の命令に従わない者は、処分する。",
    "第三条並びに第四条の規定の適用を受ける。",
    "第三条を適用する。",
    "第三条は、適用しない。",
    "第三条が適用される場合を除く。",
    "第三条と同様とする。",
    "第三条以下の規定による。",
    "第三条」とあるのは「第四条」とする。",
    "第三条）の規定による申請とみなす。",
    "第三条等の規定による。",
    "第三条関係の書類とする。",
    "第三条違反の行為があったときは、報告する。",
    "第三条例の定めるところによる。",
    "第三条一項の規定による。",
    "第3条2項の規定による。",
    "第三条　の規定による。",
    "第三条も同様とする。",
    "第三条後段の通知とする。",
]


@pytest.mark.parametrize("mention", MENTIONS)
def test_a_mention_at_the_start_of_a_line_is_no_article(mention: str) -> None:
    text = f"第一条　この規程は、必要な事項を定める。\n第二条　職員は、次条又は\n{mention}\n第三条　職員は、届け出る。\n第四条　補則を定める。"
    structure = read(text)
    assert articles(structure) == ["1", "2", "3", "4"]
    assert mention.replace("　", "") in at(structure, "第2条").text.replace("　", "")


@pytest.mark.parametrize("mention", MENTIONS)
def test_a_mention_on_a_wrapped_line_is_no_article(mention: str) -> None:
    long = "職員は、公務のため旅行しようとするときは、あらかじめ旅行命令権者の承認を受けなければならないものとし、"
    filler = "\n".join(
        f"第{to_kanji(number)}条　{long}\nこれを怠った者は、その旨を届け出るものとする。" for number in range(4, 12)
    )
    text = f"第一条　{long}\nその手続を定める。\n第二条　{long}\n{mention}\n第三条　{long}\nこれによる。\n{filler}"
    structure = read(text)
    assert articles(structure) == [str(number) for number in range(1, 12)]


def test_wrapped_lines_are_joined_again() -> None:
    text = "\n".join(
        f"第{number}条　職員が公務のため旅行した場合には、当該職員に対し、この規程の定めると\n"
        "ころにより、旅費を支給するものとし、その額は別に定める額を限度として計算した額に\nよるものとする。"
        for number in range(1, 7)
    )
    structure = read(text)
    assert len(structure.sections) == 6
    assert "この規程の定めるところにより" in at(structure, "第3条").text


def test_an_article_quoted_by_an_amendment_is_no_article_of_the_rule() -> None:
    text = """
第一条　旅費規程の一部を次のように改正する。
　　第九条を次のように改める。
　　第九条　旅費は、実費による。
第二条　服務規程の一部を次のように改正する。
　　第三条を削る。
第三条　この規程の施行に関し必要な事項は、別に定める。
"""
    assert articles(read(text)) == ["1", "2", "3"]


def test_supplements_have_articles_of_their_own_and_are_told_apart() -> None:
    text = """
第一条　この規程は、基準を定める。
附則
（施行期日）
第一条　この規程は、令和五年四月一日から施行する。
第二条　旧規程は、廃止する。
附則（令和六年条例第一〇七号）
1　この規程は、令和七年六月一日から施行する。
2　なお従前の例による。
"""
    structure = read(text)
    assert [section.locator for section in structure.sections] == [
        "第1条",
        "附則第1条",
        "附則第2条",
        "附則（令和6年条例第107号）第1項",
        "附則（令和6年条例第107号）第2項",
    ]
    assert structure.effective_from == date(2025, 6, 1)
    assert articles(structure) == ["1"]


def test_a_note_on_amendments_belongs_to_the_article_above() -> None:
    text = "(目的)\n第一条　基準を定める。\n(令六条例一〇七・一部改正)\n(定義)\n第二条　次のとおりとする。"
    structure = read(text)
    assert at(structure, "第1条").text.endswith("(令六条例一〇七・一部改正)")
    assert at(structure, "第2条").caption == "定義"


def test_a_rule_in_force_from_its_publication_takes_that_day() -> None:
    text = (
        "平成9年9月24日\n条例第20号\n第1条　基準を定める。\n第2条　定める。\n附則\nこの条例は、公布の日から施行する。"
    )
    assert read(text).effective_from == date(1997, 9, 24)


def test_a_date_left_to_another_rule_is_not_guessed() -> None:
    text = "第1条　基準を定める。\n附則\nこの条例は、公布の日から起算して一年を超えない範囲内において規則で定める日から施行する。"
    assert read(text).effective_from is None


def test_the_file_name_of_a_law_names_its_day() -> None:
    found = rules.recognise(
        document("第一条　定める。\n第二条　定める。", path="405AC0000000047_20150801_000000000000000.xml")
    )
    assert found.effective_from == date(2015, 8, 1)


def test_a_preamble_is_kept() -> None:
    text = "私たちは、豊かな自然を守る。\n水と緑は、県民の宝である。\n第1条　目的を定める。\n第2条　定義する。"
    assert at(read(text), "前文").labels["part"] == "preamble"


def test_marked_articles_are_believed_as_they_are() -> None:
    blocks = (
        Block(text="（目的）", tag="caption"),
        Block(text="第一条　目的とする。", tag="article", number="1"),
        Block(text="第九条　と書かれた文", tag="item", number="1"),
        Block(text="第三十八条から第四十条まで　削除", tag="article", number="38:40"),
    )
    structure = recognise(Document(path="法.xml", title="試作法", blocks=blocks, kind_hint=Kind.RULES))
    assert [section.locator for section in structure.sections] == ["第1条", "第38条から第40条まで"]
    assert structure.sections[0].caption == "目的"


def test_a_table_drawn_with_lines_becomes_rows() -> None:
    text = """
第一条　定める。
第二条　定める。
別表（第二条関係）
┌────┬──────┐
│区分│金額　　　│
├────┼──────┤
│甲地│13,000円　│
├────┼──────┤
│乙地│11,000円　│
│　　│を限度　　│
└────┴──────┘
"""
    assert at(read(text), "別表").text.split("\n")[1:] == ["区分 | 金額", "甲地 | 13,000円", "乙地 | 11,000円を限度"]


@given(
    st.integers(1, 60),
    st.sampled_from(["第{}条　定める。", "　第{}条　職員は、届け出る。\n２　前項の規定による。"]),
    st.booleans(),
)
def test_no_article_is_missed_or_invented(count: int, shape: str, captions: bool) -> None:
    lines = []
    for number in range(1, count + 1):
        if captions:
            lines.append(f"（見出し{number}）")
        lines.append(shape.format(to_kanji(number)))
    structure = read("\n".join(lines))
    assert articles(structure) == [str(number) for number in range(1, count + 1)]


def test_a_quoted_article_far_ahead_hides_none_of_those_below() -> None:
    text = "第一条　定める。\n第二条　次のように読み替える。\n第百条　読み替えた文とする。\n第三条　定める。\n第四条　定める。"
    assert articles(read(text)) == ["1", "2", "3", "4"]


def test_an_extract_may_leave_articles_out() -> None:
    assert articles(read("第三条　定める。\n（略）\n第十二条　精算する。\n第十二条の二　概算払をする。")) == [
        "3",
        "12",
        "12_2",
    ]


def test_a_second_rule_in_the_file_starts_again() -> None:
    text = (
        "○試作規程\n第一条　定める。\n第二条　定める。\n附則\nこの規程は、令和八年四月一日から施行する。\n"
        "○別の要綱\n第一条　目的とする。\n第二条　定める。"
    )
    structure = read(text)
    assert articles(structure) == ["1", "2", "1", "2"]
    assert [section.path for section in structure.sections][-1] == ("別の要綱",)
