from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.japanese.references import Place, locator, references


def keys(text: str) -> list[tuple[str, str]]:
    return [(found.law, found.key) for found in references(text)]


@pytest.mark.parametrize(
    "text",
    [
        "旅費条例第12条第2項第3号",
        "旅費条例第十二条第二項第三号",
        "「旅費条例」第１２条第２項第３号",
        "旅費条例12条2項3号",
        "旅費条例の第12条第2項第3号はどうですか",
        "旅費条例 第12条第2項第3号",
        "旅費条例（平成十二年みほん県条例第三十四号）第十二条第二項第三号",
    ],
)
def test_one_clause_is_found_however_it_is_written(text: str) -> None:
    assert keys(text) == [("旅費条例", "12/2/3")]


@pytest.mark.parametrize(
    ("text", "law", "key"),
    [
        ("第十二条の二の規定により", "", "12_2"),
        ("財務規則第5条の2第1項", "財務規則", "5_2/1"),
        ("第三条の一部を改正する", "", "3"),
        ("第5条の2つの要件", "", "5"),
        ("別表第一に定める額", "", "table:1"),
        ("別表第2の3", "", "table:2_3"),
        ("別表のとおり", "", "table:"),
        ("様式第1号により", "", "form:1"),
        ("別記様式第3号の2", "", "form:3_2"),
        ("第4号様式を提出", "", "form:4"),
        ("附則第2項", "", "supplement:/2"),
        ("附則第3条第1項", "", "supplement:3/1"),
        ("職員の旅費に関する条例第12条", "職員の旅費に関する条例", "12"),
        ("なお、県外出張は職員の旅費に関する条例第12条による", "職員の旅費に関する条例", "12"),
        ("改正後の職員の旅費に関する条例第九条", "職員の旅費に関する条例", "9"),
        ("法第七十八条第二項", "法", "78/2"),
        ("この条例第三条", "この条例", "3"),
        ("個人情報の保護に関する法律施行条例第三条", "個人情報の保護に関する法律施行条例", "3"),
        ("第34条ただし書", "", "34"),
    ],
)
def test_a_clause_is_read_with_its_law(text: str, law: str, key: str) -> None:
    assert keys(text) == [(law, key)]


@pytest.mark.parametrize(
    "text",
    [
        "みほん県条例第七号",
        "議案第18号",
        "法律第六十七号",
        "一の旅行",
        "3項目",
        "条件は12条件",
        "三条市",
        "令和8年規則第3号",
    ],
)
def test_document_numbers_and_words_are_no_references(text: str) -> None:
    assert references(text) == []


@pytest.mark.parametrize(
    ("text", "relative", "key"),
    [
        ("前条の規定", "前条", ""),
        ("次項において", "次項", ""),
        ("同条第二項", "同条", "/2"),
        ("前項第二号", "前項", "//2"),
        ("前各号に掲げる者", "前各号", ""),
        ("前二項の規定", "前二項", ""),
        ("この条において", "この条", ""),
        ("第2条各号に規定する", "各号", "2"),
    ],
)
def test_a_relative_reference_keeps_the_word_it_points_with(text: str, relative: str, key: str) -> None:
    (found,) = references(text)
    assert (found.relative, found.key) == (relative, key)


def test_a_range_names_its_end() -> None:
    (found,) = references("第五条から第七条までの規定")
    assert (found.article, found.last) == ("5", "7")
    (found,) = references("第二項から第四項まで")
    assert (found.paragraph, found.last) == ("2", "4")


def test_a_joined_clause_inherits_what_it_leaves_out() -> None:
    text = "労働基準法第十五条第三項若しくは第六十四条又は船員法第四十七条第一項若しくは第二項の規定"
    assert keys(text) == [("労働基準法", "15/3"), ("労働基準法", "64"), ("船員法", "47/1"), ("船員法", "47/2")]
    second = references("次条第一項若しくは第二項の規定")[1]
    assert (second.relative, second.key) == ("次条", "/2")


def test_a_clause_after_another_sentence_inherits_nothing() -> None:
    assert keys("旅費条例第5条による。第7条は別である。") == [("旅費条例", "5"), ("", "7")]


def test_the_span_covers_law_and_clause() -> None:
    text = "根拠は、地方自治法（昭和二十二年法律第六十七号）第二百四条第三項です。"
    (found,) = references(text)
    assert found.span.of(text) == "地方自治法（昭和二十二年法律第六十七号）第二百四条第三項"


def test_a_supplement_with_its_amendment_is_one_reference() -> None:
    (found,) = references("附則（令和8年3月27日条例第7号）第2項")
    assert (found.place, found.paragraph) == (Place.SUPPLEMENT, "2")


def test_a_locator_is_written_in_arabic_digits() -> None:
    assert locator("12_2", "2", "3") == "第12条の2第2項第3号"
    assert locator("5") == "第5条"


@given(st.integers(1, 300), st.one_of(st.none(), st.integers(2, 9)), st.integers(0, 9), st.integers(0, 20))
def test_every_locator_reads_back(article: int, branch: int | None, paragraph: int, item: int) -> None:
    key = f"{article}_{branch}" if branch else str(article)
    steps = [key, str(paragraph) if paragraph else "", str(item) if item else ""]
    (found,) = references(locator(*steps))
    assert [found.article, found.paragraph, found.item] == steps


@given(st.text(alphabet="第一二十条項号の前次同各附則別表様式12()、及び又は法「」規則から ", max_size=80))
def test_references_stand_in_order_where_they_say(text: str) -> None:
    spans = [found.span for found in references(text)]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(first.end <= second.end for first, second in pairwise(spans))
