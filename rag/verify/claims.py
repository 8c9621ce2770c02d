"""The hard facts of a sentence (clauses, titles, figures, dates, names), each looked up in what it cites."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.japanese.dates import DateMention, dates
from rag.japanese.numerals import Figure, figures, read_integer, to_kanji
from rag.japanese.references import Place, Reference, references
from rag.japanese.text import narrow, normalise
from rag.japanese.words import content_words
from rag.verify.sources import Source

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
_PARAGRAPH_MARK = r"(?m)^[ \t]*{number}(?=[ \t\n])"
_ITEM_MARK = r"(?m)^[ \t]*(?:{kanji}(?=[ \t])|\({number}\)|\({kanji}\))"


def wrong_clauses(sentence: str, sources: Sequence[Source], question: Source) -> bool:
    """Tell whether a clause number or a rule's title of the sentence stands neither in its sources nor in the question."""
    known = [*sources, question]
    if any(not any(_has_clause(found, source) for source in known) for found in references(sentence)):
        return True
    return any(not any(_has_title(title, source) for source in known) for title in _titles(sentence))


def wrong_figures(sentence: str, sources: Sequence[Source], question: Source) -> bool:
    """Tell whether a figure, its unit or its bound (以上, 未満) stands neither in the sources nor in the question.

    A figure that only the question names is taken over only where the sources have no figure of that unit, or the
    sentence sets one of theirs beside it: else a wrong figure in a question would come back as the answer.
    """
    text = narrow(sentence)
    found = figures(text)
    for figure in found:
        if any(_has_figure(figure, text, source) for source in sources):
            continue
        if not _has_figure(figure, text, question):
            return True
        rivals = {other for source in sources for other in source.figures if other.unit == figure.unit and figure.unit}
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


def wrong_names(sentence: str, sources: Sequence[Source], question: Source) -> bool:
    """Tell whether a person, post or office stands neither in the sources nor in the question."""
    known = [source.plain for source in [*sources, question]]
    folded = "".join(normalise(sentence).split())
    for found in _NAMED.finditer(folded):
        head, post = _DETERMINER.sub("", found[1]), found[2]
        if not any(_has_name(head, post, plain) for plain in known):
            return True
    for office in _OFFICE.findall(folded):
        if not _NO_OFFICE.search(office) and not any(_DETERMINER.sub("", office) in plain for plain in known):
            return True
    return False


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
