"""Read the structured text that a language model writes: a JSON object with a list of sentences, each cited and quoted."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from rag.adapters.marked import MARKS, NOTHING, PART_START, end_sentence, read_line, read_marked
from rag.adapters.objects import JSON_START, ObjectCutter
from rag.domain import Part, Sentence

LIST = "sentences"
PARTS = ("結論", "根拠", "手続", "例外")
"""What a model may write as `part`, as prompts/answer_rules.md names them."""
SCHEMA: Mapping[str, Any] = {
    "name": "answer",
    "strict": True,
    "schema": {
        "type": "object",
        "properties": {
            LIST: {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "part": {"type": "string", "enum": list(PARTS)},
                        "text": {"type": "string"},
                        "citations": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "properties": {"number": {"type": "integer"}, "quote": {"type": "string"}},
                                "required": ["number", "quote"],
                                "additionalProperties": False,
                            },
                        },
                    },
                    "required": ["part", "text", "citations"],
                    "additionalProperties": False,
                },
            }
        },
        "required": [LIST],
        "additionalProperties": False,
    },
}
"""The shape that an endpoint is asked to hold the model to; the strict mode wants every key required and no other one."""

_BEGINNING = re.compile(rf"(?P<json>{JSON_START})|^[ \t　#>*・\-]*{PART_START}", re.MULTILINE)
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
"""Line breaks, controls and halves of characters, which JSON can spell and a sentence cannot hold."""
_NUMBER = re.compile(r"^\D{0,3}([0-9０-９]{1,3})\D?$")
_REPEATED_NUMBERS = re.compile(r"(?:[\[［][0-9０-９]{1,3}[\]］])+(?=。?$)")


def read_structured(pieces: Iterable[str]) -> Generator[Sentence, None, bool]:
    """Yield each sentence as soon as its object is complete; return whether the text was a whole answer.

    A server that does not know the shape may let through what it wants: JSON in a fence, or marked lines.
    """
    rest, lead = iter(pieces), ""
    for piece in rest:
        lead += piece
        if found := _BEGINNING.search(lead):
            if found["json"]:
                return (yield from _read_objects(chain([lead[found.start() :]], rest)))
            break
    return (yield from read_marked(chain([lead], rest)))


def _read_objects(pieces: Iterable[str]) -> Generator[Sentence, None, bool]:
    cutter, part, said, is_empty, is_whole = ObjectCutter(LIST), Part.CONCLUSION, set[Sentence](), False, True
    for written in chain.from_iterable(map(cutter.feed, pieces)):
        found = list(_objects_in(_parse(written)))
        is_empty = is_empty or not found
        for each in found:
            sentence = _sentence(each, part)
            if sentence is None or not sentence.text:
                is_whole = False
            elif sentence.text.strip("。 　「」") in NOTHING:
                is_empty = True
            elif sentence not in said:  # some models write their object twice
                said.add(sentence)
                part = sentence.part
                yield sentence
    return is_whole and cutter.is_closed and not cutter.is_broken and bool(said or is_empty or cutter.is_empty)


def _parse(written: str) -> object:
    try:
        return json.loads(written, strict=False)
    except (ValueError, RecursionError):
        return None


def _objects_in(value: object) -> Iterator[object]:
    """Yield the value itself, or what stands in its list."""
    if isinstance(value, dict) and "text" not in value and LIST in value:
        inner = value[LIST]
        yield from inner if isinstance(inner, list) else [inner]
    else:
        yield value


def _sentence(value: object, before: Part) -> Sentence | None:
    """Return a sentence; None for a value that holds none. Without a known part it goes on in the part before it."""
    if not isinstance(value, dict):
        return None
    text = _clean(value.get("text"))
    if not text:
        return None
    part = _part(value.get("part"), before)
    cited = list(_citations(value.get("citations")))
    if not cited:
        return read_line(part, text)
    numbers = dict.fromkeys(number for number, _ in cited if number is not None)
    quotes = tuple(quote for _, quote in cited if quote)
    text = end_sentence(_REPEATED_NUMBERS.sub("", text).strip())
    return Sentence(part=part, text=text, citations=tuple(numbers), quotes=quotes)


def _part(value: object, before: Part) -> Part:
    name = _clean(value).strip("【】[]［］「」 ")
    if name in MARKS:
        return MARKS[name]
    return next((part for part in Part if part == name.lower()), before)


def _citations(value: object) -> Iterator[tuple[int | None, str]]:
    """Yield number and quote of each citation; None for a number that is none."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            yield _number(each.get("number")), _quote(each.get("quote"))
        elif (number := _number(each)) is not None:
            yield number, ""


def _number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str):
        found = _NUMBER.match(value.strip())
        return int(found[1]) if found else None
    return value if isinstance(value, int) else None


def _quote(value: object) -> str:
    quote = _clean(value)
    return quote[1:-1].strip() if quote[:1] in "「『" and quote[-1:] in "」』" else quote


def _clean(value: object) -> str:
    return _UNFIT.sub(" ", value).strip() if isinstance(value, str) else ""
