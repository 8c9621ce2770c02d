"""The words of drafts: the command, its report, its files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag.assembly.item import Severity
from rag.assembly.sheet import RECUT
from rag.settings import ChatSettings

if TYPE_CHECKING:
    from ui.drafting import Load, Outcome

DRAFT = "質問通告の1問ごとに、出典のある答弁案を書き、漏れ・整合・数値・表現を確かめます"
NOTICE = "質問通告（.xlsx .csv .docx .txt）"
OUT = "答弁書（Word）と一覧（Excel）を置くフォルダ"
SITTING = "議会の名前（通告にあるときは省けます）"
DAY = "質問の日（指定がなければ、通告にある質問日か今日）"
STANCE = "姿勢（推進・現状維持・慎重。指定がなければ現状維持。通告に列があれば、そちらが先です）"
OVERVIEW = "一覧.xlsx"
REPORT = "朝の報告"
OUTDATED = (
    "担当者が直した案なので、そのまま残しています。もとにした資料か姿勢が、直したときと変わっています。"
    "画面の「答弁案」で開き、「直して確かめる」で確かめ直してください。"
)
NOT_HIS = "閲覧権限のない資料をもとにした案がすでにあるため、作り直さずに残しました。権限のある人が作り直してください。"
EDITED_ELSEWHERE = "ほかの人が先に直したため、保存していません。新しい案を読んでから、もう一度直してください。"


def cannot_write(path: Path, reason: str) -> str:
    """Return what is said of a folder that cannot be used."""
    return f"{path}: 使えません（{reason}）。書き込める場所を --out で指定してください。"


def unexpected(name: str, log: str) -> str:
    """Return what is said of an item that failed for a reason that nobody foresaw."""
    where = f"詳しい記録は {log} にあります。" if log else ""
    return f"予期しない不具合です（{name}）。{where}この問いだけ、手で書いてください。"


def warning(message: str) -> str:
    """Return a warning about the notice as one line."""
    return f"注意: {message}"


def begins(items: int, kept: int, writer: str) -> str:
    """Return the line before the first item."""
    how = "過去の答弁の文で組み立てます（言語モデルは使いません）" if writer == RECUT else f"{writer} で書きます"
    before = f"うち {kept} 問は、前回から変わりがないので、そのまま使います。" if kept else ""
    return f"{items} 問の答弁案を、{how}。{before}"


def load(load: Load, chat: ChatSettings) -> str:
    """Return what is about to be sent to a language model, with its price where one is set."""
    dollars = (
        load.input_tokens * chat.price_per_million_input_tokens
        + load.output_tokens * chat.price_per_million_output_tokens
    ) / 1_000_000
    price = f"、料金は多くて {dollars:,.2f} ドル" if dollars else ""
    return f"言語モデルに送る見積り: {load.items} 問、入力 {load.input_tokens:,} トークン、出力は多くて {load.output_tokens:,} トークン{price}。"


def batch_progress(done: int, every: int) -> str:
    """Return the line while a batch is on its way."""
    return f"一括の依頼を待っています（{done}/{every}）。止めても、同じ命令で続きから受け取ります。"


def progress(done: int, every: int, last: str) -> str:
    """Return the line that shows how far it is."""
    return f"答弁案 {done}/{every} {last}"


def failed(name: str, reason: str) -> str:
    """Return the line of an item that could not be drafted."""
    return f"{name}: 書けませんでした。{reason}"


def report(outcomes: Sequence[Outcome], out: str) -> str:
    """Return the morning report: how many, and every red item with what is to be done."""
    written = [each for each in outcomes if each.sheet]
    red = [each for each in written if each.sheet and each.sheet.has_red]
    kept = sum(each.is_kept for each in outcomes)
    lines = [
        f"【{REPORT}】{len(outcomes)} 問: 案のあるもの {len(written)}（うち前回のまま {kept}）、要対応 {len(red)}、書けなかったもの {len(outcomes) - len(written)}",
        f"  答弁書と一覧は {out} にあります（一覧は {OVERVIEW}）。",
    ]
    for each in red:
        lines.append(f"要対応 {each.id}（{each.file}）")
        lines += [
            f"  {found.check.value}: {found.message}"
            for found in (each.sheet.findings if each.sheet else ())
            if found.severity is Severity.RED
        ]
    lines += [f"残した案 {each.id}（{each.file}）: {OUTDATED}" for each in outcomes if each.is_outdated]
    lines += [failed(each.id, each.reason) for each in outcomes if not each.sheet]
    return "\n".join(lines)
