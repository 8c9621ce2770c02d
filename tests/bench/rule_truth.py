"""What a published rule consists of, read straight from the mark-up and apart from the code that is measured.

Of a law in 法令標準XML the elements count, of a 例規 page the classes of its elements (div.article, p.num, p.s-head …).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree, html

ANNEXES = ("AppdxTable", "AppdxStyle", "AppdxFormat", "AppdxFig", "AppdxNote", "Appdx", "SupplProvisionAppdx")
ANNEX_CLASSES = frozenset({"table_section", "form_section", "appendix_section", "figure_section"})
DIVISIONS = ("Part", "Chapter", "Section", "Subsection", "Division")
QUOTED = frozenset({"AmendProvision", "NewProvision"})
"""Elements whose articles are those of another law."""
DIGITS = {char: at for at, char in enumerate("〇一二三四五六七八九")} | {"元": 1}
RANKS = {"十": 10, "百": 100, "千": 1000}
NUMERAL = "[0-9〇一二三四五六七八九十百千]+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One paragraph of a rule as it is published."""

    role: str
    """title, head, toc, division, caption, article, paragraph, item, supplement, annex, row or text."""
    text: str
    supplement: str | None = None
    """What names the 附則 in which it stands, '' for the original one; None outside of a 附則."""
    article: str = ""
    """Number of its article: '12_2', '38:40' for a range; empty outside of one."""
    depth: int = 0
    """How far it is indented: 1 for 号, 2 for イ."""
    annex: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """A rule with the articles that it has, in order."""

    name: str
    pieces: tuple[Piece, ...]

    @property
    def articles(self) -> list[tuple[str, str]]:
        """Return (附則, number) of every article; '本則' for those outside of a 附則."""
        return [(place_name(piece.supplement), piece.article) for piece in self.pieces if piece.role == "article"]


def place_name(supplement: str | None) -> str:
    """Name where an article stands."""
    return "本則" if supplement is None else f"附則{supplement}"


def numeral(text: str) -> int:
    """Read a number in digits, 百二十三 or 一二三."""
    text = text.translate({0xFF10 + digit: str(digit) for digit in range(10)})
    if text.isascii():
        return int(text)
    if not any(char in RANKS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    total = held = 0
    for char in text:
        if char in RANKS:
            total, held = total + (held or 1) * RANKS[char], 0
        else:
            held = DIGITS[char]
    return total + held


def in_digits(text: str) -> str:
    """Write the numbers of a date or a document number in half-width digits."""
    text = text.translate({0xFF10 + digit: str(digit) for digit in range(10)})
    return re.sub(rf"{NUMERAL}(?=[年月日号条])", lambda found: str(numeral(found[0])), text)


def read_truth(path: Path) -> Truth | None:
    """Read a law or a 例規 page; None for a file that is neither."""
    content = path.read_bytes()
    if path.suffix == ".xml":
        root = etree.fromstring(content)
        law = root if root.tag == "Law" else root.find(".//Law")
        return None if law is None else Truth(name=path.name, pieces=tuple(_law(law)))
    page = html.document_fromstring(content, parser=html.HTMLParser(encoding=_encoding(content)))
    body = next((one for one in page.iter("div") if "joubun" in _classes(one)), None)
    return None if body is None else Truth(name=path.name, pieces=tuple(_page(body)))


def _encoding(content: bytes) -> str | None:
    """Return utf-8 where the page is that; None leaves it to what the page declares."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


# --- 法令標準XML -----------------------------------------------------------------------------------


def _words(element: etree._Element | None) -> str:
    """Join an element's words without the readings of ruby; columns stand apart."""
    if element is None:
        return ""
    parts = [(element.text or "").strip()]
    for child in element:
        if isinstance(child.tag, str) and child.tag != "Rt":
            words = _words(child)
            parts.append("　" + words if child.tag == "Column" and any(parts) else words)
        parts.append((child.tail or "").strip())
    return "".join(parts)


def _law(law: etree._Element) -> Iterator[Piece]:
    yield Piece(role="title", text=_words(law.find("LawBody/LawTitle")))
    yield Piece(role="head", text=_words(law.find("LawNum")))
    for part in law.findall("LawBody/*"):
        if part.tag == "SupplProvision":
            yield from _supplement(part)
        elif part.tag == "MainProvision":
            yield from _inside(part)
        elif part.tag == "TOC":
            yield from (Piece(role="toc", text=_words(line)) for line in _toc_lines(part))
        elif part.tag != "LawTitle" and not part.tag.startswith(ANNEXES):
            yield Piece(role="head", text=_words(part))
    for part in law.iter(*[f"{name}{more}" for name in ANNEXES for more in ("", "Table", "Style")]):
        yield from _annex(part)


def _toc_lines(toc: etree._Element) -> Iterator[etree._Element]:
    for line in toc.iter("TOCLabel", "TOCChapter", "TOCPart", "TOCSection", "TOCSubsection", "TOCSupplProvision"):
        own = etree.Element("TOCLine")
        own.extend(etree.fromstring(etree.tostring(one, with_tail=False)) for one in line if "TOC" not in one.tag)
        own.text = line.text
        yield own


def _supplement(part: etree._Element) -> Iterator[Piece]:
    number = in_digits(part.get("AmendLawNum") or "")
    label = f"附　則　（{part.get('AmendLawNum')}）" if number else "附　則"
    yield Piece(role="supplement", supplement=number, text=label + ("　抄" if part.get("Extract") == "true" else ""))
    yield from (replace(piece, supplement=number) for piece in _inside(part))


def _inside(part: etree._Element) -> Iterator[Piece]:
    for child in part:
        if child.tag in DIVISIONS:
            title = _words(child.find(f"{child.tag}Title"))
            yield Piece(role="division", text=title, depth=DIVISIONS.index(child.tag) + 2)
            yield from _inside(child)
        elif child.tag == "Article":
            yield from _article(child)
        elif child.tag == "Paragraph":
            yield from _paragraph(child, "")


def _article(element: etree._Element) -> Iterator[Piece]:
    number = element.get("Num") or ""
    title, caption = _words(element.find("ArticleTitle")), _words(element.find("ArticleCaption"))
    if caption:
        yield Piece(role="caption", text=caption, article=number)
    first = True
    for child in element.findall("Paragraph"):
        yield from _paragraph(child, number, title if first else "")
        first = False
    if first:
        yield Piece(role="article", text=title, article=number)


def _paragraph(element: etree._Element, article: str, title: str = "") -> Iterator[Piece]:
    if caption := _words(element.find("ParagraphCaption")):
        yield Piece(role="caption", text=caption, article=article)
    mark = title or _words(element.find("ParagraphNum"))
    text = _words(element.find("ParagraphSentence"))
    role = "article" if title else "paragraph"
    yield Piece(role=role, text=f"{mark}　{text}" if mark else text, article=article)
    yield from _below(element, article, 1)


def _below(element: etree._Element, article: str, depth: int) -> Iterator[Piece]:
    for child in element:
        if child.tag == "Item" or re.fullmatch("Subitem[0-9]+", child.tag):
            words = [_words(child.find(f"{child.tag}{part}")) for part in ("Title", "Sentence")]
            yield Piece(role="item", text="　".join(filter(None, words)), article=article, depth=depth)
            yield from _below(child, article, depth + 1)
        elif child.tag == "TableStruct":
            yield from _rows(child, article)
        elif child.tag in ("List", "AmendProvision") or child.tag in QUOTED:
            yield Piece(role="text", text=_words(child), article=article, depth=depth)


def _rows(element: etree._Element, article: str = "", *, annex: bool = False) -> Iterator[Piece]:
    for row in element.iter("TableRow"):
        cells = [_words(cell) for cell in row.findall("TableColumn")]
        yield Piece(role="row", text="　　".join(filter(None, cells)), article=article, annex=annex)


def _annex(element: etree._Element) -> Iterator[Piece]:
    title = next((child for child in element if child.tag.endswith("Title")), None)
    yield Piece(role="annex", text=_words(title) + _words(element.find("RelatedArticleNum")), annex=True)
    yield from _rows(element, annex=True)
    yield from (replace(piece, annex=True) for piece in _below(element, "", 1) if piece.role == "item")


# --- 例規 pages ------------------------------------------------------------------------------------


def _classes(element: html.HtmlElement) -> frozenset[str]:
    return frozenset((element.get("class") or "").split())


def _shown(element: html.HtmlElement) -> str:
    words = (text for text in element.itertext() if isinstance(text, str))
    return re.sub(r"[ \t\r\n\f\u00a0]+", "", "".join(words)).strip("　")


def _page(body: html.HtmlElement) -> Iterator[Piece]:
    supplement, article = None, ""
    for element in body.iter("p", "tr"):
        above = [_classes(one) for one in element.iterancestors() if isinstance(one.tag, str)]
        around = frozenset().union(*above)
        own, text = _classes(element), _shown(element)
        annex = bool(around & ANNEX_CLASSES)
        if not text or (element.tag == "p" and any(one.tag == "table" for one in element.iterancestors())):
            continue
        if "s-head" in own:
            supplement, article = in_digits(re.sub(r"^附\s*則|[（(）)\s　]|抄$", "", text)), ""
            yield Piece(role="supplement", text=text, supplement=supplement)
            continue
        role = _role(element, own, around)
        if role == "article":
            article = article_number(text)
        yield Piece(
            role=role,
            text=text,
            supplement=None if annex else supplement,
            article="" if annex or role in ("division", "title", "head") else article,
            depth=int(role == "item"),
            annex=annex,
        )


def _role(element: html.HtmlElement, own: frozenset[str], around: frozenset[str]) -> str:
    nearest = next((one for one in element.iterancestors("div") if _classes(one) & {"article", "clause", "item"}), None)
    inside = next(iter(_classes(nearest) & {"article", "clause", "item"}), "") if nearest is not None else ""
    if element.tag == "tr":
        return "row"
    if around & ANNEX_CLASSES:
        names = own | frozenset().union(*(_classes(one) for one in element.iter("span")))
        return "annex" if any("title" in name for name in names) else "text"
    if own & {"title-irregular"}:
        return "title"
    if own & {name.lower() for name in DIVISIONS} or around & {"chapter", "section", "part"}:
        return "division"
    if "title" in own and inside:
        return "caption"
    if inside == "article" and "num" in own:
        return "article"
    return {"clause": "paragraph", "item": "item", "article": "text"}.get(inside, "head" if not inside else "text")


def article_number(text: str) -> str:
    """Read '12_2' from 第十二条の二, '5:6' from 第五条及び第六条　削除."""
    narrow = text.translate({0xFF10 + digit: str(digit) for digit in range(10)})
    key = rf"第({NUMERAL})条((?:の{NUMERAL})*)"
    numbers = re.match(rf"{key}(?:(?:及び|から|、){key}(?:まで)?(?=[\s　]*削除))?", narrow)
    if numbers is None:
        return ""
    first, branch, last, last_branch = numbers.groups()
    written = [(first, branch), (last, last_branch)] if last else [(first, branch)]
    return ":".join(
        "_".join(str(numeral(one)) for one in [number, *re.findall(NUMERAL, more or "")]) for number, more in written
    )
