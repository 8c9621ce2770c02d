"""The measurement of structure tells an exact reading from a faulty one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.structure import recognise
from rag.domain import Block, Chunk, Document, Kind, Structure
from tests.bench import structure as bench
from tests.bench.cuts import check
from tests.bench.rule_truth import Piece, Truth, article_number, in_digits, read_truth
from tests.bench.wrapped_text import Notation, notations, write

LAW = """<?xml version="1.0" encoding="UTF-8"?>
<Law><LawNum>令和五年法律第一号</LawNum><LawBody><LawTitle>試作法</LawTitle><MainProvision>
<Chapter Num="1"><ChapterTitle>第一章　総則</ChapterTitle>
<Article Num="1"><ArticleCaption>（目的）</ArticleCaption><ArticleTitle>第一条</ArticleTitle><Paragraph Num="1"><ParagraphNum/>
<ParagraphSentence><Sentence>この法律は、職員の旅費に関し必要な事項を定めることにより、公務の円滑な運営に資することを目的とする。</Sentence></ParagraphSentence>
<Item Num="1"><ItemTitle>一</ItemTitle><ItemSentence><Sentence>宿泊費</Sentence></ItemSentence></Item></Paragraph></Article>
<Article Num="1_2"><ArticleTitle>第一条の二</ArticleTitle><Paragraph Num="1"><ParagraphNum/><ParagraphSentence>
<Sentence>前条の規定による旅費は、第二条から第四条までに規定する額を超えて支給することができない。</Sentence></ParagraphSentence></Paragraph></Article>
<Article Num="2:3"><ArticleTitle>第二条及び第三条</ArticleTitle><Paragraph Num="1"><ParagraphNum/><ParagraphSentence>
<Sentence>削除</Sentence></ParagraphSentence></Paragraph></Article></Chapter></MainProvision>
<SupplProvision AmendLawNum="令和六年三月三十日法律第二号"><SupplProvisionLabel>附　則</SupplProvisionLabel>
<Article Num="1"><ArticleTitle>第一条</ArticleTitle><Paragraph Num="1"><ParagraphNum/><ParagraphSentence>
<Sentence>この法律は、公布の日から施行する。</Sentence></ParagraphSentence></Paragraph></Article></SupplProvision></LawBody></Law>
"""
PAGE = """<html><body><div class="joubun showhistory"><div class="eline"><div class="head"><p class="title-irregular"><span>○試作条例</span></p>
<p class="date">令和5年3月30日</p><p class="number">条例第1号</p></div></div>
<div class="eline"><div class="article"><p class="title"><span class="cm">(目的)</span></p><p class="num"><span class="num cm">第1条</span>
<span class="clause"><span class="p cm">この条例は、目的を定める。</span></span></p></div></div>
<div class="eline"><div class="article"><p class="num"><span class="num cm">第2条</span><span class="p cm">　次のとおりとする。</span></p></div></div>
<div class="eline"><div class="item"><p class="num"><span class="num cm">(1)</span><span class="p cm">　第3条に規定するもの</span></p></div></div>
<div class="eline"><p class="s-head"><span class="title cm">附則(令和6年3月30日条例第2号)</span></p></div>
<div class="eline"><div class="clause"><p class="p">この条例は、公布の日から施行する。</p></div></div></div></body></html>
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "資料"
    folder.mkdir()
    (folder / "試作法.xml").write_text(LAW, encoding="utf-8")
    (folder / "試作条例.html").write_text(PAGE, encoding="utf-8")
    (folder / "ほかのページ.html").write_text("<html><body><p>第1条　案内</p></body></html>", encoding="utf-8")
    return folder


def truth_of(path: Path) -> Truth:
    truth = read_truth(path)
    assert truth is not None
    return truth


def test_the_truth_of_a_law_names_ranges_and_the_supplement_of_each_article(data: Path) -> None:
    assert truth_of(data / "試作法.xml").articles == [
        ("本則", "1"),
        ("本則", "1_2"),
        ("本則", "2:3"),
        ("附則令和6年3月30日法律第2号", "1"),
    ]


def test_the_truth_of_a_page_is_what_its_classes_say(data: Path) -> None:
    truth = truth_of(data / "試作条例.html")
    assert truth.articles == [("本則", "1"), ("本則", "2")]
    assert [piece.supplement for piece in truth.pieces if piece.role == "supplement"] == ["令和6年3月30日条例第2号"]
    assert read_truth(data / "ほかのページ.html") is None


def test_numbers_are_read_in_every_notation() -> None:
    assert [article_number(text) for text in ("第百二十三条の四", "第１２条", "第五条及び第六条　削除", "附則")] == [
        "123_4",
        "12",
        "5:6",
        "",
    ]
    assert in_digits("令和四年一二月二二日条例第一三〇号") == "令和4年12月22日条例第130号"


def test_a_wrapped_text_keeps_to_its_width_and_notation(data: Path) -> None:
    notation = Notation(width=30, hanging=True, caption_after=True, digits="half", ending="\r\n")
    text, pieces = write(truth_of(data / "試作法.xml"), notation)
    assert max(len(line) - sum(map(str.isascii, line)) / 2 for line in text.split("\r\n")) <= 31
    assert "第1条（目的）　この法律は" in text
    assert "\r\n　（1）　宿泊費" in text
    assert [piece.role for piece in pieces].count("caption") == 0
    assert len(notations()) == len(set(notations())) == 72


def test_an_exact_reading_meets_every_bar(data: Path, tmp_path: Path) -> None:
    tallies = bench.measure(data, 200, samples=tmp_path / "なし")
    assert [tally.articles for tally in tallies[:3]] == [2, 4, 72 * 6]
    assert all(ok for _, ok in bench.bars(tallies))


def chunks_of(text: str) -> tuple[list[Piece], list[Chunk]]:
    blocks = tuple(Block(text=line) for line in text.split("\n"))
    structure = recognise(Document(path="", title="試作規程", blocks=blocks), Kind.RULES)
    pieces = [Piece(role="article", text=line, article=str(at + 1)) for at, line in enumerate(text.split("\n"))]
    return pieces, bench.chunks_of(structure, 700)


TEXT = (
    "第一条　職員は、届け出る。ただし、知事（代理の者を含む。以下同じ。）の承認を要する。\n第二条　職員は、記録する。"
)


def test_exact_chunks_have_no_fault() -> None:
    pieces, chunks = chunks_of(TEXT)
    assert check(pieces, chunks, longest=2100).faults == {}


def test_a_chunk_without_its_number_is_seen() -> None:
    pieces, (first, second) = chunks_of(TEXT)
    assert check(pieces, [replace(first, locator="本文"), second], longest=2100).faults == {"unnamed": 1}
    assert check(pieces, [replace(first, header="試作規程"), second], longest=2100).faults == {"unnamed": 1}


def test_a_chunk_over_two_articles_is_seen() -> None:
    pieces, (first, second) = chunks_of(TEXT)
    joined = replace(first, text=first.text + second.text)
    assert check(pieces, [joined], longest=2100).faults == {"spanning": 1, "unnamed": 1}


@pytest.mark.parametrize(
    ("at", "faults"),
    [("ただし", {}), ("届け出る。", {"cut": 1}), ("以下同じ", {"cut": 1}), ("の承認", {"cut": 1})],
)
def test_a_cut_inside_a_sentence_is_seen(at: str, faults: dict[str, int]) -> None:
    pieces, (first, second) = chunks_of(TEXT)
    end = first.text.index(at)
    parts = [replace(first, text=first.text[:end]), replace(first, text=first.text[end:]), second]
    assert check(pieces, parts, longest=2100).faults == faults
    assert check(pieces, parts, longest=5).faults == {
        "forced" if fault == "cut" else fault: n for fault, n in faults.items()
    }


def test_lost_and_torn_words_are_seen() -> None:
    pieces, (first, second) = chunks_of(TEXT)
    assert check(pieces, [replace(first, text=first.text.replace("届け", ""))], longest=2100).faults["lost"] == 2
    torn = replace(first, text=first.text.replace("届け", "届\nけ"))
    assert check(pieces, [torn, second], longest=2100).faults == {"torn": 1}


def test_a_missed_and_an_invented_article_miss_the_bar(data: Path) -> None:
    tally = bench.Tally(group=bench.PAGES)
    truth = truth_of(data / "試作条例.html")
    tally.add_articles("試作", truth, Structure(kind=Kind.RULES, title="", sections=()))
    assert (tally.missed, tally.invented) == (2, 0)
    others = [bench.Tally(group=name) for name in (bench.LAWS, bench.WRAPPED, bench.SAMPLES, bench.PASSAGES)]
    assert [ok for _, ok in bench.bars([tally, *others])][:2] == [False, True]


def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        bench.main(["--data", str(tmp_path / "なし")])
    assert ended.value.code == 2
    assert "フォルダがありません" in capsys.readouterr().err
