"""The words of the screen 答弁案."""

from __future__ import annotations

from collections.abc import Sequence

from rag.assembly.fields import in_era, in_minutes
from rag.assembly.item import AnswerPart
from rag.assembly.sheet import SheetStatus
from ui.words.page import place

__all__ = ["in_era", "in_minutes", "place"]

TITLE = "答弁案"
LEAD = "質問通告を取り込み、1問ごとに出典のある答弁案を作り、漏れ・整合・数値・表現を確かめて、答弁書（Word）にします。"
IMPORT = "質問通告（Excel・CSV・Word・テキスト）"
READING = "質問通告を読んでいます…"
WARNINGS = "読み取りで気づいたこと（作る前に確かめてください）"
ITEMS = "読み取った質問"
ITEMS_HEAD = ("番号", "質問者", "答弁者", "質問", "姿勢")
SITTING = "議会の名前"
DAY = "質問の日"
STANCE = "姿勢"
STANCE_HELP = "通告に姿勢の列がある質問は、そちらが先です。"
MAKE = "すべての答弁案を作る"
REST = "残りを作る・作り直す"
REST_HELP = "まだない案と、もとの資料が変わった案だけを作ります。担当者が直した案はそのまま残します。"
GO_ON = "この見積りで作る"
DO_NOT = "やめる"
STOP = "ここで止める"
STOP_HELP = "作り始めた問いが終わったところで止めます。できた案は残り、「残りを作る・作り直す」で続きから作れます。"
KEPT = "取り込んだ通告（新しい順）"
KEPT_NONE = "まだありません。上で質問通告を選んでください。"
BACK = "通告の一覧に戻る"
BACK_TO_ITEMS = "問いの一覧に戻る"
STEPS = {"previous": "前の問い", "next": "次の問い"}
GONE = "この答弁案は見つかりません。一覧から選び直してください。"
PREPARING = "過去の答弁と資料をさがしています…"
RED_FIRST = "要対応を先に"
RED_ONLY = "要対応だけ"
NONE_RED = "要対応の問いはありません。"
ROWS = "問いの一覧（行を押すと、確かめた結果が開きます）"
COLUMNS = ("番号", "質問者", "答弁者", "主担当課", "質問", "状態", "時間")
LEGEND = "○ 指摘なし　△ 要確認　× 要対応　－ 確かめていない"
HIDDEN = "表示しません"
HIDDEN_WHY = "この案は、あなたが閲覧できない資料をもとにしているため、表示しません。"
EDITED = "直した案"
NOT_YET = "まだ作っていません。「残りを作る・作り直す」を押すと作ります。"
NO_FINDINGS = "機械の検査では指摘がありません。人が読んで確かめてください。"
QUESTION = "問"
BACKGROUND = "背景"
ANSWER = "答"
NO_ANSWER = "答弁の案がありません。「答弁を直す」から書いてください。"
CONFIRM = "要確認"
RED = "要対応"
NOTES = "案ができるまで"
PAST = "過去の答弁"
PAST_NONE = "同じ話題の過去の答弁は、取り込んだ会議録に見つかりませんでした。"
NO_DIFFERENCE = "差は人が確かめる"
FOLLOW_UPS = "想定再質問"
FOLLOW_UPS_NONE = "過去の質問からは見つかりませんでした。"
NO_FOLLOW_UP = "取り込んだ文書に答えがありません。担当課で用意してください。"
CHECKS = "確認欄"
EDIT = "答弁を直す"
STOP_EDITING = "直すのをやめる"
EDIT_LEAD = "文を直し、「直して確かめる」を押すと、引用した原文と照らし、すべての検査をやり直して、次の版として残します。空にした段落は消えます。"
CONFIRMED = "確かめた（要確認を外す）"
NEW_PART = "足す段落の種類"
NEW_TEXT = "足す段落（要らなければ空のまま）"
SAVE = "直して確かめる"
CHECKING = "原文と照らして確かめています…"
UNCHANGED = "直したところがありません。"
WORD = "答弁書（Word）"
BOOK = "一覧（Excel）"
ALL = "すべて（zip）"
ZIP = "答弁案.zip"
TEMPLATE = "答弁書のひな形（Word）"
TEMPLATE_HELP = "Wordで様式を変え、sheet_template.docx の名前でホームに置くと、答弁書がその様式になります。差し込める名前はREADME.ja.mdにあります。"
PARTS = {
    AnswerPart.RESTATEMENT: "質問の確認",
    AnswerPart.VIEW: "認識",
    AnswerPart.PRESENT: "経過・現状",
    AnswerPart.ISSUES: "課題",
    AnswerPart.ACTION: "取組・理由",
    AnswerPart.RESOLVE: "決意",
}
TONES = {
    SheetStatus.NOT_WRITTEN: "none",
    SheetStatus.RED: "bad",
    SheetStatus.TO_CONFIRM: "fair",
    SheetStatus.DRAFTED: "good",
}
FACTS = {
    "sitting": "議会・日",
    "member": "質問者",
    "answerer": "答弁者",
    "office": "主担当課",
    "time": "読む時間",
    "version": "版",
    "model": "作り方",
}
CONFIRM_SHOWN = "本文に「要確認」とあるところと印のあるところは、人が確かめてから使います。"
UNKNOWN = "（未定）"


def cannot_keep(reason: str) -> str:
    """Return what is said where a notice cannot be kept."""
    return f"答弁案を置けません（{reason}）。ホームのディスクの空きと書き込みの許可を確かめてください。"


def unread(folders: Sequence[str]) -> str:
    """Return what is said where kept notices cannot be read; they are named by their folders alone."""
    return (
        f"取り込んだ通告のうち {len(folders)} 件は、壊れているか、別の版で書かれたもので、読めません。一覧には出しません（消してはいません）。"
        f"管理者が、ホームの drafts フォルダの次のものを、控えから戻すか、書いた版で開いてください：{'、'.join(folders)}"
    )


def hidden_item(name: str) -> str:
    """Return the line of an item that is left out of an overview."""
    return f"{name}: {HIDDEN_WHY}"


def read(name: str, items: int) -> str:
    """Return what was read of a file."""
    return f"「{name}」から {items} 問を読み取りました。"


def open_draft(number: int) -> str:
    """Return the label of the button that opens the drafts of a notice."""
    return f"［{number}］開く"


def open_item(number: int) -> str:
    """Return the label of the button that opens a sheet."""
    return f"［{number}］開く"


def open_place(kind: str, number: int) -> str:
    """Return the label of the button that opens a source of the answer, a past answer or the other side of a finding."""
    return {"source": "［{}］原文", "past": "過去{}の原文", "finding": "指摘{}の原文"}[kind].format(number)


def counted(items: int, done: int, red: int) -> str:
    """Return how far the drafts of a notice are."""
    return f"{items}問のうち案のあるもの {done}、要対応 {red}"


def kept(day: str, name: str, department: str, made_at: str) -> str:
    """Return who took a notice in, when, for which day."""
    whose = f"{department} {name}".strip()
    return f"質問の日 {day}・{whose}・取り込み {made_at}"


def progress(done: int, every: int, last: str) -> str:
    """Return how far a run is."""
    return f"答弁案を作っています（{done}/{every}）{last} 画面を離れても続きます。"


def bar(done: int, every: int) -> str:
    """Return what the bar of a run shows, for those who do not see it."""
    return f"{every}問のうち{done}問ができました"


def finished(every: int, failed: int) -> str:
    """Return what is said when a run is over."""
    more = f"書けなかったものが {failed} 問あります。行を押すと理由が出ます。" if failed else ""
    return f"{every}問を終えました。{more}"


def stopped(done: int, every: int, *, is_ordered: bool) -> str:
    """Return what is said when somebody stopped a run."""
    told = f"{every}問のうち{done}問で止めました。できた案は残っています。「{REST}」を押すと、続きから作ります。"
    order = "一括の依頼は接続先で続いていて、料金もかかります。続きから作ると、その結果を受け取ります。"
    return f"{told}{order}" if is_ordered else told


def failed(reason: str) -> str:
    """Return why an item has no draft."""
    return f"書けませんでした。{reason}"


def more(rest: int) -> str:
    """Return the label of the button that lists more items."""
    return f"続きを表示する（残り{rest}件）"


def paragraph(number: int, part: AnswerPart) -> str:
    """Return the label of a paragraph that is edited."""
    return f"第{number}段落（{PARTS[part]}）"


def confirmed(number: int) -> str:
    """Return the label of the switch by which a person takes a mark away."""
    return f"第{number}段落を{CONFIRMED}"


def saved(version: int) -> str:
    """Return what is said when an edited answer was kept."""
    return f"第{version}版として残しました。"


def in_paragraph(number: int | None) -> str:
    """Return where in the answer a finding is; empty: in all of it."""
    return "" if number is None else f"（第{number + 1}段落）"


def both(ours: str, theirs: str) -> str:
    """Return the words of both sides of a finding."""
    return f"この案「{ours}」／相手「{theirs}」" if theirs else f"この案「{ours}」"


def version(number: int, made_at: str) -> str:
    """Return which version it is."""
    return f"第{number}版（{made_at}）"


def spoken(seconds: int, characters: int) -> str:
    """Return how long an answer takes to read."""
    return f"{in_minutes(seconds)}（{characters:,}字）"
