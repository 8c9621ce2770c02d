"""The hard facts of a sentence (clauses, titles, figures, dates, names), each looked up in what it cites."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from rag.japanese.dates import DateMention, dates
from rag.japanese.numerals import Figure, figures, read_integer, to_kanji
from rag.japanese.references import Place, Reference, references
from rag.japanese.text import narrow, normalise
from rag.japanese.words import content_words
from rag.verify.sources import BEFORE_PARAGRAPH, Source
from rag.verify.sums import is_worked_out, wrong_sum

BOUNDS = {
    "以上": "at least",
    "以下": "at most",
    "以内": "at most",
    "まで": "at most",
    "を超えない": "at most",
    "を超えません": "at most",
    "未満": "under",
    "を超え": "over",
    "超": "over",
}
"""Words behind a figure that decide on which side of it one stands."""

_NUMERAL = re.compile(r"^[0-9,.〇一二三四五六七八九十百千万億兆]+")
_BOUND = re.compile("|".join(sorted(BOUNDS, key=len, reverse=True)))
_TITLE = re.compile(
    r"(?:[一-龥々ァ-ヶー]{1,15}(?:等)?(?:に関する|に係る|の))?[一-龥々ァ-ヶー]*"
    r"(?:条例|施行規則|規則|規程|要綱|要領|訓令|指針|ガイドライン|[一-龥]{2}法(?=第|\(|で|に|の))"
)
_NO_TITLE = re.compile(
    r"^(?:本|同|当該|各|関係|県|新|旧|他|現行|改正|上記|前記|諸|例規)*(?:条例|規則|規程|要綱|要領|訓令|指針|ガイドライン)$|[方手用作司立文違適合無技療製工]法$"
)
_POSTS = (
    "副知事|知事|課長補佐|部長|局長|課長|係長|室長|所長|次長|主幹|主査|委員長|副委員長|副議長|議長|委員|議員|教育長|会計管理者|管理責任者|責任者|管理者"
    "|出納員|権者|校長|館長|センター長|参事|君|氏|さん"
)
_NAMED = re.compile(rf"([一-龥々ァ-ヶー]{{0,12}}?)({_POSTS})(?![会室席一-龥])")
_OFFICE = re.compile(r"[一-龥々ァ-ヶー]{2,10}(?:課|係|室|局|部)(?![一-龥るわ])")
_NO_OFFICE = re.compile(r"(?:関係|一部|全部|内部|外部|各部|大部|幹部|上部|下部|細部|深部|各課|他課|各係|同課)$")
_DETERMINER = re.compile(r"^(?:当該|各|所属|担当|所管|主管|関係|同|前|現|直属|本人|職員)")
_MONTH_DAY = re.compile(
    r"(?<![0-9年])([0-9]{1,2}|[一二三四五六七八九十]{1,3})月([0-9]{1,2}|[一二三四五六七八九十]{1,3})日(?!間)"
)
FISCAL_MONTH = 4
_SHIFTS = {"本": 0, "今": 0, "来": 1, "翌": 1, "昨": -1, "前": -1}
_RELATIVE = re.compile(r"([本今来翌昨前])年(度)?(末)?((?:の)?(?:[0-9]{1,2}月(?:[0-9]{1,2}日|末)?)?)")
_PARAGRAPH_MARK = rf"(?m)^[ \t]*{{number}}{BEFORE_PARAGRAPH}"
_ITEM_MARK = r"(?m)^[ \t]*(?:{kanji}(?=[ \t])|\({number}\)|\({kanji}\))"


def wrong_clauses(sentence: str, sources: Sequence[Source], question: Source, *, quotes: Sequence[str]) -> bool:
    """Tell whether a clause number or a rule's title of the sentence stands neither in its sources nor in the question.

    A 項 of the source's own article must be one in which the quotes stand, or that they name.
    """
    known = [*sources, question]
    if any(_is_other_paragraph(found, source, quotes) for found in references(sentence) for source in sources):
        return True
    if any(not any(_has_clause(found, source) for source in known) for found in references(sentence)):
        return True
    return any(not any(_has_title(title, source) for source in known) for title in _titles(sentence))


def wrong_figures(sentence: str, sources: Sequence[Source], question: Source, *, around: Sequence[Source]) -> bool:
    """Tell whether a figure, its unit or its bound (以上, 未満) stands neither in the sources nor in the question.

    `sources` are the sentences that the quotes touch, `around` the whole passages: what only stands there counts where the
    sentence does not leave out a figure of the same unit that the quotes have, which it would replace, nor gives one of theirs
    another unit or bound.
    A figure that only the question names is taken over only where the sources have no figure of that unit, or the
    sentence sets one of theirs beside it: else a wrong figure in a question would come back as the answer.
    A total, a difference or a rate may be worked out of the figures of `sources`.
    """
    text = narrow(sentence)
    if wrong_sum(text, [source.text for source in sources]):
        return True
    found = figures(text)
    for figure in found:
        if any(_has_figure(figure, text, source) for source in sources):
            continue
        rivals = {other for source in sources for other in source.figures if other.unit == figure.unit and figure.unit}
        replaced = {rival.value for rival in rivals} - {each.value for each in found}
        turned = any(other.value == figure.value for source in sources for other in source.figures)
        if not replaced and not turned and any(_has_figure(figure, text, source) for source in around):
            continue
        if is_worked_out(figure, text, [each for source in sources for each in figures(narrow(source.text))]):
            continue
        if not _has_figure(figure, text, question):
            return True
        if rivals and not rivals & set(found):
            return True
    return False


def wrong_dates(sentence: str, sources: Sequence[Source], question: Source, *, known: Sequence[DateMention]) -> bool:
    """Tell whether a date stands neither in the sources nor in the question; `known` are dates from outside the texts."""
    mentioned = [*known, *question.dates, *(other for source in sources for other in source.dates)]
    for found in dates(sentence):
        if not any(found.start <= other.start and other.end <= found.end for other in mentioned):
            return True
    days = {_month_day(found) for source in [*sources, question] for found in _MONTH_DAY.finditer(source.whole)}
    days |= {(other.start.month, other.start.day) for other in mentioned if (other.end - other.start).days == 1}
    return any(_month_day(found) not in days for found in _MONTH_DAY.finditer(narrow(sentence)))


def relative_dates(source: Source) -> Iterator[DateMention]:
    """Yield the dates that a text with a date of its own (minutes) names by 本年, 来年 or 昨年度末."""
    day = source.evidence.chunk.labels.get("date", "") if source.evidence else ""
    if not day:
        return
    spoken = date.fromisoformat(day)
    fiscal = spoken.year - (spoken.month < FISCAL_MONTH)
    for found in _RELATIVE.finditer(source.whole):
        shift = _SHIFTS[found[1]]
        year = fiscal + shift if found[2] else spoken.year + shift
        if found[2] and found[3]:  # the last day of a fiscal year lies in the next one
            yield from dates(f"{year + 1}年3月31日")
        yield from dates(f"{year}{'年度' if found[2] else '年'}{found[4] or ''}")


def wrong_names(sentence: str, sources: Sequence[Source], question: Source, *, around: Sequence[Source]) -> bool:
    """Tell whether a person, post or office stands neither in the sources nor in the question.

    `sources` are the sentences that the quotes touch, `around` the whole passages: a name that only stands there counts where
    the sentence leaves out none that the quotes have, which it would replace.
    """
    folded = "".join(normalise(sentence).split())
    near = [source.plain for source in [*sources, question]]
    far = [source.plain for source in around] if not _left_out(folded, sources) else []
    for head, post in _people(folded):
        if not any(_has_name(head, post, plain) for plain in [*near, *far]):
            return True
    return any(not any(office in plain for plain in [*near, *far]) for office in _offices(folded))


def _left_out(folded: str, sources: Sequence[Source]) -> bool:
    """Tell whether the sources' own sentences name somebody whom the sentence does not."""
    for source in sources:
        own = "".join(normalise(source.text).split())
        if any(head + post not in folded for head, post in _people(own)):
            return True
        if any(office not in folded for office in _offices(own)):
            return True
    return False


def _people(folded: str) -> Iterator[tuple[str, str]]:
    """Yield what stands before a post, and the post."""
    for found in _NAMED.finditer(folded):
        yield _DETERMINER.sub("", found[1]), found[2]


def _offices(folded: str) -> Iterator[str]:
    for office in _OFFICE.findall(folded):
        if not _NO_OFFICE.search(office):
            yield _DETERMINER.sub("", office)


def _is_other_paragraph(found: Reference, source: Source, quotes: Sequence[str]) -> bool:
    if not found.paragraph or found.article not in source.own_articles or not _names(found.law, source):
        return False
    held = source.paragraphs(quotes)
    named = {each.paragraph for quote in quotes for each in references(quote)}
    return bool(held) and found.paragraph not in held | named


def _has_clause(found: Reference, source: Source) -> bool:
    if found.relative and not found.article:
        return True
    if found.article in source.own_articles and found.article and _names(found.law, source):
        return _has_inner(found, source)
    for other in source.references:
        if other.place is not found.place or (found.law and not _same_law(found.law, other.law, source)):
            continue
        if found.place in (Place.TABLE, Place.FORM):
            if found.number in ("", other.number):
                return True
        elif (
            found.article in ("", other.article, other.last)
            and found.paragraph in ("", other.paragraph)
            and found.item in ("", other.item)
        ):
            return True
    return not found.article and found.place is Place.MAIN and _has_inner(found, source)


def _has_inner(found: Reference, source: Source) -> bool:
    """Tell whether the paragraph and the item are marked in the text of the source's own article."""
    text = narrow(source.text)
    if found.paragraph not in ("", "1") and not _marked(_PARAGRAPH_MARK, found.paragraph, text):
        return any(found.paragraph == other.paragraph for other in source.references)
    return (
        not found.item
        or _marked(_ITEM_MARK, found.item, text)
        or any(found.item == other.item for other in source.references)
    )


def _marked(pattern: str, key: str, text: str) -> bool:
    number = int(key.split("_", maxsplit=1)[0])
    return re.search(pattern.format(number=number, kanji=to_kanji(number)), text) is not None


def _names(law: str, source: Source) -> bool:
    return not law or set(content_words(law)) <= source.words


def _same_law(law: str, other: str, source: Source) -> bool:
    """Tell whether two names mean one law; a reference without a name points into its own document."""
    if not other:
        return _names(law, source)
    mine, theirs = set(content_words(law)), set(content_words(other))
    return mine <= theirs or theirs <= mine


def _titles(sentence: str) -> Iterator[str]:
    for found in _TITLE.finditer(narrow(sentence)):
        if not _NO_TITLE.search(found[0]):
            yield found[0]


def _has_title(title: str, source: Source) -> bool:
    return set(content_words(title)) <= source.words or "".join(normalise(title).split()) in source.plain


def _has_figure(figure: Figure, text: str, source: Source) -> bool:
    same = [other for other in source.figures if other.value == figure.value and other.unit in (figure.unit, "")]
    if not figure.unit:
        same = [other for other in source.figures if other.value == figure.value]
    if not same:
        return _spelled(figure, text, source)
    bound = _bound(figure, text)
    bounds = {_bound(other, source.whole) for other in same}
    return not bound or bound in bounds or "" in bounds


def _spelled(figure: Figure, text: str, source: Source) -> bool:
    """Look for a figure whose kanji are no figure to `figures` since the unit is unusual (二者, 一食)."""
    if figure.value != figure.value.to_integral_value() or figure.value < 0:
        return False
    unit = _NUMERAL.sub("", figure.span.of(text)) or text[figure.span.end : figure.span.end + 1]
    return bool(unit.strip()) and f"{to_kanji(int(figure.value))}{unit}" in source.whole


def _bound(figure: Figure, text: str) -> str:
    found = _BOUND.match(text, figure.span.end)
    return BOUNDS[found[0]] if found else ""


def _month_day(found: re.Match[str]) -> tuple[int, int]:
    return read_integer(found[1]), read_integer(found[2])


def _has_name(head: str, post: str, plain: str) -> bool:
    """Find 総務部長 as it stands; a person's name and post may stand apart (標本大介, 知事)."""
    if head + post in plain:
        return True
    if re.search(r"[部課局室係所]$", head):
        return False
    return bool(head) and head in plain and (post in plain or post in ("君", "氏", "さん"))
