"""Read how the parts of a rule are numbered: 章, 項, 号, 附則, 別表, 様式."""

from __future__ import annotations

import re

from rag.japanese.numerals import NUMBER, clause_key, read_integer
from rag.japanese.references import shown_number
from rag.japanese.text import narrow

__all__ = [
    "DIVISION",
    "FORM",
    "SUPPLEMENT",
    "TABLE",
    "arabic",
    "attachment_key",
    "attachment_locator",
    "division_of",
    "item_keys",
    "item_numbers",
    "paragraph_number",
    "supplement_label",
]

DIVISION = re.compile(rf"第{NUMBER}(?P<unit>[編章節款目])(?:の{NUMBER})*(?:[ ]+(?P<name>\S.*)|(?P<none>))$")
SUPPLEMENT = re.compile(
    r"附 *則 *(?P<label>\((?P<inside>.{2,60})\)|(?P<bare>(?:明治|大正|昭和|平成|令和).{2,40}第.{1,9}号))? *(?:抄)?$"
)
TABLE = re.compile(
    rf"(?:別表|別図|別紙)(?: ?第 ?(?P<number>{NUMBER}(?:の{NUMBER})*)| ?(?P<plain>[0-9]{{1,2}}))?(?: ?\(.*\))?(?: +\S.{{0,40}})?$"
)
FORM = re.compile(
    rf"(?:(?:別記 ?)?様式(?: ?第 ?(?P<number>{NUMBER}) ?号?(?P<branch>(?:の{NUMBER})*))?|(?:別記 ?)?第 ?(?P<front>{NUMBER}) ?号(?P<fbranch>(?:の{NUMBER})*) ?様式"
    rf"|別記)(?: ?\((?:第|附則|.{{0,20}}関係)[^()]*\))?(?: +\S.{{0,40}})?$"
)
_PARAGRAPH = re.compile(r"(?:(?P<number>[0-9]{1,3})(?: +|\. ?(?=[^0-9 ]))|(?P<circled>[①-⑳]) ?)(?=\S)")
_ITEM = re.compile(
    r"(?:\((?:[0-9]{1,3}|[一二三四五六七八九十]{1,4}|[ア-ンa-zｱ-ﾝ]{1,2})\) *|[一二三四五六七八九十百]{1,5}(?:の[一二三四五六七八九十]{1,3})* +"
    r"|[ア-ンイロハニホヘトチリヌルヲ]{1,2} +|[0-9]{1,2}\) *)(?=\S)"
)
_LETTERS = {
    "kana": "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン",
    "iroha": "イロハニホヘトチリヌルヲ",
    "latin": "abcdefghijklmnopqrstuvwxyz",
}


def paragraph_number(text: str) -> int:
    """Return the number of the 項 that starts this text ('２　…', '②…'); 0 where none does."""
    found = _PARAGRAPH.match(narrow(text.strip()))
    if found is None:
        return 0
    return int(found["number"]) if found["number"] else ord(found["circled"]) - ord("①") + 1


def division_of(text: str) -> str:
    """Return the unit of a heading such as 第三章　契約 ('章'); empty for another line."""
    found = DIVISION.match(narrow(text.strip()))
    return found["unit"] if found else ""


def supplement_label(text: str) -> str:
    """Return what tells a 附則 apart: '平成十七年三月二十五日条例第十八号'; empty for the first one."""
    found = SUPPLEMENT.fullmatch(narrow(text.strip()))
    if found is None:
        return ""
    inside = found["inside"] or found["bare"] or ""
    return "" if inside.strip() == "抄" else inside.strip()


def attachment_key(text: str) -> str:
    """Return the number of a 別表 or 様式 ('1', '1_2'); empty for one without number."""
    narrowed = narrow(text.strip())
    if found := TABLE.fullmatch(narrowed):
        number = found["number"] or found["plain"] or ""
        return clause_key(number) if number else ""
    if found := FORM.fullmatch(narrowed):
        number = found["number"] or found["front"] or ""
        return clause_key(number + (found["branch"] or found["fbranch"] or "")) if number else ""
    return ""


def attachment_locator(text: str) -> str:
    """Write the name of a 別表 or 様式 with Arabic digits and without what follows it: '別表第1', '様式第2号の2'."""
    narrowed = narrow(text.strip())
    key = attachment_key(text)
    if TABLE.fullmatch(narrowed):
        return narrowed[:2] + shown_number(key, "")
    name = re.split(r"[ (]", narrowed.replace("別記 ", "別記"), maxsplit=1)[0]
    return arabic(name)


def item_numbers(text: str) -> dict[str, int]:
    """Return the number of the 号 that starts this text in each style it may be: イ is 2 as kana, 1 as iroha; empty for none."""
    narrowed = narrow(text.strip())
    found = _ITEM.match(narrowed)
    if found is None:
        return {}
    label = found[0].strip().rstrip(")").lstrip("(").split("の")[0]
    bracket = "(" if narrowed[0] == "(" else ""
    if re.fullmatch(NUMBER, label):
        return {bracket + ("digit" if label.isascii() else "kanji"): read_integer(label)}
    return {bracket + style: letters.index(label) + 1 for style, letters in _LETTERS.items() if label in letters}


def item_keys(text: str) -> dict[str, str]:
    """Return the key of the 号 that starts this text in each style it may be: 三の二 is {'kanji': '3_2'}; empty for none."""
    numbers = item_numbers(text)
    found = _ITEM.match(narrow(text.strip()))
    if found is None or not numbers:
        return {}
    branches = [clause_key(part) for part in found[0].strip().split("の")[1:]]
    return {style: "_".join([str(number), *branches]) for style, number in numbers.items()}


def arabic(text: str) -> str:
    """Write the kanji numerals of a document number in digits: 平成十七年条例第十八号 → 平成17年条例第18号."""
    narrowed = narrow(text)
    return re.sub(
        rf"(?<=[成和治正第年月])(?:元|{NUMBER})(?=[年月日号回])",
        lambda found: str(read_integer(found[0])) if found[0] != "元" else "元",
        narrowed,
    )
