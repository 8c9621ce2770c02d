"""Japanese text to search words (SudachiPy, mode A, normalised forms) and character pairs."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from sudachipy import Dictionary, SplitMode, Tokenizer

from rag.japanese.text import Span

PIECE_CHARACTERS = 12_000
"""SudachiPy takes at most 49,149 bytes a call; a character is at most four."""

CONTENT = frozenset({"名詞", "動詞", "形容詞", "形状詞", "副詞", "接頭辞", "接尾辞", "連体詞", "感動詞", "記号"})
EMPTY_WORDS = frozenset(
    "為る 有る 居る 成る 出来る 言う 事 物 所 の 様 此の 其の 何の 何 何れ 何処 何時 誰 何う 下さる 教える 貰う 頂く "
    "良い 又 及び 並びに 於く 因る 就く 対する 関する 於ける 以て 行う 御 為 方 此れ 其れ 此処 其処 其 此 "
    "です ます 思う 知る 場合 よる おく つく".split()
)
"""Words that say nothing of a subject, as normalised forms."""

_REMEMBERED = 1 << 16
"""Words whose folded form is kept: a text consists of few words, over and over."""
_SHORT = 1_500
"""Characters of a text whose words are kept for a while: 4,096 of them with their words take some 20 MB."""
_LOCAL = threading.local()
_LOADING = threading.Lock()
_RUNS = re.compile(r"[^\s\W_]+", re.UNICODE)
_LAST_LONG_MARK = re.compile(r"(?<=...)ー$")
"""メモリー and メモリ, サーバー and サーバ are one word; ルール keeps its mark inside."""
_KATAKANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}


class Morpheme(NamedTuple):
    """A morpheme as the analyser reads it."""

    surface: str
    normal: str
    """The form under which its spellings meet: 取扱い and 取り扱い, 八千 and 8000."""
    kind: str
    """名詞, 動詞, 助詞, …"""
    finer: str
    """普通名詞, 数詞, 固有名詞, 格助詞, …"""


def fold(text: str) -> str:
    """Return NFKC, lower case, katakana as hiragana: the form in which words are compared."""
    return unicodedata.normalize("NFKC", text).lower().translate(_KATAKANA)


def content_words(text: str) -> list[str]:
    """Return the content words in reading order, as folded normalised forms, repeats kept."""
    return list(_kept_words(text) if len(text) <= _SHORT else _words(text))


@lru_cache(maxsize=4096)
def _kept_words(text: str) -> tuple[str, ...]:
    """Return the words of a short text: one question is cut for every leg, a chunk for its vector and for its entry."""
    return tuple(_words(text))


def _words(text: str) -> list[str]:
    words: list[str] = []
    tokenizer = _tokenizer()
    for piece in _pieces(unicodedata.normalize("NFKC", text)):
        words.extend(
            word
            for morpheme in tokenizer.tokenize(piece)
            if morpheme.part_of_speech()[0] in CONTENT and (word := _searched(morpheme.normalized_form()))
        )
    return words


@lru_cache(maxsize=_REMEMBERED)
def _searched(word: str) -> str:
    """Return a normalised form as it is searched; empty for one that says nothing."""
    folded = fold(word).replace(" ", "")
    return _LAST_LONG_MARK.sub("", folded) if word not in EMPTY_WORDS and _RUNS.search(folded) else ""


@lru_cache(maxsize=1024)
def morphemes(text: str) -> tuple[tuple[str, str], ...]:
    """Return every morpheme in order, as (normalised form, part of speech): function words and punctuation too."""
    return tuple(
        (morpheme.normalized_form(), morpheme.part_of_speech()[0])
        for piece in _pieces(unicodedata.normalize("NFKC", text))
        for morpheme in _tokenizer().tokenize(piece)
    )


def read_morphemes(text: str) -> tuple[Morpheme, ...]:
    """Return every morpheme in order with its surface and its finer class, white space and punctuation too."""
    return tuple(
        Morpheme(
            surface=morpheme.surface(),
            normal=morpheme.normalized_form(),
            kind=morpheme.part_of_speech()[0],
            finer=morpheme.part_of_speech()[1],
        )
        for piece in _pieces(unicodedata.normalize("NFKC", text))
        for morpheme in _tokenizer().tokenize(piece)
    )


@lru_cache(maxsize=4096)
def content_nouns(text: str) -> frozenset[str]:
    """Return those of the content words that name something: a paraphrase has other verbs (見てもらう for 閲覧を受ける), the same things."""
    return frozenset(
        word
        for piece in _pieces(unicodedata.normalize("NFKC", text))
        for morpheme in _tokenizer().tokenize(piece)
        if morpheme.part_of_speech()[0] == "名詞" and (word := _searched(morpheme.normalized_form()))
    )


def placed_words(text: str) -> list[tuple[str, Span]]:
    """Return each content word with where it stands in the text as it is, in order; a repeated one each time.

    Read without NFKC, so that offsets are those of the text: rarely, a word is cut otherwise than by `content_words`.
    """
    placed: list[tuple[str, Span]] = []
    tokenizer, start = _tokenizer(), 0
    for piece in _pieces(text):
        placed.extend(
            (word, Span(start + morpheme.begin(), start + morpheme.end()))
            for morpheme in tokenizer.tokenize(piece)
            if morpheme.part_of_speech()[0] in CONTENT and (word := _searched(morpheme.normalized_form()))
        )
        start += len(piece)
    return placed


def character_grams(text: str) -> list[str]:
    """Return single characters and pairs of every run of letters, folded, repeats kept."""
    grams: list[str] = []
    for run in _RUNS.findall(fold(text)):
        grams.extend(run)
        grams.extend(run[start : start + 2] for start in range(len(run) - 1))
    return grams


def _tokenizer() -> Tokenizer:
    """Return this thread's tokenizer; all of them read one dictionary, of which each copy would take 80 MB."""
    tokenizer = getattr(_LOCAL, "tokenizer", None)
    if tokenizer is None:
        with _LOADING:
            tokenizer = _dictionary().tokenizer(mode=SplitMode.A)
        _LOCAL.tokenizer = tokenizer
    return tokenizer


@cache
def _dictionary() -> Dictionary:
    return Dictionary(dict="core")


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = min(start + PIECE_CHARACTERS, len(text))
        if end < len(text):
            cut = max(text.rfind("。", start, end), text.rfind("\n", start, end))
            if cut > start:
                end = cut + 1
        yield text[start:end]
        start = end
