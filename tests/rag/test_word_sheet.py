"""The answer sheet as a Word file: what stands in it, the same bytes, an office's own template, texts of any kind."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from datetime import timedelta
from pathlib import Path

import docx
import pypdfium2
import pytest
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import etree

from ingest.readers import read_document
from rag.adapters.word_sheet import own_template, write_sheet, write_template
from rag.assembly.fields import fields_of
from rag.assembly.sheet import Sheet
from rag.errors import StorageError, TemplateError
from tests.sheets import HOSTILE, MADE_AT, RED, SPOKEN, item, paragraph, past, sheet, varied_sheets


def written(tmp_path: Path, made: Sheet, template: Path | None = None, **told: bool) -> docx.document.Document:
    write_sheet(made, tmp_path / "答弁書.docx", template, **told)
    return docx.Document(str(tmp_path / "答弁書.docx"))


def words(word: docx.document.Document) -> str:
    """All texts of body and footer, a line a paragraph."""
    roots = [word.element, *(section.footer._element for section in word.sections)]
    return "\n".join(
        "".join(each.text or "" for each in one.iter(qn("w:t"))) for root in roots for one in root.iter(qn("w:p"))
    )


def template(tmp_path: Path, *lines: str, rows: tuple[tuple[str, ...], ...] = ()) -> Path:
    word = docx.Document()
    for line in lines:
        word.add_paragraph(line)
    if rows:
        table = word.add_table(len(rows), len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    path = tmp_path / "sheet_template.docx"
    word.save(str(path))
    return path


# --- what stands in it -----------------------------------------------------------------------------


def test_a_sheet_holds_every_part_in_order(tmp_path: Path) -> None:
    text = words(written(tmp_path, sheet(findings=(RED,), version=3)))
    spoken = [f"【要確認】{told}" if number == RED.paragraph else told for number, (_, told) in enumerate(SPOKEN)]
    expected = [
        "令和8年12月定例会", "令和8年12月3日", "12番 想定健 議員（県民クラブ）", "問1(2)ア", "知事", "総務部 若者定着課",
        "関係課　商工労働部 雇用対策課、総務部 財政課", "連絡先　内線 2345",
        "問　要旨（通告どおり）", "奨学金の返還支援を広げる考えはないか、知事に伺う。",
        "答　読み原稿　　59秒（291字、300字／分）", *spoken,
        "関連資料", "みほん県若者定着促進条例　第5条第2項", "「奨学金の返還を支援する。」", "3、5",
        "過去答弁", "令和7年3月", "知事（標本大介）", "同", "前進",
        "想定再質問と答え", "対象業種はいつ広げるのか。", "来年度の予算編成の中で検討いたします。", "資料1",
        "確認欄　　要対応", "□漏れ", "□整合", "□数値時点", "× 数値（第3段落）", "□表現", "□協議",
        "第3版　令和8年11月26日 21時34分 差替え",
    ]  # fmt: skip
    at = 0
    for each in expected:
        assert each in text[at:], each
        at = text.index(each, at)


def test_our_own_reader_finds_the_answer_and_nothing_hidden(tmp_path: Path) -> None:
    write_sheet(sheet(), tmp_path / "答弁書.docx")
    document = read_document(tmp_path / "答弁書.docx", name="答弁書.docx")
    texts = [block.text for block in document.blocks]
    assert [told for _, told in SPOKEN if told not in texts] == []
    assert document.warnings == ()
    assert not any(block.hidden_text for block in document.blocks)
    assert "過去答弁" in [block.text for block in document.blocks if block.heading == 1]


def test_the_answer_is_large_type_with_a_paragraph_for_each_part(tmp_path: Path) -> None:
    word = written(tmp_path, sheet())
    spoken = [each for each in word.paragraphs if each.style is not None and each.style.name == "答弁本文"]
    assert [each.text for each in spoken] == [told for _, told in SPOKEN]
    assert spoken[0].style is not None
    assert spoken[0].style.font.size == Pt(16)
    assert all(each.paragraph_format.keep_together for each in spoken)


def test_a_paragraph_may_cross_a_page_when_it_is_not_to_be_kept_or_is_too_long(tmp_path: Path) -> None:
    def kept(word: docx.document.Document) -> list[bool | None]:
        return [p.paragraph_format.keep_together for p in word.paragraphs if p.style and p.style.name == "答弁本文"]

    made = sheet(paragraphs=(paragraph("短い。"), paragraph("長い。" * 300)))
    assert kept(written(tmp_path, made)) == [True, None]
    assert kept(written(tmp_path, made, keep_paragraphs=False)) == [None, None]


def test_what_must_be_confirmed_is_marked(tmp_path: Path) -> None:
    made = sheet(paragraphs=(paragraph("利用者は「要確認」人です。", needs_confirming=True), paragraph("以上です。")))
    word = written(tmp_path, made)
    first, second = [each for each in word.paragraphs if each.style is not None and each.style.name == "答弁本文"]
    marked = [run.text for run in first.runs if run.bold and run.font.highlight_color == WD_COLOR_INDEX.YELLOW]
    assert marked == ["【要確認】", "「要確認」"]
    assert first._p.find(f"{qn('w:pPr')}/{qn('w:pBdr')}") is not None
    assert second._p.find(f"{qn('w:pPr')}/{qn('w:pBdr')}") is None


def test_what_a_check_found_wrong_is_seen_on_the_first_page(tmp_path: Path) -> None:
    word = written(tmp_path, sheet(findings=(RED,)))
    assert word.paragraphs[1].text == "第1版　要対応"
    assert word.paragraphs[1].runs[-1].font.highlight_color == WD_COLOR_INDEX.YELLOW
    spoken = [each.text for each in word.paragraphs if each.style is not None and each.style.name == "答弁本文"]
    assert [text.startswith("【要確認】") for text in spoken] == [False, False, True, False, False, False]


def test_a_part_with_nothing_to_say_says_so(tmp_path: Path) -> None:
    made = sheet(past_answers=(), follow_ups=(), paragraphs=(paragraph("お答えします。"),))
    tables = written(tmp_path, made).tables
    for table in tables[1:5]:
        assert [cell.text for cell in table.rows[1].cells if cell.text.strip()] == ["該当なし"]


def test_the_page_is_a4_in_japanese_fonts_and_nothing_of_a_library_is_left(tmp_path: Path) -> None:
    word = written(tmp_path, sheet())
    section = word.sections[0]
    assert (round(section.page_width or 0, -3), round(section.page_height or 0, -3)) == (
        round(Mm(210), -3),
        round(Mm(297), -3),
    )
    with zipfile.ZipFile(tmp_path / "答弁書.docx") as package:
        styles = package.read("word/styles.xml").decode()
        everything = b"".join(map(package.read, package.namelist()))
        names = package.namelist()
    assert set(re.findall(r'w:eastAsia="([^"]+)"', styles)) == {"ＭＳ 明朝", "ＭＳ ゴシック", "ja-JP"}
    assert "w:kinsoku" in styles
    assert b"strictFirstAndLastChars" in everything
    assert b"python-docx" not in everything
    assert not [name for name in names if "thumbnail" in name or "theme" in name or "header" in name]
    assert {b"PAGE", b"NUMPAGES"} <= set(re.findall(rb"> (\w+) </w:instrText>", everything))


def test_the_properties_name_the_sheet_and_no_author(tmp_path: Path) -> None:
    properties = written(tmp_path, sheet(version=2)).core_properties
    assert properties.title == "答弁書 令和8年12月定例会 問1(2)ア 想定健"
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.modified is not None
    assert properties.modified.isoformat()[:19] == "2026-11-26T12:34:05"


# --- the same bytes --------------------------------------------------------------------------------


def test_the_same_sheet_gives_the_same_bytes(tmp_path: Path) -> None:
    own = template(tmp_path, "{{問}}", "{{答}}")
    for chosen in (None, own):
        for name, made in (("a", sheet()), ("b", sheet()), ("c", sheet(made_at=MADE_AT + timedelta(minutes=1)))):
            write_sheet(made, tmp_path / name, chosen)
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
        assert (tmp_path / "a").read_bytes() != (tmp_path / "c").read_bytes()


# --- pages -----------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs the Debian package libreoffice-writer-nogui")
def test_every_page_has_its_number_and_no_row_of_a_table_is_lost(tmp_path: Path) -> None:
    counts = (1, 7, 40)
    for count in counts:
        write_sheet(sheet(past_answers=tuple(past(n) for n in range(count))), tmp_path / f"{count}.docx")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    files = [str(tmp_path / f"{count}.docx") for count in counts]
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    for count in counts:
        with pypdfium2.PdfDocument(tmp_path / f"{count}.pdf") as pdf:
            pages = [page.get_textpage().get_text_range().replace(" ", "") for page in pdf]
        assert sum(page.count("検討してまいりたい") for page in pages) == count
        assert [f"{number}／{len(pages)}ページ" in page for number, page in enumerate(pages, 1)] == [True] * len(pages)


# --- texts of any kind -----------------------------------------------------------------------------


@pytest.mark.parametrize("made", [pytest.param(made, id=name) for name, made in varied_sheets()])
def test_a_sheet_of_any_kind_opens_again(tmp_path: Path, made: Sheet) -> None:
    word = written(tmp_path, made)
    with zipfile.ZipFile(tmp_path / "答弁書.docx") as package:
        for part in package.namelist():
            etree.fromstring(package.read(part))
    assert len(word.tables[2].rows) == 1 + max(1, len(made.past_answers))
    assert read_document(tmp_path / "答弁書.docx", name="答弁書.docx").blocks


def test_text_that_looks_like_a_place_or_like_xml_stays_text(tmp_path: Path) -> None:
    word = written(tmp_path, sheet(paragraphs=(paragraph(HOSTILE), paragraph("{{問}}"))))
    spoken = [each.text for each in word.paragraphs if each.style is not None and each.style.name == "答弁本文"]
    assert spoken == [
        '=HYPERLINK("http://example.invalid","x")\n[31m{{答}}<w:p>&amp;ABC\n二行目\tタブ',
        "{{問}}",
    ]


def test_a_file_that_cannot_be_written_is_named_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("", encoding="utf-8")
    with pytest.raises(StorageError, match="書き込めません.*開いていれば閉じ"):
        write_sheet(sheet(), tmp_path / "x/答弁書.docx")
    (tmp_path / "答弁書.docx").mkdir()
    with pytest.raises(StorageError):
        write_sheet(sheet(), tmp_path / "答弁書.docx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x", "答弁書.docx"]


# --- an office's own template ----------------------------------------------------------------------


def test_a_template_of_the_home_is_found(tmp_path: Path) -> None:
    assert own_template(tmp_path) is None
    assert own_template(tmp_path) != template(tmp_path, "{{問}}") == own_template(tmp_path)


def test_the_packaged_template_can_be_written_out_and_used(tmp_path: Path) -> None:
    write_template(tmp_path / "sheet_template.docx")
    write_sheet(sheet(), tmp_path / "a.docx", tmp_path / "sheet_template.docx")
    write_sheet(sheet(), tmp_path / "b.docx")
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()


def test_an_offices_template_is_filled_with_its_own_looks(tmp_path: Path) -> None:
    own = docx.Document()
    own.add_heading("みほん県議会答弁", 1)
    mixed = own.add_paragraph("件名：")
    for piece, is_bold in (("｛｛", False), ("通告", True), ("番号｝", False), ("｝（{{ 答弁者 }}）", False)):
        mixed.add_run(piece).bold = is_bold
    own.add_paragraph("{{問}}")
    own.add_paragraph("答　{{答}}").paragraph_format.left_indent = Pt(20)
    own.sections[0].header.paragraphs[0].text = "{{会派}}"
    own.sections[0].footer.paragraphs[0].text = "{{版}}／{{作成時刻}}"
    table = own.add_table(2, 2)
    for cell, text in zip(
        [c for row in table.rows for c in row.cells],
        ("年月", "要旨", "{{過去.年月}}", "{{過去.要旨}}{{過去.差}}"),
        strict=True,
    ):
        cell.text = text
    own.core_properties.author = "見本太郎"
    own.save(str(tmp_path / "own.docx"))
    word = written(tmp_path, sheet(past_answers=tuple(past(n) for n in range(3))), tmp_path / "own.docx")
    assert [each.text for each in word.paragraphs[:5]] == [
        "みほん県議会答弁",
        "件名：問1(2)ア（知事）",
        "奨学金の返還支援を広げる考えはないか、知事に伺う。",
        f"答　{SPOKEN[0][1]}",
        SPOKEN[1][1],
    ]
    assert {each.paragraph_format.left_indent for each in word.paragraphs[3:9]} == {Pt(20)}
    assert [row.cells[0].text for row in word.tables[0].rows] == ["年月", "令和7年3月", "令和6年4月", "令和5年5月"]
    assert word.sections[0].header.paragraphs[0].text == "県民クラブ"
    assert word.sections[0].footer.paragraphs[0].text.startswith("第1版／令和8年")
    assert word.core_properties.author == ""


def test_paragraphs_repeat_where_no_table_or_only_one_cell_holds_the_group(tmp_path: Path) -> None:
    own = template(
        tmp_path, "{{問}}", "{{答}}", "・{{過去.年月}}", "　{{過去.差}}", "（以上）", rows=(("出典", "{{資料.出典}}"),)
    )
    word = written(tmp_path, sheet(), own)
    assert [each.text for each in word.paragraphs][-5:] == [
        "・令和7年3月",
        "　同",
        "・令和6年4月",
        "　前進",
        "（以上）",
    ]
    assert [cell.text for cell in word.tables[0].rows[0].cells] == ["出典", "みほん県若者定着促進条例　第5条第2項"]
    word = written(tmp_path, sheet(past_answers=()), own)
    assert [each.text for each in word.paragraphs][-2:] == ["該当なし", "（以上）"]


def test_a_paragraph_of_empty_places_is_left_out(tmp_path: Path) -> None:
    own = template(tmp_path, "{{大項目}}{{背景}}", "{{問}}", "背景 {{背景}}", "{{答}}")
    word = written(tmp_path, sheet(item=item(headings=()), paragraphs=(paragraph("はい。"),)), own)
    assert [each.text for each in word.paragraphs] == [
        "奨学金の返還支援を広げる考えはないか、知事に伺う。",
        "背景 ",
        "はい。",
    ]


def test_an_answer_that_ends_a_section_ends_it_once(tmp_path: Path) -> None:
    own = template(tmp_path, "{{問}}", "{{答}}{{答}}", "以上")
    word = docx.Document(str(own))
    end = etree.SubElement(word.paragraphs[1]._p.get_or_add_pPr(), qn("w:sectPr"))
    word.save(str(own))
    made = written(tmp_path, sheet(paragraphs=(paragraph("甲。"), paragraph("乙。"))), own)
    assert end is not None
    assert [each.text for each in made.paragraphs[1:]] == ["甲。甲。", "乙。乙。", "以上"]
    assert [len(list(each._p.iter(qn("w:sectPr")))) for each in made.paragraphs] == [0, 0, 1, 0]


def test_a_text_box_and_a_bound_control_are_filled(tmp_path: Path) -> None:
    own = template(tmp_path, "{{問}}", "{{答}}", "前{{版}}後")
    word = docx.Document(str(own))
    space = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    box = etree.fromstring(
        f"<w:r {space}><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>{{{{会派}}}}</w:t></w:r></w:p>"
        "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    control = etree.fromstring(
        f'<w:sdt {space}><w:sdtPr><w:dataBinding w:xpath="x" w:storeItemID="y"/></w:sdtPr><w:sdtContent><w:p><w:r>'
        "<w:t>{{日}}</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    word.paragraphs[2]._p.append(box)
    word.paragraphs[0]._p.addprevious(control)
    word.save(str(own))
    made = written(tmp_path, sheet(), own)
    assert {"令和8年12月3日", "県民クラブ"} <= set(words(made).split("\n"))
    assert "前第1版後" in words(made)
    assert b"dataBinding" not in etree.tostring(made.element)


def test_every_place_is_described_in_the_readme() -> None:
    readme = (Path(__file__).parents[2] / "README.ja.md").read_text(encoding="utf-8")
    described = set(re.findall(r"\{\{([^{}]+)\}\}", readme)) - {"名前"}
    assert described == fields_of(sheet()).names


@pytest.mark.parametrize(
    ("lines", "rows", "message"),
    [
        (
            ("{{問}}", "{{答}}", "{{答弁社}}"),
            (),
            r"\{\{答弁社\}\} という差し込みはありません。\{\{答弁者\}\}.*使える名前は",
        ),
        (("{{問}}", "{{答}}", "{{過去.感想}}"), (), r"\{\{過去\.感想\}\} という差し込みはありません"),
        (("{{問}}",), (), r"\{\{答\}\} がありません。入れたい段落か表の欄に書き足してください"),
        (("{{問}}", "{{答"), (), "「{{答」の差し込みの印が閉じていません"),
        (("{{問}}", "{{答}}", "日}}"), (), "閉じていません"),
        (("{{問}}", "{{答}}"), (("{{過去.年月}}{{資料.番号}}", "{{過去.要旨}}"),), "行か表を分けてください"),
    ],
)
def test_a_template_that_cannot_be_filled_is_named_with_its_remedy(
    tmp_path: Path, lines: tuple[str, ...], rows: tuple[tuple[str, ...], ...], message: str
) -> None:
    with pytest.raises(TemplateError, match=message) as caught:
        write_sheet(sheet(), tmp_path / "out.docx", template(tmp_path, *lines, rows=rows))
    assert str(caught.value).startswith(str(tmp_path / "sheet_template.docx"))
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out.docx").exists()


@pytest.mark.parametrize("kind", ["text", "ole", "zip", "missing", "xml"])
def test_a_template_that_is_no_word_file_is_named_with_its_remedy(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "sheet_template.docx"
    if kind in ("zip", "xml"):
        with zipfile.ZipFile(path, "w") as package:
            package.writestr("a.txt", "a")
            if kind == "xml":
                package.writestr("[Content_Types].xml", "<Types")
    elif kind != "missing":
        path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99 if kind == "ole" else "答弁書".encode())
    with pytest.raises(TemplateError, match="保存し直して|確かめてください"):
        write_sheet(sheet(), tmp_path / "out.docx", path)


def test_a_template_of_another_kind_of_word_file_is_named(tmp_path: Path) -> None:
    plain, macro = io.BytesIO(template(tmp_path, "{{問}}", "{{答}}").read_bytes()), tmp_path / "macro.docx"
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(macro, "w") as target:
        for name in source.namelist():
            body = source.read(name)
            target.writestr(
                name,
                body.replace(
                    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                    b"application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
                ),
            )
    with pytest.raises(TemplateError, match="Word文書（.docx）として開けません"):
        write_sheet(sheet(), tmp_path / "out.docx", macro)
