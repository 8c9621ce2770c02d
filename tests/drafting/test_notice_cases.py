"""Forty notices in four formats, written and labelled by somebody who had not seen the code that reads them."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ingest.readers import read_document
from rag.assembly.item import Item
from rag.drafting.notice import read_notice

CASES = Path(__file__).resolve().parents[1] / "cases/drafts"
LINES: list[dict[str, Any]] = [
    json.loads(line) for line in (CASES / "notices.jsonl").read_text(encoding="utf-8").splitlines()
]


def plain(text: str) -> str:
    """A text without white space and width."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def key(number: object, text: str) -> tuple[tuple[str, ...], str]:
    return tuple(number), plain(text)  # type: ignore[call-overload]


def items_of(line: dict[str, Any]) -> tuple[Item, ...]:
    return read_notice(read_document(CASES / "notices" / line["file"], name=line["file"])).items


def score(lines: list[dict[str, Any]]) -> tuple[float, float]:
    """F1 of the items (number and words right), and the share of those whose answerer is right."""
    right = found = labelled = answered = 0
    for line in lines:
        items = items_of(line)
        have = Counter(key(item.number, item.text) for item in items)
        want = Counter(key(each["number"], each["text"]) for each in line["items"])
        right += (have & want).total()
        found += len(items)
        labelled += len(line["items"])
        named = Counter((*key(item.number, item.text), plain(item.answerer)) for item in items)
        wanted = Counter((*key(each["number"], each["text"]), plain(each["answerer"])) for each in line["items"])
        answered += (named & wanted).total()
    return 2 * right / (found + labelled), answered / right


def test_the_items_of_the_notices_are_found_with_their_answerers() -> None:
    items, answerers = score(LINES)
    assert items >= 0.99
    assert answerers >= 0.99


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["file"])
def test_who_asks_and_the_sitting_are_read(line: dict[str, Any]) -> None:
    notice = read_notice(read_document(CASES / "notices" / line["file"], name=line["file"]))
    assert plain(notice.sitting) == plain(line["sitting"])
    assert [(plain(item.member), plain(item.group)) for item in notice.items] == [
        (plain(each["member"]), plain(each["group"])) for each in line["items"]
    ]


def test_headings_hold_words_and_neither_days_nor_names_of_forms() -> None:
    headings = {heading for line in LINES for item in items_of(line) for heading in item.headings}
    assert not [each for each in headings if each[:4].isdigit() or each in ("一括", "一問一答")]


def test_a_number_read_wrong_lowers_the_score() -> None:
    line = LINES[0]
    wrong = {**line, "items": [{**each, "number": ["99"]} for each in line["items"]]}
    with pytest.raises(ZeroDivisionError):
        score([wrong])
    half = {**line, "items": [*line["items"][:-1], {**line["items"][-1], "number": ["99"]}]}
    assert score([half])[0] < 1
