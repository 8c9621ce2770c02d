"""The parts of the packaged Word template that say how it looks: styles, fonts, settings, relations.

Written out rather than changed from a library's template: nothing of anybody else's is left in them, and A4, the fonts
and the Japanese rules of line breaking are what this page says.
"""

from __future__ import annotations

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NAMES = f'xmlns:w="{_WORD}" xmlns:r="{_OFFICE}"'
MINCHO, GOTHIC = "ＭＳ 明朝", "ＭＳ ゴシック"
FOOTER_ID = "rId4"

CONTENT_TYPES = (
    f'{HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    + "".join(
        f'<Override PartName="/{part}" ContentType="{kind}+xml"/>'
        for part, kind in (
            ("word/document.xml", f"{_TYPE}.document.main"),
            ("word/styles.xml", f"{_TYPE}.styles"),
            ("word/settings.xml", f"{_TYPE}.settings"),
            ("word/fontTable.xml", f"{_TYPE}.fontTable"),
            ("word/footer1.xml", f"{_TYPE}.footer"),
            ("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties"),
        )
    )
    + "</Types>"
)
PACKAGE_RELATIONS = (
    f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)
DOCUMENT_RELATIONS = (
    f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    + "".join(
        f'<Relationship Id="{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, kind, target in (
            ("rId1", "styles", "styles.xml"),
            ("rId2", "settings", "settings.xml"),
            ("rId3", "fontTable", "fontTable.xml"),
            (FOOTER_ID, "footer", "footer1.xml"),
        )
    )
    + "</Relationships>"
)
CORE = (
    f'{HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>答弁書のひな形</dc:title></cp:coreProperties>"
)
SETTINGS = (
    f'{HEAD}<w:settings {NAMES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="840"/>'
    '<w:characterSpacingControl w:val="compressPunctuation"/><w:strictFirstAndLastChars/>'
    "<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/>"
    "<w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/>"
    + "".join(
        f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
        for name, value in (("compatibilityMode", 15), ("overrideTableStyleFontSizeAndJustification", 1))
    )
    + '</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="ja-JP"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
    "</w:settings>"
)


def _font(name: str, others: str, family: str, panose: str) -> str:
    return (
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:panose1 w:val="{panose}"/><w:charset w:val="80"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="fixed"/></w:font>'
    )


FONTS = (
    f"{HEAD}<w:fonts {NAMES}>"
    + _font(MINCHO, "MS Mincho,游明朝,Yu Mincho,Noto Serif CJK JP", "roman", "02020609040205080304")
    + _font(GOTHIC, "MS Gothic,游ゴシック,Yu Gothic,Noto Sans CJK JP", "modern", "020B0609070205080204")
    + "</w:fonts>"
)


def fonts(name: str) -> str:
    """Return a font for Latin and Japanese letters alike."""
    return f'<w:rFonts w:ascii="{name}" w:eastAsia="{name}" w:hAnsi="{name}" w:cs="{name}"/>'


def _style(style_id: str, name: str, paragraph: str, letters: str, *, size: int) -> str:
    """Return a paragraph style; `size` in half points. Lines are given exactly: fonts that stand in for ours are taller."""
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{paragraph}</w:pPr>'
        f'<w:rPr>{letters}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
    )


def _built_in(style_id: str, name: str, paragraph: str, letters: str, *, size: int) -> str:
    return _style(style_id, name, paragraph, letters, size=size).replace(' w:customStyle="1"', "")


_BOLD = "<w:b/><w:bCs/>"
STYLES = (
    f"{HEAD}<w:styles {NAMES}><w:docDefaults><w:rPrDefault><w:rPr>{fonts(MINCHO)}"
    '<w:kern w:val="2"/><w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="en-US" w:eastAsia="ja-JP" w:bidi="ar-SA"/>'
    "</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:kinsoku/><w:overflowPunct/></w:pPr></w:pPrDefault></w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
    '<w:pPr><w:widowControl/><w:snapToGrid w:val="0"/><w:spacing w:line="340" w:lineRule="exact"/></w:pPr>'
    "</w:style>"
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/>'
    '<w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="40" w:type="dxa"/>'
    '<w:left w:w="85" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    "</w:style>"
    + _built_in(
        "Title",
        "Title",
        '<w:spacing w:after="80" w:line="480" w:lineRule="exact"/><w:jc w:val="center"/>',
        f"{fonts(GOTHIC)}{_BOLD}",
        size=32,
    )
    + _built_in(
        "Heading1",
        "heading 1",
        '<w:keepNext/><w:keepLines/><w:pBdr><w:left w:val="single" w:sz="48" w:space="4" w:color="1F3864"/></w:pBdr>'
        '<w:spacing w:before="240" w:after="80" w:line="340" w:lineRule="exact"/><w:ind w:left="113"/><w:outlineLvl w:val="0"/>',
        f"{fonts(GOTHIC)}{_BOLD}",
        size=22,
    )
    + _built_in(
        "Footer",
        "footer",
        '<w:pBdr><w:top w:val="single" w:sz="4" w:space="4" w:color="808080"/></w:pBdr>'
        '<w:tabs><w:tab w:val="right" w:pos="9638"/></w:tabs><w:spacing w:line="240" w:lineRule="exact"/><w:jc w:val="left"/>',
        "",
        size=16,
    )
    + _style(
        "AnswerText",
        "答弁本文",
        '<w:spacing w:before="60" w:after="160" w:line="560" w:lineRule="exact"/><w:ind w:firstLineChars="100" w:firstLine="320"/><w:jc w:val="both"/>',
        "",
        size=32,
    )
    + _style(
        "QuestionText", "質問要旨", '<w:spacing w:line="360" w:lineRule="exact"/><w:jc w:val="both"/>', "", size=22
    )
    + _style("Small", "小さな字", '<w:spacing w:line="280" w:lineRule="exact"/>', "", size=18)
    + _style(
        "SmallRight", "小さな字（右）", '<w:spacing w:line="280" w:lineRule="exact"/><w:jc w:val="right"/>', "", size=18
    )
    + _style(
        "CellHead",
        "表の見出し",
        '<w:keepNext/><w:spacing w:line="280" w:lineRule="exact"/><w:jc w:val="center"/>',
        fonts(GOTHIC),
        size=17,
    )
    + _style("CellText", "表の本文", '<w:spacing w:line="290" w:lineRule="exact"/>', "", size=19)
    + _style(
        "CellCentre",
        "表の本文（中央）",
        '<w:spacing w:line="290" w:lineRule="exact"/><w:jc w:val="center"/>',
        "",
        size=19,
    )
    + "</w:styles>"
)
