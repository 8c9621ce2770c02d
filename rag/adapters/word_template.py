"""The packaged template of the answer sheet (答弁書): what stands where, with {{name}} for each place."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache

from rag.adapters import word_parts as parts
from rag.adapters.office_files import freeze

_MADE_AT = datetime(2026, 11, 26, tzinfo=UTC)
_WIDTH = 9638
"""The text of an A4 page with margins of 2 cm, in twentieths of a point."""
_SHADE = '<w:shd w:val="clear" w:color="auto" w:fill="E7ECF4"/>'
_EDGES = "".join(
    f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="595959"/>'
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
)


@cache
def default_template() -> bytes:
    """Return the packaged template as a Word file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, text in (
            ("[Content_Types].xml", parts.CONTENT_TYPES),
            ("_rels/.rels", parts.PACKAGE_RELATIONS),
            ("docProps/core.xml", parts.CORE),
            ("word/_rels/document.xml.rels", parts.DOCUMENT_RELATIONS),
            ("word/document.xml", _document()),
            ("word/fontTable.xml", parts.FONTS),
            ("word/footer1.xml", _footer()),
            ("word/settings.xml", parts.SETTINGS),
            ("word/styles.xml", parts.STYLES),
        ):
            package.writestr(name, text)
    return freeze(made.getvalue(), _MADE_AT)


def _document() -> str:
    body = [
        _paragraph("Title", "答　弁　書"),
        _paragraph("SmallRight", "{{版}}　{{状態}}"),
        *_head(),
        _paragraph("Heading1", "問　要旨（通告どおり）"),
        _paragraph("Small", "{{大項目}}"),
        _paragraph("Small", "{{背景}}"),
        _paragraph("QuestionText", "{{問}}"),
        _paragraph("Heading1", "答　読み原稿　　{{時間}}（{{字数}}、{{速さ}}）"),
        _paragraph("AnswerText", "{{答}}"),
        *_lists(),
        *_checks(),
    ]
    page = (
        f'<w:sectPr><w:footerReference w:type="default" r:id="{parts.FOOTER_ID}"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
    )
    return f"{parts.HEAD}<w:document {parts.NAMES}><w:body>{''.join(body)}{page}</w:body></w:document>"


def _head() -> list[str]:
    widths = (3240, 1400, 1500, 3498)
    titles = ("議会・日・質問者（会派）", "通告番号", "答弁者", "主担当課・関係課・連絡先")
    cells = (
        ("{{議会}}", "{{日}}", "{{質問者}}"),
        ("{{通告番号}}",),
        ("{{答弁者}}",),
        ("{{主担当課}}", "関係課　{{関係課}}", "連絡先　{{連絡先}}"),
    )
    rows = [_row(widths, [(each,) for each in titles], "CellHead", repeats=True)]
    return [_table(widths, [*rows, _row(widths, cells, ("CellText", "CellCentre", "CellCentre", "CellText"))])]


def _lists() -> list[str]:
    return [
        *_list(
            "関連資料",
            ((600, "番号"), (1950, "時点"), (2500, "出典"), (3688, "引用"), (900, "段落")),
            (("{{資料.番号}}",), ("{{資料.時点}}",), ("{{資料.出典}}",), ("{{資料.引用}}",), ("{{資料.段落}}",)),
        ),
        *_list(
            "過去答弁",
            ((1600, "年月"), (2050, "会議・答弁者"), (4738, "要旨"), (1250, "今回との差")),
            (
                ("{{過去.年月}}",),
                ("{{過去.会議}}", "{{過去.答弁者}}"),
                ("{{過去.質問}}", "{{過去.要旨}}", "{{過去.出典}}"),
                ("{{過去.差}}",),
            ),
        ),
        *_list(
            "過去の答弁から変えた所",
            ((900, "段落"), (8738, "変えた所（前→今）")),
            (("{{変更.段落}}",), ("{{変更.内容}}",)),
        ),
        *_list(
            "想定再質問と答え",
            ((3300, "想定再質問"), (5338, "答え"), (1000, "資料")),
            (("{{再質問.問}}",), ("{{再質問.答}}",), ("{{再質問.出典}}",)),
        ),
    ]


def _checks() -> list[str]:
    return [
        *_list(
            "確認欄　　{{状態}}",
            ((1300, "確認すること"), (6538, "機械の検査で分かったこと"), (1800, "確認者・時刻")),
            (("{{確認.欄}}",), ("{{確認.結果}}",), ("",)),
        ),
        _paragraph(
            "Small",
            "○ 指摘なし　△ 要確認　× 要対応　－ 検査していない。○でも、人が読んで確かめます。",
        ),
        _paragraph("Small", "原案の作成方法　{{作成方法}}"),
    ]


def _list(title: str, columns: Sequence[tuple[int, str]], places: Sequence[Sequence[str]]) -> list[str]:
    """Return a heading with a table whose second row repeats and whose first stands on every page."""
    widths = tuple(width for width, _ in columns)
    narrow = tuple("CellCentre" if width <= 1600 else "CellText" for width in widths)
    head = _row(widths, [(name,) for _, name in columns], "CellHead", repeats=True)
    return [_paragraph("Heading1", title), _table(widths, [head, _row(widths, places, narrow)])]


def _table(widths: Sequence[int], rows: Sequence[str]) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{_WIDTH}" w:type="dxa"/><w:tblBorders>{_EDGES}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def _row(
    widths: Sequence[int], cells: Sequence[Sequence[str]], style: str | Sequence[str], *, repeats: bool = False
) -> str:
    styles = [style] * len(widths) if isinstance(style, str) else style
    told = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>" if repeats else ""
    made = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{_SHADE if repeats else ""}</w:tcPr>'
        f"{''.join(_paragraph(name, line) for line in lines)}</w:tc>"
        for width, lines, name in zip(widths, cells, styles, strict=True)
    )
    return f"<w:tr>{told}{made}</w:tr>"


def _paragraph(style: str, text: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{_text(text)}</w:p>'


def _text(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>' if text else ""


def _footer() -> str:
    number = "".join(
        [_field("PAGE"), _text("／"), _field("NUMPAGES"), _text("ページ")],
    )
    return (
        f'{parts.HEAD}<w:ftr {parts.NAMES}><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>'
        f"{_text('{{通告番号}}　{{質問者}}　　{{版}}　{{作成時刻}}')}<w:r><w:tab/></w:r>{number}</w:p></w:ftr>"
    )


def _field(code: str) -> str:
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return (
        f'{marks[0]}<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>{marks[1]}{_text("1")}{marks[2]}'
    )
