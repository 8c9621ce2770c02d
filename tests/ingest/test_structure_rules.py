from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.structure import recognise, rules
from ingest.structure.lines import lines_of
from ingest.structure.rule_articles import articles_below, count_headings
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


@pytest.mark.parametrize("first", ["### END OF CONTEXT ###", "職員の心得"])
def test_a_first_line_that_names_no_rule_is_kept_although_it_is_the_title(first: str) -> None:
    text = f"{first}\n第1条　旅費を支給する。\n第2条　旅費は、実費とする。"
    structure = rules.recognise(replace(document(text), title=first))
    assert [(section.locator, section.text) for section in structure.sections][0] == ("沿革", first)


@pytest.mark.parametrize("title", ["みほん県職員旅費規程", "旅費法（平成十二年法律第一号）", "旅費条例施行規則 抄"])
def test_a_title_that_names_a_rule_is_no_section(title: str) -> None:
    text = f"○{title}\n第1条　旅費を支給する。\n第2条　旅費は、実費とする。"
    structure = rules.recognise(replace(document(text), title=title))
    assert [section.locator for section in structure.sections] == ["第1条", "第2条"]


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


def test_a_last_amendment_without_a_day_counts_from_its_promulgation_and_says_so() -> None:
    text = (
        "第1条　基準を定める。\n第2条　定める。\n附則\nこの法律は、令和三年九月一日から施行する。\n"
        "附　則（{}法律第四六号）　抄\nこの法律は、公布の日から起算して一年を超えない範囲内において政令で定める日から施行する。"
    )
    later = read(text.format("令和六年六月七日"))
    assert later.effective_from == date(2024, 6, 7)
    assert "令和6年6月7日法律第46号" in later.warnings[0]
    earlier = read(text.format("令和二年六月七日"))
    assert (earlier.effective_from, earlier.warnings) == (date(2021, 9, 1), ())


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


PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "第一条　定める。",
                "第２条（趣旨）　定める。",
                "第三条から第五条まで　削除",
                "第四条の規定は",
                "　第二条",
                "（趣旨",
                "及び目的）",
            ),
            *(
                "附則",
                "附則（令和八年",
                "条例第一号）",
                "別表第一",
                "第一章　総則",
                "目次",
                "１　定める。",
                "第一条を次のように改める。",
            ),
        ]
    ),
    max_size=14,
)


@given(PIECES, st.booleans())
def test_a_rule_has_no_more_articles_than_lines_that_could_head_one(pieces: list[str], tagged: bool) -> None:
    tag = {"tag": "article", "number": "7"} if tagged else {}
    blocks = (*(Block(text=piece) for piece in pieces), Block(text="定める。", **tag))
    found = rules.recognise(Document(path="a.txt", title="規程", blocks=blocks))
    assert len(articles(found)) <= count_headings(lines_of(blocks)) <= len(blocks)


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


def test_a_table_of_contents_with_broken_lines_heads_nothing() -> None:
    text = """
目次
　第一章　総則（第一条・第二条）
　第二章　帳簿の備付け及び保存並びにその閲覧（第三条―
第五条）
　附則
　　　第一章　総則
第一条　定める。
第二条　定める。
　　　第二章　帳簿の備付け及び保存並びにその閲覧
第三条　定める。
"""
    structure = read(text)
    assert [section.locator for section in structure.sections] == ["第1条", "第2条", "第3条"]
    assert at(structure, "第3条").path == ("第二章 帳簿の備付け及び保存並びにその閲覧",)


def test_a_preamble_behind_the_table_of_contents_is_kept() -> None:
    text = "目次\n　第一章　総則（第一条）\n　附則\n私たちは、水を守る。\n水は県民の宝である。\n　　　第一章　総則\n第一条　定める。"
    assert at(read(text), "前文").text == "私たちは、水を守る。\n水は県民の宝である。"


@pytest.mark.parametrize(
    "caption", ["旅費を支給しない場合の手続", "規定の準用", "以下の者への通知", "前条の例外を除くもの"]
)
def test_a_caption_behind_the_number_may_use_the_words_of_a_mention(caption: str) -> None:
    text = f"第一条　定める。\n第二条（{caption}）　はじめに届け出る。\n第三条　定める。"
    assert articles(read(text)) == ["1", "2", "3"]
    assert at(read(text), "第2条").caption == caption


def test_a_bracket_inside_the_sentence_is_no_caption() -> None:
    text = "第一条　定める。\n第二条　旧条例第五条（見舞金の支給をいう。）の規定は、適用しない。\n第三条　旧規則（一部を除く）は、廃止する。"
    assert [section.caption for section in read(text).sections] == ["", "", ""]


def test_a_label_of_a_supplement_may_be_broken_over_two_lines() -> None:
    text = "第一条　定める。\n　　　附　則　（平成十七年六月二十九日条例第七十五\n号）　抄\n第一条　施行する。\n　　　附　則　（平成十八年三月一日条例第二号）\n　抄\n第二条　施行する。"
    assert [section.locator for section in read(text).sections][1:] == [
        "附則（平成17年6月29日条例第75号）第1条",
        "附則（平成18年3月1日条例第2号）第2条",
    ]


def test_a_caption_on_an_amendment_is_no_note_on_amendments() -> None:
    text = "第一条　定める。\n（令六条例一〇七・一部改正）\n（給与条例の一部改正）\n第二条　次のように改正する。"
    structure = read(text)
    assert at(structure, "第1条").text.endswith("（令六条例一〇七・一部改正）")
    assert at(structure, "第2条").caption == "給与条例の一部改正"


def test_an_item_that_ends_with_a_bracket_is_no_caption() -> None:
    text = "第一条　次の条例は、廃止する。\n(1)　甲条例(平成二年条例第一号)\n(2)　乙条例(平成三年条例第二号)\n第二条　定める。"
    assert "乙条例" in at(read(text), "第1条").text
    assert at(read(text), "第2条").caption == ""


def test_captions_in_other_brackets_belong_to_the_article_below() -> None:
    structure = read("【目的】\n第一条　定める。\n【定義】\n第二条　定める。")
    assert [section.caption for section in structure.sections] == ["目的", "定義"]


def test_the_name_of_a_chapter_that_an_amendment_quotes_is_no_chapter() -> None:
    text = "第一条　財産規則の一部を次のように改正する。\n　第三章の章名を次のように改める。\n　　　第三章　財産の処分\n第二条　定める。"
    structure = read(text)
    assert "第三章　財産の処分" in at(structure, "第1条").text
    assert at(structure, "第2条").path == ()


def test_a_second_rule_is_seen_without_a_mark_before_its_title() -> None:
    text = (
        "第一条　定める。\n附則\nこの規程は、公布の日から施行する。\n別記様式（第一条関係）\n　　申請書\n"
        "　　試作防火規程\n　　　　平成二十二年訓令第五号\n（趣旨）\n第一条　防火について定める。\n附則\nこの規程は、施行する。\n別表（第一条関係）"
    )
    found = [(section.locator, section.path) for section in read(text).sections]
    second = ("試作防火規程",)
    assert found[:3] == [("第1条", ()), ("附則", ()), ("別記様式", ())]
    assert found[3:] == [("沿革", second), ("第1条", second), ("附則", second), ("別表", second)]


def test_the_number_of_a_page_is_no_part_of_a_sentence() -> None:
    text = "\n".join(
        f"第{number}条　職員が公務のため旅行した場合には、当該職員に対し、この規程の定めると\n- {number} -\n"
        "ころにより、旅費を支給するものとし、その額は別に定める額を限度として計算した額に\nよるものとする。"
        for number in range(1, 7)
    )
    assert "この規程の定めるところにより" in at(read(text), "第3条").text


def test_the_lines_of_a_short_rule_are_joined_too() -> None:
    text = """
第一条　この規程は、職員の表彰に関し必要な事項を定めること
を目的とする。
第二条　表彰は、知事が行う。
第三条　表彰を受けた職員には、知事が別に定めるところによ
り、記念品を授与する。
第四条　表彰は、毎年四月一日に行う。ただし、知事が特に必
要と認めるときは、他の日に行う。
"""
    structure = read(text)
    assert all("\n" not in section.text for section in structure.sections)


def test_a_short_rule_with_a_long_table_is_still_a_rule() -> None:
    rows = "\n".join(f"品目{number} | 貸付けの条件について定める内容{number}" for number in range(60))
    text = (
        f"第一条　定める。\n第二条　別表による。\n附則\nこの要綱は、施行する。\n別表（第二条関係）\n品目 | 条件\n{rows}"
    )
    assert recognise(document(text, path="本文.txt")).kind is Kind.RULES


def test_each_line_is_remembered_once_however_many_there_are() -> None:
    lines = lines_of([Block(text=f"第{number}条　定める。") for number in range(1, 3001)])
    coming = articles_below(lines)
    assert sum(map(len, coming.places.values())) == len(lines)
    coming.at = 1500
    assert coming.has((1502,))
    assert not coming.has((1501,))


def test_an_article_behind_the_next_supplement_is_not_to_come() -> None:
    coming = articles_below(lines_of([Block(text=text) for text in ("第一条　甲", "附則", "第二条　乙")]))
    assert not coming.has((2,))
