"""The words of a search and of why something was found, on the screen 検索 and on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from ui.words import page
from ui.words.versions import iso_period

LEGS = {
    "reference": "条番号",
    "words": "語",
    "characters": "文字",
    "vectors": "ベクトル",
    "coverage": "質問の語の割合",
    "topic": "話題の近さ",
    "remark": "会議・人の一致",
    "resting": "その条を施行する定め",
    "learned": "学習した並べ方",
}
FINDERS = ("reference", "words", "characters", "vectors")
"""Those of them that find; the others judge what was found."""
HELP = {
    "reference": "質問に書いた規程名と条番号が指している条かどうか。",
    "words": "質問の語（言い換えと近い語を含む）が、どれだけ出てくるか。めずらしい語ほど高くなります。",
    "characters": "文字の並びが、質問とどれだけ重なるか。",
    "vectors": "意味の近さ。同じ語がなくても近いことがあります。",
    "coverage": "質問の語のうち、ここに出てくるものの割合。上位の候補だけを測ります。",
    "topic": "質問と文書の語を全体として見たときの近さ（語ベクトル）。上位の候補だけを測ります。",
    "remark": "質問に書いた会議・時期・職・議員に合う発言に加えた点。",
    "resting": "質問に書いた条を「法第何条」「条例第何条」と引く、ほかの規程の条かどうか。",
    "learned": "学習した並べ方が付けた点（あるときだけ）。",
}
TITLE = "検索"
LEAD = "答えを書かせずに、文書の該当箇所だけをさがします。あなたが閲覧できるものだけが見つかります。"
QUESTION = "さがすこと（質問の文でも、語を並べてもかまいません）"
EXAMPLE = "例: 自家用車で出張したときの車賃"
AS_OF = "時点（いつの規定か）"
KINDS = "文書の種類"
EVERY_KIND = "すべての種類"
COUNT = "件数"
REMARKS = "会議録・会議要旨の発言にしぼる"
SITTING = "会議（令和7年9月定例会 など）"
POST = "職（知事、総務部長 など）"
MEMBER = "議員・委員（姓か氏名）"
SINCE = "この日・年度から"
UNTIL = "この日・年度まで"
SWAPPED = "「この日・年度から」が「この日・年度まで」より後です。入れ替えて、もう一度さがしてください。"
SEARCH = "さがす"
EMPTY = "さがすことを書いて、「さがす」を押してください。"
REASONS = "見つけた理由を表示"
READING = "点の読み方"
TOTAL_HELP = "順位を決める点（0から1）。下の手がかりを重みをつけて合わせたものです。"
BARS = (
    "手がかりごとに点の単位が違うので、比べられるのは同じ手がかりどうしだけです。棒は、この一覧でいちばん高い点を"
    "満杯としています（条番号と質問の語の割合は、割合そのものです）。"
)
HITS = "見つかったもの"
NEAR_TITLE = "次点"
NEAR_LEAD = "もう少しで上の一覧に入らなかったものです。"
NOT_SCORED = "なし"
REMARKS_BELOW = {"procedure": "議事の進行", "asking": "議員の質問"}
"""Remarks of minutes that stand below answers."""
LITTLE = (
    "質問の語が出てくるものは、ほとんど見つかりませんでした。下は関係の薄いものかもしれません。規程で使われる言い方に変えると、"
    "見つかることがあります。"
)
NONE_FOUND = "見つかりませんでした。"
NO_AUDIENCE = "あなたが閲覧できる文書が、まだありません。文書の取り込みか閲覧範囲の設定を、管理者に確かめてください。"
NEXT = "次にできること"
NEXT_STEPS = (
    "言い方を変える（規程で使われる語、条番号、会議の名前）",
    "「文書」の画面で、さがしている文書が取り込まれているかを確かめる",
    "見つかるはずの文書があるときは、閲覧範囲を管理者に確かめる",
)
NEXT_NARROWED = "時点・種類・発言の条件をゆるめる"
WIDEN = "条件を外してさがし直す"
DOCUMENTS = "「文書」の画面を開く"
TOTAL = "総合"
NOT_FOUND = "見つけず"
NEAR = "次点（もう少しで入らなかったもの）"
NOTHING = "見つかりませんでした。言い方を変えるか、kotae documents で取り込んだ文書を確かめてください。"
NOTHING_NARROWED = (
    "会議・職・議員・時期をその条件にしぼると、見つかりませんでした。条件をゆるめるか、言い方を変えてください。"
)
LOWERED = {
    "procedure": "どの手がかりの点も足りていますが、議事の進行を述べた部分なので、順位を下げています",
    "asking": "どの手がかりの点も足りていますが、議員の質問なので、答弁より順位を下げています",
    "": "どの手がかりの点も足りていますが、ほかの調整で順位が下がっています",
}
CLOSE = "点の差はわずかです"
INDENT = " " * 4
REPEATED = "同じ文があるところ"
SHORT_TEXT = 120
"""Characters of a hit on the command line."""


def in_order(names: Iterable[str]) -> list[str]:
    """Return legs in the order in which they are read, those that are not known here last."""
    every = list(names)
    return [name for name in LEGS if name in every] + sorted(name for name in every if name not in LEGS)


def leg(name: str) -> str:
    """Return what a leg is called; one that is not known here keeps its own name."""
    return LEGS.get(name, name)


def score(name: str, value: float) -> str:
    """Return the score of a leg as it is read."""
    return f"{value:.0%}" if name in ("coverage", "topic") else f"{value:.2f}"


def total(value: float) -> str:
    """Return the score that decides the order."""
    return f"{value:.3f}"


def bar(name: str, share: float) -> str:
    """Return what a bar shows, for those who do not see it."""
    return f"{leg(name)}の棒: {share:.0%}"


def open_hit(rank: int) -> str:
    """Return the label of the way to a hit's source."""
    return f"［{rank}］原文"


def asked(who: str, gist: str) -> str:
    """Return which question a passage of minutes answers."""
    return f"問　{who}: {gist}" if who else f"問　{gist}"


def replaced(day: date) -> str:
    """Return what is said of a text that another one has replaced since."""
    return f"{day.isoformat()}に改正される前の版"


def ended(last_day: date) -> str:
    """Return what is said of a text that is in force no more."""
    return f"{last_day.isoformat()}まで"


def coming(day: date) -> str:
    """Return what is said of a text that is not in force yet."""
    return f"{day.isoformat()}から施行"


def not_in_force(start: date | None, end: date | None, today: date, *, is_replaced: bool = False) -> str:
    """Return what is said of a text that does not hold today, `end` exclusive; empty for one that does."""
    if end and end <= today:
        return replaced(end) if is_replaced else ended(end - timedelta(days=1))
    return coming(start) if start and start > today else ""


def past_day(era: str, day: date) -> str:
    """Return what is said where another day than today is asked for."""
    return f"{era}（{day.isoformat()}）に施行されている規定をさがしています。今日の規定ではありません。"


def counts(hits: int, near: int, audiences: int, coverage: float) -> str:
    """Return how much was found, over how many audiences, and how much of the question it speaks of."""
    beside = f"（ほかに次点{near}件）" if near else ""
    return f"{audiences}つの閲覧範囲から{hits}件{beside}。質問の語は、上位のもので{coverage:.0%}まで出てきます。"


def lacking(rank: int, lacks: Sequence[tuple[str, float | None, float]], *, gap: float, lowered: str) -> str:
    """Return what a near-miss lacks beside the last hit, of this rank: each leg with its own score and that one's.

    `lowered`: a key of LOWERED, for one that lacks nothing and still stands `gap` below.
    """
    if lacks:
        told = "、".join(_lack(name, own, other) for name, own, other in lacks)
        return f"{rank}位より低い点: {told}"
    return f"{rank}位と比べて: {CLOSE if round(gap, 2) <= 0 else LOWERED[lowered]}"


def _lack(name: str, own: float | None, other: float) -> str:
    return f"{leg(name)} {NOT_FOUND if own is None else score(name, own)}＜{score(name, other)}"


def idle(legs: Sequence[str]) -> str:
    """Return which legs found nothing of the list; empty where each found something."""
    return f"この一覧のどれも見つけなかった手がかり: {'・'.join(map(leg, legs))}" if legs else ""


def hits_text(found: Mapping[str, Any], reasons: Sequence[str] = (), *, today: date, is_narrowed: bool = False) -> str:
    """Return what `search` prints; where it explains also legs, near-misses (`reasons`: one line for each) and counts.

    A text that is not in force `today` says so.
    """
    hits, near = found["hits"], found.get("near_misses", ())
    if not hits:
        return NOTHING_NARROWED if is_narrowed else NOTHING
    if "near_misses" not in found:
        return "\n".join(line for hit in hits for line in (_head(hit, _told(hit, today)), _text(hit)))
    finders = {name: None for hit in (*hits, *near) for name in hit["found_by"]}
    lines = [line for hit in hits for line in (_head(hit, _dates(hit)), _legs(hit, finders), _text(hit))]
    if near:
        lines += ["", f"― {NEAR} ―"]
    for hit, reason in zip(near, reasons, strict=True):
        lines += [_head(hit, _dates(hit)), _legs(hit, finders), INDENT + reason, _text(hit)]
    lines += ["", counts(len(hits), len(near), found["audiences"], found["coverage"])]
    return "\n".join([*lines, *filter(None, [idle([name for name in FINDERS if name not in finders])])])


def _head(hit: Mapping[str, Any], told: str) -> str:
    return f"{hit['rank']:>2}. {total(hit['score'])} {page.place(hit['title'], hit['locator'])}（{told}）"


def _told(hit: Mapping[str, Any], today: date) -> str:
    """Return by what a text was found, behind a mark where it is not in force today."""
    found_by = "・".join(map(leg, in_order(hit["found_by"])))
    start, end = (date.fromisoformat(hit[name]) if hit[name] else None for name in ("effective_from", "effective_to"))
    return "。".join(filter(None, (not_in_force(start, end, today), found_by)))


def _dates(hit: Mapping[str, Any]) -> str:
    return f"{page.KINDS[hit['kind']]}、{iso_period(hit['effective_from'], hit['effective_to'], hit['kind'])}"


def _text(hit: Mapping[str, Any]) -> str:
    again = "、".join(page.place(each["title"], each["locator"]) for each in hit.get("repeated_in", ()))
    return INDENT + " ".join(hit["text"].split())[:SHORT_TEXT] + (f"\n{INDENT}{REPEATED}: {again}" if again else "")


def _legs(hit: Mapping[str, Any], finders: Iterable[str]) -> str:
    """Return the legs of a hit in the order in which they are read, then those that did not find it."""
    given = "、".join(f"{leg(name)} {score(name, hit['legs'][name])}" for name in in_order(hit["legs"]))
    absent = "・".join(leg(name) for name in in_order(finders) if name not in hit["legs"])
    return f"{INDENT}{given}" + (f"　{NOT_FOUND}: {absent}" if absent else "")
