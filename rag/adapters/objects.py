"""Cut a JSON text that comes in pieces into the objects of its list, each as soon as it is complete."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

JSON_START = r"\{\s*[\"}]|\[\s*\{"
"""How a JSON text begins, and hardly any other one."""
_START = re.compile(JSON_START)
_OPENERS = {"}": "{", "]": "["}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """An object or list that is open."""

    opener: str
    start: int
    is_list: bool
    """Whether it is the list whose objects are wanted."""
    cut: int
    """How many objects had been cut before it."""


class ObjectCutter:
    """Holds what came so far; text around the JSON is passed over, and so is what stands beside the list.

    The list stands under a key, at any depth, or alone. An object without it is cut whole. What is cut need not be JSON: a
    bracket too many or too few is put up with, so that the objects behind it are found.
    """

    def __init__(self, key: str) -> None:
        """Look for the list under this key."""
        self.is_empty = False
        """Whether a list without anything in it came."""
        self.is_broken = False
        """Whether brackets did not fit, or a list came with something in it, but no object."""
        self._list_key = key
        self._text = ""
        self._at = 0
        self._frames: list[_Frame] = []
        self._cut = 0
        self._found = False
        self._string: int | None = None
        """Where the open string begins; None: none is open."""
        self._is_escaped = False
        self._key = ""

    @property
    def is_closed(self) -> bool:
        """Tell whether everything that was opened has been closed."""
        return not self._frames

    def feed(self, piece: str) -> Iterator[str]:
        """Yield the text of each object that this piece completes."""
        self._text += piece
        while self._at < len(self._text):
            if not self._frames:
                start = _START.search(self._text, self._at)
                if start is None:
                    return
                self._at, self._found, self._key = start.start(), False, ""
            char = self._text[self._at]
            if self._string is not None:
                self._read_in_string(char)
            elif char == '"':
                self._string = self._at + 1
            elif char == ",":
                self._key = ""
            elif char in "{[":
                self._open(char)
            elif char in "}]":
                yield from self._close(char)
            self._at += 1

    def _read_in_string(self, char: str) -> None:
        if self._is_escaped:
            self._is_escaped = False
        elif char == "\\":
            self._is_escaped = True
        elif char == '"':
            self._key, self._string = self._text[self._string : self._at], None

    def _open(self, char: str) -> None:
        is_list = char == "[" and not any(frame.is_list for frame in self._frames)
        is_list = is_list and (not self._frames or self._key == self._list_key)
        self._frames.append(_Frame(opener=char, start=self._at, is_list=is_list, cut=self._cut))
        self._key = ""

    def _close(self, char: str) -> Iterator[str]:
        while self._frames:
            frame = self._frames.pop()
            self.is_broken = self.is_broken or frame.opener != _OPENERS[char]
            inside = self._text[frame.start + 1 : self._at]
            if frame.is_list and frame.cut == self._cut:
                self._found = True
                self.is_empty = self.is_empty or not inside.strip()
                self.is_broken = self.is_broken or bool(inside.strip())
            in_list = bool(self._frames) and self._frames[-1].is_list
            is_whole = not self._frames and not self._found
            if frame.opener == "{" and (in_list or is_whole):
                self._cut += 1
                self._found = True
                yield self._text[frame.start : self._at + 1]
            if frame.opener == _OPENERS[char]:
                return
