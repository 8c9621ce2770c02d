"""A page of a PDF as a picture, with the words of a quote boxed where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from PIL import Image

from ingest.readers import read_document
from ingest.readers.pdf_picture import draw_page
from ingest.readers.picture import Picture
from ingest.readers.sandbox import Children, close_children, picture_in_child
from ingest.readers.source import Limits, Source
from ingest.readers.wire import decode_picture, encode_picture
from rag.errors import DocumentError
from rag.japanese.text import normalise, sentences
from rag.settings import IngestSettings
from tests.pdf_files import build, grid, lines, words

pytestmark = pytest.mark.needs_fonts_noto_cjk  # the fonts of these PDFs are not embedded

SAMPLE = Path(__file__).resolve().parents[2] / "ingest/samples/mihon"
OUTLINE = (190, 60, 0)


def draw(path: Path, quote: str, *, page: int = 1, width: int = 1000) -> Picture:
    return draw_page(Source(path=path, name=path.name), page=page, quote=quote, width=width)


@pytest.fixture
def put(tmp_path: Path) -> Any:
    def write(*pages: str, crop: str = "") -> Path:
        path = tmp_path / "規程.pdf"
        path.write_bytes(build(pages, crop=crop))
        return path

    return write


def boxed_words(path: Path, picture: Picture) -> str:
    """Read back what the PDF engine finds a pixel inside the boxes."""
    document = pdfium.PdfDocument(path)
    page = document[picture.page - 1]
    text = page.get_textpage()
    left, bottom, right, top = page.get_bbox()
    turn, scale = page.get_rotation(), page.get_size()[0] / picture.width
    found = []
    for box in picture.boxes:
        x0, y0, x1, y1 = ((edge + inside) * scale for edge, inside in zip(box, (1, 1, -1, -1), strict=True))
        if turn == 90:
            place = (left + y0, bottom + x0, left + y1, bottom + x1)
        elif turn == 180:
            place = (right - x1, bottom + y0, right - x0, bottom + y1)
        elif turn == 270:
            place = (right - y1, top - x1, right - y0, top - x0)
        else:
            place = (left + x0, top - y1, left + x1, top - y0)
        found.append(text.get_text_bounded(*place))
    document.close()
    return plain("".join(found))


def plain(text: str) -> str:
    return "".join(normalise(text).split())


FIRST = "第１条　この規程は、職員が公務のために旅行する場合における旅費に関し"
SECOND = "必要な事項を定める。"


def test_the_box_stands_on_the_words_and_the_rest_of_the_page_is_as_it_was(put: Any) -> None:
    path = put(lines("みほん県旅費規程", FIRST, SECOND))
    picture = draw(path, "旅費規程")
    image = Image.open(BytesIO(picture.png))
    assert image.size == (picture.width, picture.height)
    assert (picture.page, picture.pages, picture.found) == (1, 1, True)
    assert 1000 <= picture.width <= 1001
    assert boxed_words(path, picture) == "旅費規程"
    [(left, top, right, bottom)] = picture.boxes
    assert image.getpixel((left, top)) == image.getpixel((right, bottom)) == OUTLINE
    before = Image.open(BytesIO(draw(path, "無い文").png))
    outside = image.copy()
    outside.paste(before.crop((left, top, right + 1, bottom + 1)), (left, top))
    assert outside.tobytes() == before.tobytes()
    assert image.tobytes() != before.tobytes()


def test_words_that_are_joined_over_a_line_end_get_a_box_a_line(put: Any) -> None:
    path = put(lines(FIRST, SECOND))
    picture = draw(path, "旅費に関し必要な事項を定める。")
    assert len(picture.boxes) == 2
    assert picture.boxes[0][3] < picture.boxes[1][3]
    assert boxed_words(path, picture) == "旅費に関し必要な事項を定める。"


@pytest.mark.parametrize("quote", ["第1条 この規程は", "第１条この規程は", " 第 1 条\nこの規程は "])
def test_width_and_white_space_of_the_quote_do_not_matter(put: Any, quote: str) -> None:
    path = put(lines(FIRST))
    assert boxed_words(path, draw(path, quote)) == "第1条この規程は"


def test_a_radical_code_point_on_the_page_is_the_ideograph_of_the_quote(put: Any) -> None:
    path = put(lines("⽇当は、⾷事の費⽤に充てる。"))
    picture = draw(path, "日当は、食事の費用に充てる。")
    assert picture.found
    assert boxed_words(path, picture) == "日当は、食事の費用に充てる。"


def test_a_comma_or_a_figure_does_not_break_the_box_of_its_line(put: Any) -> None:
    assert len(draw(put(lines("日当は、1,510円、11.5キロとする。")), "1,510円、11.5キロ").boxes) == 1


def test_the_quote_is_looked_for_on_the_pages_after_and_before(put: Any) -> None:
    path = put(lines("旅費は定額とする。"), lines("日当は日数による。"), lines("宿泊料は夜数による。"), lines("附則"))
    assert [draw(path, "宿泊料は夜数による。", page=page).page for page in (1, 2, 3, 4)] == [3, 3, 3, 3]
    first = draw(path, "旅費は定額とする。", page=2)
    assert (first.page, first.pages, boxed_words(path, first)) == (1, 4, "旅費は定額とする。")


def test_the_page_that_was_asked_for_comes_before_another_with_the_same_words(put: Any) -> None:
    path = put(lines("公布の日から施行する。"), lines("公布の日から施行する。"))
    assert [draw(path, "公布の日から施行する。", page=page).page for page in (1, 2)] == [1, 2]


def test_of_a_quote_over_a_page_end_the_longer_part_is_boxed(put: Any) -> None:
    foot, head = words("- 1 -", 290, 30), words("みほん県例規集", 70, 815)
    path = put(lines("旅費は、これを定額により支給するものとし、", top=80) + foot, head + lines("証拠書類は要しない。"))
    picture = draw(path, "旅費は、これを定額により支給するものとし、証拠書類は要しない。")
    assert (picture.page, boxed_words(path, picture)) == (1, "旅費は、これを定額により支給するものとし、")
    path = put(lines("旅費は、", top=80) + foot, head + lines("これを定額により支給するものとする。"))
    picture = draw(path, "旅費は、これを定額により支給するものとする。")
    assert (picture.page, boxed_words(path, picture)) == (2, "これを定額により支給するものとする。")


def test_a_quote_that_stands_nowhere_is_said_and_not_boxed(put: Any) -> None:
    path = put(lines("日当は2,600円とする。"), lines("附則"))
    picture = draw(path, "日当は9,600円とする。", page=2)
    assert (picture.page, picture.boxes, picture.found) == (2, (), False)
    assert not draw(path, "").found


def test_a_figure_is_not_found_inside_a_longer_one(put: Any) -> None:
    path = put(lines("日当は12,600円とする．2級の者も同じとする．"))
    assert not draw(path, "2,600円").found
    assert draw(path, "12,600円").found
    assert draw(path, "2級の者も同じ").found


def table() -> str:
    rows = [("甲地", "2,600円", "県外"), ("乙地", "2,200円", "県内")]
    page = grid(70, 760, [100, 100, 100], [25, 25])
    for at, row in enumerate(rows):
        page += "".join(words(cell, 80 + 100 * column, 743 - 25 * at) for column, cell in enumerate(row))
    return page


def test_the_cells_of_a_row_are_boxed_one_by_one(put: Any) -> None:
    path = put(table())
    picture = draw(path, "乙地 | 2,200円 | 県内")
    assert len(picture.boxes) == 3
    assert boxed_words(path, picture) == "乙地2,200円県内"


def test_cells_that_the_file_holds_column_by_column_are_gathered_to_their_row(put: Any) -> None:
    left = words("甲地", 80, 743) + words("乙地", 80, 718)
    path = put(grid(70, 760, [100, 100], [25, 25]) + left + words("県外", 180, 743) + words("県内", 180, 718))
    picture = draw(path, "乙地 | 県内")
    assert boxed_words(path, picture) == "乙地県内"
    assert not draw(path, "丙地 | 県内").found


def test_a_column_of_vertical_text_is_one_box(put: Any) -> None:
    column = "".join(words(char, 500, 780 - 12 * at) for at, char in enumerate("旅費は定額とする"))
    column += "".join(words(char, 480, 780 - 12 * at) for at, char in enumerate("日当は日数による"))
    path = put(column)
    picture = draw(path, "定額とする日当は")
    assert len(picture.boxes) == 2
    assert all(bottom - top > right - left for left, top, right, bottom in picture.boxes)
    assert boxed_words(path, picture) == "定額とする日当は"


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", ["", "/CropBox [40 60 500 820]", "/CropBox [-100 -100 900 900]"])
def test_boxes_follow_a_turned_and_a_cut_page(put: Any, turn: int, crop: str) -> None:
    path = put(lines(FIRST, SECOND), crop=f"{crop} /Rotate {turn}")
    picture = draw(path, "公務のために旅行する場合")
    assert (picture.width > picture.height) == (turn in (90, 270))
    assert len(picture.boxes) == 1
    assert boxed_words(path, picture) == "公務のために旅行する場合"
    [box] = picture.boxes
    ink = Image.open(BytesIO(picture.png)).convert("L").crop(box)
    assert ink.getextrema()[0] < 100


def samples() -> Iterator[tuple[Path, int, str]]:
    """Sentences and rows of the sample's files, as the reader gives them."""
    for path in sorted(SAMPLE.rglob("*.pdf")):
        for block in read_document(path, name=path.name).blocks:
            found = sentences(block.text)[:1]
            yield from ((path, block.page or 1, span.of(block.text)) for span in found if len(span.of(block.text)) > 7)


def test_nearly_every_sentence_of_the_sample_is_boxed() -> None:
    quotes = list(samples())[::6]
    right = 0
    for path, page, quote in quotes:
        picture = draw(path, quote, page=page, width=600)
        right += picture.page == page and boxed_words(path, picture) == plain(quote.replace(" | ", ""))
    assert len(quotes) > 50
    assert right >= 0.95 * len(quotes)


@pytest.mark.parametrize("size", ["14400 14400", "200 14400"])
def test_a_huge_page_is_drawn_within_limits(tmp_path: Path, size: str) -> None:
    path = tmp_path / "図面.pdf"
    path.write_bytes(build([words("旅費", 20, 100)], box=f"/MediaBox [0 0 {size}]"))
    picture = draw(path, "旅費", width=100_000)
    assert picture.found
    assert picture.width * picture.height <= 6_100_000


def test_what_is_no_readable_page_is_refused_in_one_line(put: Any, tmp_path: Path) -> None:
    whole = put(lines("旅費")).read_bytes()
    locked = whole.replace(
        b"/Root 1 0 R",
        b"/ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >> /Root 1 0 R"
        % (b"11" * 32, b"22" * 32),
    )
    files = {"切れ.pdf": whole[:200], "施錠.pdf": locked, "別.txt": b"text", "空.pdf": b"", "良い.pdf": whole}
    for name, body in files.items():
        (tmp_path / name).write_bytes(body)
    for name, page, finding in (
        ("切れ.pdf", 1, "壊れています"),
        ("施錠.pdf", 1, "パスワードで保護されています"),
        ("別.txt", 1, "PDFではない"),
        ("空.pdf", 1, "空のファイルです"),
        ("無い.pdf", 1, "ファイルを開けません"),
        ("良い.pdf", 2, r"2ページはありません（全1ページ）"),
        ("良い.pdf", 0, r"0ページはありません"),
    ):
        with pytest.raises(DocumentError, match=rf"^{name}: .*{finding}.*ください。$"):
            draw(tmp_path / name, "旅費", page=page)
    with pytest.raises(DocumentError, match="大きすぎます"):
        draw_page(
            Source(path=tmp_path / "良い.pdf", name="良い.pdf", limits=Limits(file_bytes=9)), page=1, quote="旅費"
        )


def test_a_child_draws_what_this_process_would(put: Any) -> None:
    path = put(lines(FIRST, SECOND))
    settings = IngestSettings(processes=1, timeout_seconds=30)
    try:
        there = picture_in_child(path, page=1, quote="旅費に関し必要な", settings=settings, width=600)
        with pytest.raises(DocumentError, match=r"^無い\.pdf: ファイルを開けません"):
            picture_in_child(path.with_name("無い.pdf"), page=1, quote="旅費", settings=settings)
    finally:
        close_children()
    assert there == draw(path, "旅費に関し必要な", width=600)


def test_a_child_reads_and_draws_in_turn_and_its_end_costs_one_picture(put: Any) -> None:
    path = put(lines(FIRST, SECOND))
    children = Children(IngestSettings(processes=1, timeout_seconds=30))
    try:
        assert children.read(path, name="規程.pdf").text.startswith("第１条")
        assert children.draw(path, page=1, quote="旅行", width=200).found
        assert len(children._idle) == 1
        children._settings = IngestSettings(processes=1, timeout_seconds=0.0001)
        with pytest.raises(DocumentError, match=r"規程\.pdf: ページの画像の作成が0\.0001秒で終わりませんでした"):
            children.draw(path, page=1, quote="旅行", width=200)
    finally:
        children.close()


def test_a_picture_survives_the_way_between_processes() -> None:
    picture = Picture(png=b"\x89PNG\x00", width=9, height=8, page=2, pages=3, boxes=((1, 2, 3, 4),), found=True)
    assert decode_picture(encode_picture(picture)) == picture
