"""The Excel book of all sheets of a notice: a row an item, links, what is red, texts that are never computed."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.workbook.workbook import Workbook

from ingest.readers import read_document
from rag.adapters.overview_book import write_overview
from rag.assembly.item import Check, Finding, Item, Severity
from rag.assembly.sheet import Overview, Sheet
from tests.sheets import CAUTION, HOSTILE, MADE_AT, RED, item, paragraph, sheet, varied_sheets


def overview(*sheets: Sheet, **told: Any) -> Overview:
    return Overview(title="一般質問通告書", made_at=MADE_AT, sitting="令和8年12月定例会", sheets=sheets, **told)


def written(tmp_path: Path, told: Overview) -> Workbook:
    write_overview(told, tmp_path / "一覧.xlsx")
    return load_workbook(tmp_path / "一覧.xlsx")


def rows(book: Workbook, name: str) -> list[dict[str, Any]]:
    """The rows of a sheet below the names of its columns."""
    page = book[name]
    head = int(str(page.print_title_rows).strip("$").split(":$")[0].removeprefix("$"))
    names = [cell.value for cell in page[head]]
    return [dict(zip(names, (cell.value for cell in line), strict=True)) for line in page.iter_rows(min_row=head + 1)]


def test_each_item_has_a_row_with_what_every_check_found(tmp_path: Path) -> None:
    red = sheet(findings=(CAUTION, RED, replace(RED, message="二つ目です。")), checked=(Check.FIGURES, Check.STRENGTH))
    book = written(
        tmp_path, overview(sheet(), red, Sheet(item=Item(number=("2",), text="県政について"), made_at=MADE_AT))
    )
    usual, wrong, empty = rows(book, "一覧")
    assert [usual[name] for name in ("通告番号", "質問者", "会派", "答弁者", "主担当課", "状態", "秒数", "漏れ")] == [
        "問1(2)ア", "想定健", "県民クラブ", "知事", "総務部 若者定着課", "下書き済", 59, "○",
    ]  # fmt: skip
    assert usual["問（要旨）"] == "奨学金の返還支援を広げる考えはないか、知事に伺う。"
    assert wrong["状態"] == "要対応"
    assert wrong["数値"] == "× 「百二十三人」は資料では「百二十一人」です。どち…（ほか1件）"
    assert wrong["表現"].startswith("△ 「取り組んで")
    assert wrong["漏れ"] == "－"
    assert (empty["状態"], empty["漏れ"], empty["秒数"]) == ("未作成", "－", 0)


def test_red_rows_are_filled_and_all_can_be_filtered_below_a_frozen_head(tmp_path: Path) -> None:
    page = written(tmp_path, overview(sheet(), sheet(findings=(RED,))))["一覧"]
    assert [page.cell(row, 1).fill.fgColor.rgb for row in (5, 6)] == ["00000000", "00FBD5D5"]
    assert page.auto_filter.ref == "A4:Q6"
    assert page.freeze_panes == "C5"
    assert page.cell(6, 6).alignment.wrap_text


def test_a_row_links_to_the_word_file_beside_the_book(tmp_path: Path) -> None:
    told = overview(sheet(), sheet(item=item(number=("3",))))
    page = written(tmp_path, told)["一覧"]
    links = [page.cell(row, page.max_column).hyperlink for row in (5, 6)]
    assert (
        [link.target for link in links if link]
        == list(told.file_names)
        == ["001_問1(2)ア_想定健.docx", "002_問3_想定健.docx"]
    )


def test_it_is_printed_on_a4_across_with_its_head_on_every_page(tmp_path: Path) -> None:
    for page in written(tmp_path, overview(sheet())):
        assert (page.page_setup.orientation, str(page.page_setup.paperSize)) == ("landscape", "9")
        assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
        assert page.sheet_properties.pageSetUpPr is not None
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.print_title_rows


def test_the_second_sheet_holds_every_red_finding_and_nothing_else(tmp_path: Path) -> None:
    told = overview(
        sheet(findings=(CAUTION, RED)),
        sheet(),
        Sheet(item=Item(number=("2",), text="県政について"), made_at=MADE_AT),
        warnings=("問3がありません。",),
    )
    notice, red, empty = rows(written(tmp_path, told), "要対応")
    assert (notice["検査"], notice["指摘と、すること"]) == ("通告", "問3がありません。")
    assert (red["検査"], red["段落"], red["この答弁の言葉"], red["相手の言葉"]) == (
        "数値",
        "3",
        "百二十三人",
        "百二十一人",
    )
    assert red["相手の出典"] == "みほん県若者定着促進条例　第5条第2項"
    assert red["指摘と、すること"] == RED.message
    assert (empty["検査"], empty["通告番号"]) == ("未作成", "問2")


def test_a_notice_without_red_findings_says_so(tmp_path: Path) -> None:
    [row] = rows(written(tmp_path, overview(sheet())), "要対応")
    assert row["指摘と、すること"] == "要対応の指摘はありません。"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "'=1", "#N/A", "\t=1", HOSTILE])
def test_a_text_is_never_computed(tmp_path: Path, text: str) -> None:
    finding = Finding(check=Check.FIGURES, severity=Severity.RED, message=text, quotes=(text, text))
    made = sheet(item=item(text, member=text, group=text, answerer=text), office=text, findings=(finding,))
    book = written(tmp_path, overview(made, warnings=(text,)))
    cells = [cell for page in book for line in page.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [cell.value for cell in cells if cell.data_type == "n"] == [59]
    with zipfile.ZipFile(tmp_path / "一覧.xlsx") as package:
        assert b"<f>" not in b"".join(package.read(name) for name in package.namelist())
    quoted = [cell for cell in cells if str(cell.value)[:1] in "=+-@＝'"]
    assert [cell for cell in quoted if not cell.quotePrefix] == []


def test_a_text_that_excel_would_decode_or_that_is_too_long_is_kept_or_cut(tmp_path: Path) -> None:
    book = written(tmp_path, overview(sheet(item=item("_x0041_と" + "長" * 40_000))))
    shown = rows(book, "一覧")[0]["問（要旨）"]
    assert shown.startswith("_x005F_x0041_と長")
    assert len(shown) < 32_767


def test_the_same_overview_gives_the_same_bytes_and_names_no_author(tmp_path: Path) -> None:
    told = overview(sheet(), sheet(findings=(RED,)))
    for name, each in (("a", told), ("b", told), ("c", replace(told, made_at=MADE_AT + timedelta(minutes=1)))):
        write_overview(each, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (tmp_path / "a").read_bytes() != (tmp_path / "c").read_bytes()
    properties = written(tmp_path, told).properties
    assert not properties.creator
    assert not properties.lastModifiedBy
    assert properties.title == "令和8年12月定例会　一般質問通告書"
    assert properties.modified is not None
    assert properties.modified.isoformat()[:19] == "2026-11-26T12:34:05"


def test_our_own_reader_reads_twenty_different_sheets(tmp_path: Path) -> None:
    write_overview(overview(*(each for _, each in varied_sheets())), tmp_path / "一覧.xlsx")
    document = read_document(tmp_path / "一覧.xlsx", name="一覧.xlsx")
    text = "\n".join(block.text for block in document.blocks)
    assert text.count(".docx") >= 20
    assert "全20件" in text


def test_an_empty_notice_is_written(tmp_path: Path) -> None:
    assert rows(written(tmp_path, overview()), "一覧") == []


def test_a_sheet_without_a_text_to_read_takes_no_time(tmp_path: Path) -> None:
    assert rows(written(tmp_path, overview(sheet(paragraphs=(paragraph(""),)))), "一覧")[0]["秒数"] == 0
