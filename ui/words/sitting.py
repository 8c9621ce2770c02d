"""The words of the screen 会議録."""

from __future__ import annotations

from datetime import date

from ui.words import page

TITLE = "会議録"
LEAD = "会議録と会議要旨を、質問と答弁の組で読めます。あなたが閲覧できるものだけを表示しています。"
NONE = "会議録と会議要旨はまだありません。kotae ingest フォルダ で取り込んでください。"
CHOOSE = "会議（新しい順）"
POST = "答弁者"
MEMBER = "質問者"
WORDS = "話題・語でさがす"
NO_MATCH = "あてはまる組はありません。しぼりこみをゆるめてください。"
UNPAIRED = "この文書では、質問と答弁の組を見つけられませんでした。全体は「文書」の画面で読めます。"
WHOLE = "文書全体を開く"
UNCERTAIN = "対応は確かでありません"
CHECK = "この答弁がこの質問への答えかどうかは、確かではありません。「原文」を開いて、前後を確かめてください。"
WRITTEN = "文書質問"


def sitting(title: str, day: date | None) -> str:
    """Return which sitting on which day."""
    return f"{title}（{day.isoformat()}）" if day else title


def counts(*, count: int, uncertain: int, unanswered: int) -> str:
    """Return how many questions were brought together with their answers, and what is left open."""
    unsure = f"（うち、対応の確かでないもの {uncertain}件）" if uncertain else ""
    return f"質問と答弁の組 {count}件{unsure}、答弁の見つからない質問 {unanswered}件"


def narrowed(pairs: int, left: int) -> str:
    """Return how many of them the filter leaves."""
    return f"しぼりこみ: 組 {pairs}件、答弁の見つからない質問 {left}件"


def member(name: str, party: str) -> str:
    """Return who asked: '想定健議員・みほん創生会'."""
    return "・".join(filter(None, (name, party)))


def first(text: str, characters: int) -> str:
    """Return how a text begins."""
    return text if len(text) <= characters else f"{text[:characters]}…"


def asked(who: str) -> str:
    """Return the heading of a question."""
    return f"問　{who}" if who else "問"


def answered(post: str, speaker: str) -> str:
    """Return the heading of an answer."""
    name = f"（{speaker}）" if speaker and post and speaker != post else ""
    return f"答　{post or speaker}{name}"


def stands(number: int | None, lines: str, *, locator: str = "") -> str:
    """Return where a passage stands: '令和7年9月定例会 9月17日 知事、p.3、88〜90行'; empty where nothing says it."""
    first_line, _, last_line = lines.partition("-")
    shown = f"{first_line}〜{last_line}行" if last_line else f"{first_line}行"
    return "、".join(filter(None, (locator, page.mark(number) if number else "", shown if lines else "")))


def open_pair(number: int) -> str:
    """Return the label of the way to an answer's source."""
    return f"［{number}］原文"


def open_left(number: int) -> str:
    """Return the label of the way to a question that nobody answers."""
    return f"（{number}）原文"


def left_open(count: int) -> str:
    """Return the heading above them."""
    return f"答弁の見つからない質問（{count}件）"


def more(rest: int) -> str:
    """Return the label of the button that shows more pairs."""
    return f"続きを表示する（残り{rest}件）"
