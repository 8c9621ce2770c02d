"""The words of the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ui.words import page as words_of_page
from ui.words import sitting
from ui.words.versions import chain_lines, iso_period

DESCRIPTION = "こたえ（Kotae）: 庁内の規程・会議録から、出典を確かめた答えを出します。"
COMMANDS = "コマンド"
HOME = "ホームのフォルダ（既定は環境変数 KOTAE_HOME、なければ .kotae）"
AS_USER = "利用者名簿のだれとして使うか"
JSON = "結果をJSONで1つだけ標準出力に出します"
INTERRUPTED = "中断しました。同じコマンドをもう一度実行すると、続きから進みます。"

INGEST = "ファイルやフォルダを取り込みます（2度目は変わったものだけ）"
INGEST_PATHS = "ファイルかフォルダ"
INGEST_LABEL = "ラベルのCSV（path,title,department,level,audience,…）"
INGEST_DRY = (
    "取り込まずに、何が変わるかだけを調べます（外部の埋め込みモデルを使うときは、送る量を数えるために読みます）"
)
INGEST_WATCH = "取り込んだあとも待ち、変わるたびに取り込みます（Ctrl+Cで終わります。--json では1回ごとに1行）"
WATCHING = "変わるのを待っています。終わるには Ctrl+C を押してください。"
WATCHED = "待つのをやめました。"
DOCUMENTS = "取り込んだ文書の一覧・中身・版の比較・取り下げ"
DOCUMENTS_SHOW = "1つの文書の中身を見ます"
DOCUMENTS_COMPARE = "2つの版を比べ、変わった条を新旧で並べます"
NEWER_ID = "新しいほうの文書の番号"
DOCUMENTS_REMOVE = "文書を取り下げます（そのファイルを改めて取り込むまで戻りません）"
DOCUMENT_ID = "文書の番号（kotae documents で分かります）"
SEARCH = "検索だけを行います"
QUESTION = "質問の文"
TOP = "出す件数"
AS_OF = "いつの時点か（2026-11-23、令和8年11月23日 など。既定は今日）"
KIND = "文書の種類（複数指定できます）"
EXPLAIN = "どの手がかりが何点で見つけたか、次点（もう少しで入らなかったもの）に何が足りないかも出します"
SITTING = "会議録・会議要旨のうち、この会議の発言だけ（令和5年9月定例会、令和6年第3回定例会、去年の9月議会、予算特別委員会 など）"
POST = "会議録・会議要旨のうち、この職の人の発言だけ（知事、総務部長、部長 など）"
MEMBER = "会議録・会議要旨のうち、この議員・委員の発言と、その質問への答弁だけ（姓か氏名）"
SINCE = "会議録・会議要旨のうち、この日・月・年・年度から後の発言だけ（2023-04-01、令和5年度 など）"
UNTIL = "会議録・会議要旨のうち、この日・月・年・年度までの発言だけ（その日を含みます）"
SINCE_AFTER_UNTIL = "--since が --until より後です。日付を入れ替えて、もう一度実行してください。"
ASK = "質問に、出典を確かめた答えを出します"
CHOICES = "次のどれかで質問してください"
AFTER = "前の質問（続きの質問を、これを受けて読みます。古い順に何度でも指定できます）"
ASK_USAGE = "質問の文か、--batch FILE と --out FILE の組の、どちらか一方を指定してください"
BATCH = "質問のJSONL（1行に id と question）"
OUT = "結果を書くファイル"
VERIFY = "ほかで書かれた答えを、取り込んだ文書と照らします"
VERIFY_QUESTION = "（質問の記載なし）"
VERIFY_FILE = "ask --json の形の答え（JSON）"
DOCTOR = "ここで何が使え、何が足りないかを調べます"
CODES = "状態・種類・問題の符号の一覧を出します"

PARTS = {
    "conclusion": "結論",
    "basis": "根拠",
    "procedure": "手続",
    "exceptions": "例外・注意",
    "contact": "問い合わせ先",
    "as_of": "確認時点",
}
STATUSES = {
    "answered": "答えました",
    "partial": "一部だけ答えました（確かめられなかった文は外しました）",
    "declined_no_evidence": "お答えできません: 取り込んだ文書に、根拠になる記載が見つかりません",
    "declined_out_of_scope": "お答えできません: 庁内の規程・会議録で扱う事柄ではありません",
    "declined_personal": "お答えできません: 個人に関することは、文書からは答えません",
    "declined_unsupported": "お答えできません: 書いた答えを、文書で裏づけられませんでした",
    "clarify": "もう少し教えてください",
    "failed_model": "言語モデルから答えを受け取れませんでした",
}
KINDS = {
    "rules": "規程",
    "minutes": "会議録",
    "answers": "答弁書",
    "faq": "FAQ",
    "notes": "会議要旨",
    "plain": "その他",
}
STATES = {"active": "検索できます", "withdrawn": "取り下げ", "quarantined": "読めていません"}
READ_EARLIER = "前に読み取った内容です"
NONE = "該当なし"
COUNTS = {
    "added": "追加",
    "changed": "変更",
    "renamed": "名前変更",
    "removed": "削除",
    "unchanged": "変わりなし",
    "failed": "読み取り失敗",
}


def error(message: str) -> str:
    """Return an error as one line."""
    return "エラー: " + " ".join(message.split("\n"))


def warning(message: str) -> str:
    """Return a warning as one line."""
    return f"注意: {message}"


def unexpected(name: str, log: str) -> str:
    """Return the line for an error that nobody foresaw."""
    where = f"詳しい記録は {log} にあります。" if log else ""
    return error(f"予期しない不具合です（{name}）。{where}kotae doctor で状態を確かめ、管理者に知らせてください。")


def waiting_for(message: str) -> str:
    """Return the line for a run that waits until another process has written."""
    return f"待っています: {message}"


def stopped(left: int) -> str:
    """Return the line after a run that was stopped."""
    return f"途中で止めました。残り {left} 件は、次の取り込みで続きから進みます。"


def ingest_progress(done: int, every: int, name: str, *, per_minute: float | None, minutes_left: float | None) -> str:
    """Return the line shown while files are read; a pace of None is not known yet."""
    pace = [] if per_minute is None else [f"毎分 {per_minute:,.0f} 件" if per_minute >= 1 else "毎分 1 件未満"]
    if minutes_left is not None:
        pace.append(f"残り{_duration(minutes_left)}")
    return f"取り込み {done}/{every}" + (f"（{'、'.join(pace)}）" if pace else " ") + name


def _duration(minutes: float) -> str:
    if minutes < 1:
        return "1分未満"
    if minutes < 60:
        return f"約{minutes:.0f}分"
    return f"約{minutes / 60:.1f}時間"


def ingest_report(report: Mapping[str, Any]) -> str:
    """Return what a run did."""
    counts = "、".join(f"{name} {len(report[key])}" for key, name in COUNTS.items())
    size = f"文書 {report['documents']} 件、検索単位 {report['chunks']} 件、{report['seconds']:.1f} 秒"
    lines = [f"取り込みました: {counts}（{size}）"]
    lines += [f"  読めません: {each['reason']}" for each in report["failed"]]
    lines += [f"  取り下げ中: {path}" for path in report["withdrawn"]]
    lines += [
        f"  版の交替: {each['path']} は {each['effective_to']} の前日まで（次の版: {each['by']}）"
        for each in report["ended"]
    ]
    reasons: dict[str, list[str]] = {}
    for each in report["warnings"]:
        reasons.setdefault(each["reason"], []).append(each["path"])
    for reason, paths in reasons.items():
        more = f" ほか{len(paths) - 1}件" if len(paths) > 1 else ""
        lines.append(f"  注意: {paths[0]}{more}: {reason}")
    return "\n".join(lines)


def documents_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the list of documents."""
    if not rows:
        return "文書はまだありません。kotae ingest フォルダ で取り込んでください。"
    return "\n".join(
        f"{row['id']}  {KINDS[row['kind']]}  {row['title']}  {iso_period(row['effective_from'], row['effective_to'], row['kind'])}"
        f"  {row['department'] or '所管の指定なし'}  区分{row['level'] or 'なし'}  {row['chunks']}単位"
        + _state_mark(row)
        for row in rows
    )


def _state_mark(row: Mapping[str, Any]) -> str:
    if row["state"] != "active":
        return f"  【{STATES[row['state']]}】"
    return f"  【{READ_EARLIER}】" if row["reason"] else ""


def document_text(row: Mapping[str, Any]) -> str:
    """Return one document with its parts."""
    head = documents_table([row]) + f"\n{row['path']}"
    warnings = [f"注意: {each}" for each in row["warnings"]]
    if row["reason"]:
        warnings.append(f"理由: {row['reason']}{_tries(row)}")
    parts = [f"\n■ {part['locator'] or '（本文）'}\n{part['text']}" for part in row["sections"]]
    paired = [sitting.counts(**row["pairs"])] if "pairs" in row else []
    return "\n".join([head, *chain_lines(row), *paired, *warnings, *parts])


def _tries(row: Mapping[str, Any]) -> str:
    """Say how often a file was tried and when last, by the office's own clock; empty where it was not."""
    if not row["tried_at"]:
        return ""
    return f"（{row['attempts']}回、最後は {datetime.fromisoformat(row['tried_at']).astimezone():%Y-%m-%d %H:%M}）"


def withdrawn(title: str) -> str:
    """Return the line after a withdrawal."""
    return f"「{title}」を取り下げました。戻すには、そのファイルを kotae ingest に渡してください。"


def place(source: Mapping[str, Any]) -> str:
    """Return where a text stands; a locator that begins with the title (a sitting's) says it alone."""
    return words_of_page.place(str(source["title"]), str(source["locator"]))


def answer_text(answer: Mapping[str, Any]) -> str:
    """Return an answer in the order in which staff read it."""
    lines = [read_as(answer["read_as"])] if answer["read_as"] else []
    lines.append(f"【{STATUSES[answer['status']]}】")
    shown = answer["sentences"]
    lines += shown_lines(shown, answer["citations"])
    if not shown and answer["contact"] and not answer["choices"]:
        lines.append(f"お尋ね先: {office(answer['contact'])}")
    if answer["nearest"]:
        lines.append("近い文書: " + "、".join(map(place, answer["nearest"])))
    lines += [f"{CHOICES}:", *(f"  {choice}" for choice in answer["choices"])] if answer["choices"] else []
    lines += [f"※ {missing(answer['missing'])}"] if answer["missing"] else []
    lines += [f"※ {warning}" for warning in answer["warnings"]]
    return "\n".join(lines)


def shown_lines(sentences: Sequence[Mapping[str, Any]], citations: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the parts of an answer with what they cite."""
    lines = []
    for part, name in PARTS.items() if sentences else ():
        own = [each for each in sentences if each["part"] == part]
        lines.append(name)
        lines += [f"  {each['text']}{''.join(f'[{number}]' for number in each['citations'])}" for each in own] or [
            f"  {NONE}"
        ]
    if citations:
        lines.append("出典")
    for each in citations:
        page = f" {each['page']}ページ" if each["page"] else ""
        dates = iso_period(each["effective_from"], each["effective_to"])
        lines.append(f"  [{each['number']}] {place(each)}{page}（{dates}）\n      「{each['quote']}」")
    return lines


def missing(words: Sequence[str]) -> str:
    """Return what of a question an answer does not speak of."""
    named = "".join(f"「{word}」" for word in words)
    return f"質問にある{named}は、引いた箇所に出てきません。答えになっているかを、原文で確かめてください。"


def read_as(question: str) -> str:
    """Return how a question was read that leaned on the one before it."""
    return f"前の質問を受けて、「{question}」と読みました。"


def office(contact: Mapping[str, str]) -> str:
    """Return an office with its extension."""
    return contact["department"] + (f"（内線 {contact['extension']}）" if contact["extension"] else "")


def batch_done(done: int, skipped: int, failed: int, out: str) -> str:
    """Return the line after a batch."""
    return f"{done} 件に答え、{out} に書きました（済んでいた {skipped} 件、読めない行 {failed} 件）。"


def verify_text(sentences: Sequence[Mapping[str, Any]]) -> str:
    """Return the findings on an answer written elsewhere."""
    return "\n".join(
        f"{'○' if each['verified'] else '×'} {each['text']}"
        + (f"（{'、'.join(PROBLEMS[problem] for problem in each['problems'])}）" if each["problems"] else "")
        for each in sentences
    )


PROBLEMS = {
    "uncited": "出典がない",
    "unknown_citation": "出典の番号がない",
    "quote_not_found": "引用が原文にない",
    "clause_not_in_source": "条番号が原文にない",
    "figure_not_in_source": "数値が原文にない",
    "date_not_in_source": "日付が原文にない",
    "name_not_in_source": "名称が原文にない",
    "negation_flipped": "否定と肯定が逆",
    "obligation_flipped": "義務・許可・禁止が逆",
    "not_in_force": "その時点で施行されていない",
    "unsupported": "原文が裏づけていない",
}


def doctor_text(checks: Sequence[Mapping[str, Any]]) -> str:
    """Return the findings of the doctor."""
    lines = []
    for check in checks:
        mark = "○" if check["ok"] else ("×" if check["required"] else "△")
        lines.append(f"{mark} {check['name']}: {check['detail']}" + ("" if check["ok"] else f" → {check['remedy']}"))
    return "\n".join(lines)
