"""PDF files as they are read."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from ingest.readers import read_document
from ingest.readers.radicals import fold_radicals
from rag.domain import Document
from rag.errors import DocumentError
from tests.pdf_files import build, grid, lines, words

pytestmark = pytest.mark.needs_fonts_noto_cjk  # the fonts of these PDFs are not embedded


def read(folder: Path, *pages: str, crop: str = "") -> Document:
    path = folder / "規程.pdf"
    path.write_bytes(build(pages, crop=crop))
    return read_document(path, name="規程.pdf")


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def test_paragraphs_keep_their_line_breaks_and_know_their_page(tmp_path: Path) -> None:
    first = lines(
        "みほん県旅費規程",
        "（目的）",
        "第１条　この規程は、職員が公務のために旅行する場合における旅費に関し",
        "必要な事項を定める。",
    )
    document = read(
        tmp_path,
        first,
        lines("第２条　用語の意義は、次のとおりとする。", "（１）出張　旅行をいう。", "（２）赴任　移転をいう。"),
    )
    assert [(block.page, block.text) for block in document.blocks] == [
        (1, "みほん県旅費規程"),
        (1, "（目的）"),
        (1, "第１条　この規程は、職員が公務のために旅行する場合における旅費に関し\n必要な事項を定める。"),
        (2, "第２条　用語の意義は、次のとおりとする。"),
        (2, "（１）出張　旅行をいう。"),
        (2, "（２）赴任　移転をいう。"),
    ]
    assert document.title == "みほん県旅費規程"
    assert not document.warnings


def test_an_article_number_at_a_line_break_opens_no_paragraph(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        lines("この規程に定めるもののほか、旅費の支給については、みほん県職員旅費条例", "第５条の規定による。"),
    )
    assert len(document.blocks) == 1


def test_the_gap_around_figures_is_no_space_and_a_wide_gap_is(tmp_path: Path) -> None:
    page = words("令和", 70, 700, size=10) + words("8", 93, 700, size=10) + words("年度", 106, 700, size=10)
    assert texts(read(tmp_path, page + words("予算", 160, 700, size=10))) == ["令和8年度 予算"]


def test_running_heads_are_kept_once_and_page_numbers_are_dropped(tmp_path: Path) -> None:
    bodies = ["旅費は定額とする。", "日当は日数による。", "宿泊料は夜数による。", "鉄道賃は路程による。"]
    pages = [
        words("みほん県例規集", 70, 815) + lines(body) + words(f"- {at} -", 290, 30)
        for at, body in enumerate(bodies, 1)
    ]
    assert sorted(texts(read(tmp_path, *pages))) == sorted(["みほん県例規集", *bodies])


def test_numbered_headings_at_the_top_of_pages_are_no_page_numbers(tmp_path: Path) -> None:
    pages = [words(f"別表第{at}", 70, 800) + lines("区分による。") for at in (1, 2, 5, 9)]
    assert [text for text in texts(read(tmp_path, *pages)) if text.startswith("別表")] == [
        "別表第1",
        "別表第2",
        "別表第5",
        "別表第9",
    ]


def test_a_ruled_table_becomes_rows_where_it_stands(tmp_path: Path) -> None:
    page = words("別表の額は、次のとおりとする。", 70, 780) + grid(70, 760, [100, 100], [25, 25])
    page += words("区分", 80, 745) + words("日当", 180, 745) + words("甲地", 80, 720) + words("２，６００円", 180, 720)
    page += words("備考　県内を除く。", 70, 680)
    document = read(tmp_path, page)
    assert texts(document) == [
        "別表の額は、次のとおりとする。",
        "区分 | 日当\n甲地 | ２，６００円",
        "備考　県内を除く。",
    ]
    assert document.blocks[1].rows == (("区分", "日当"), ("甲地", "２，６００円"))


def test_rows_without_rules_between_them_are_told_by_their_figures(tmp_path: Path) -> None:
    page = grid(70, 760, [100, 100], [25, 60]) + words("区分", 80, 745) + words("額", 180, 745)
    for at, (name, sum_) in enumerate([("日当", "2200"), ("宿泊料", "10900"), ("食卓料", "2200")]):
        page += words(name, 80, 720 - 18 * at) + words(sum_, 180, 720 - 18 * at)
    assert read(tmp_path, page).blocks[0].rows == (
        ("区分", "額"),
        ("日当", "2200"),
        ("宿泊料", "10900"),
        ("食卓料", "2200"),
    )


def test_a_single_box_is_no_table(tmp_path: Path) -> None:
    document = read(
        tmp_path, grid(70, 760, [300], [60]) + lines("留意事項", "旅行命令を受けること。", top=740, left=80)
    )
    assert all(not block.rows for block in document.blocks)


@pytest.mark.parametrize(
    "hidden",
    [
        words("隠した文", 70, 700, before="3 Tr"),
        words("隠した文", 70, 700, before="1 1 1 rg"),
        words("隠した文", 70, 700, size=0.5),
        words("隠した文", 5000, 5000),
    ],
    ids=["invisible", "white", "tiny", "off the page"],
)
def test_words_that_nobody_sees_are_left_out_and_counted(tmp_path: Path, hidden: str) -> None:
    document = read(tmp_path, lines("旅費を支給する。") + hidden)
    assert texts(document) == ["旅費を支給する。"]
    assert "見えない文字（透明、白、極小、紙面の外）を4文字" in document.warnings[0]


def test_white_words_on_a_dark_band_are_read(tmp_path: Path) -> None:
    document = read(tmp_path, "0 0 0.4 rg 60 690 200 30 re f\n" + words("見出しの帯", 70, 700, before="1 1 1 rg"))
    assert texts(document) == ["見出しの帯"]
    assert not document.warnings


def test_the_recognised_text_of_a_scanned_page_is_read_with_a_warning(tmp_path: Path) -> None:
    document = read(tmp_path, "q 595 0 0 842 0 0 cm /I1 Do Q\n" + words("認識した文", 70, 700, before="3 Tr"))
    assert texts(document) == ["認識した文"]
    assert "文字認識の結果" in document.warnings[0]


def test_printers_marks_outside_the_page_are_dropped_without_alarm(tmp_path: Path) -> None:
    document = read(tmp_path, lines("旅費を支給する。") + words("刷版", 70, 10), crop="/CropBox [0 40 595 842]")
    assert texts(document) == ["旅費を支給する。"]
    assert not document.warnings


def test_pages_without_text_are_named_and_a_file_without_any_is_refused(tmp_path: Path) -> None:
    image = "q 595 0 0 842 0 0 cm /I1 Do Q\n"
    assert "2～3ページには文字がありません" in read(tmp_path, lines("旅費"), image, image).warnings[0]
    with pytest.raises(DocumentError, match=r"読み取れる文字がありません.*文字認識"):
        read(tmp_path, image)


def test_radical_code_points_are_folded_and_nothing_else() -> None:
    assert fold_radicals("⽇本⾷⻑⻘①㈱ｶﾅ") == "日本食長青①㈱ｶﾅ"


def test_a_bomb_a_cut_file_and_a_locked_file_are_refused(tmp_path: Path) -> None:
    bomb = zlib.compress(b" " * (70 << 20), 9)
    head = b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(bomb)
    (tmp_path / "爆弾.pdf").write_bytes(build([lines("旅費")], extra=[head + bomb + b"\nendstream"]))
    (tmp_path / "切れ.pdf").write_bytes(build([lines("旅費")])[:200])
    encrypted = build([lines("旅費")]).replace(
        b"/Root 1 0 R",
        b"/ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /O <"
        + b"11" * 32
        + b"> /U <"
        + b"22" * 32
        + b"> /P -4 >> /Root 1 0 R",
    )
    (tmp_path / "施錠.pdf").write_bytes(encrypted)
    for name, finding in (
        ("爆弾", "圧縮爆弾の疑い"),
        ("切れ", "壊れています"),
        ("施錠", "パスワードで保護されています"),
    ):
        with pytest.raises(DocumentError, match=finding):
            read_document(tmp_path / f"{name}.pdf", name=f"{name}.pdf")


def test_a_wide_page_whose_size_stands_in_the_tree_of_pages_is_read_to_its_edge(tmp_path: Path) -> None:
    built = build([words("左の段", 70, 700) + words("右の段", 1000, 700)], box="", tree="/MediaBox [0 0 1191 842]")
    path = tmp_path / "図面.pdf"
    path.write_bytes(built)
    document = read_document(path, name="図面.pdf")
    assert texts(document) == ["左の段 右の段"]
    assert not document.warnings
