"""The words of the web server."""

from __future__ import annotations

NAME = "こたえ"
SERVE = "画面を開きます（この端末のブラウザだけから使えます）"
PORT = "待ち受けるポート（既定は8501）"
FOREIGN = "この画面は、この端末のブラウザで http://localhost を開いたときだけ使えます。\n"
STOPPED = "画面を終わりました。"
STREAMLIT = {
    "Skip to main content": "本文へ移る",
    "App pages": "画面",
    "Send message": "質問を送る",
    "Choose date": "日付を選ぶ",
    "No results": "あてはまるものがありません",
    "No options to select": "選べるものがありません",
    "Choose an option": "選んでください",
    "Choose options": "選んでください",
    "Clear all": "すべて消す",
    "Selected values": "選んだもの",
    "Clear value": "消す",
    "Close": "閉じる",
    "Open": "開く",
    "Copy to clipboard": "写す",
    "Copied": "写しました",
    "Fullscreen": "大きく表示する",
    "Close fullscreen": "元の大きさに戻す",
    "Upload": "ファイルを選ぶ",
    "Add files": "別のファイルに替える",
    "Drag and drop a file here": "ここにファイルを落とします",
    "20MB per file": "20MBまで",
    "• XLSX, CSV, DOCX, TXT": "（XLSX・CSV・DOCX・TXT）。ここに落としても読めます",
    "File must be 20MB or smaller.": "20MBより大きいファイルは読めません",
    "Previous month": "前の月",
    "Next month": "次の月",
    "Press Enter to apply": "Enterで確定します",
    "Press Ctrl+Enter to apply": "Ctrl+Enterで確定します",
    "Press Enter to submit form": "Enterで送ります",
    "Press Ctrl+Enter to submit form": "Ctrl+Enterで送ります",
    "Press ⌘+Enter to submit form": "⌘+Enterで送ります",
    "Running...": "処理中です",
    "Connecting": "つないでいます",
    "CONNECTING": "つないでいます",
    "Stop": "止める",
    "Connection error": "画面とのつながりが切れました",
    "Connection failed": "画面とのつながりが切れました",
    "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:": (
        "こたえが止まっているようです。次の命令で動かし直してから、このページを読み込み直してください。"
        "質問と答えは「これまでの質問」に残っています。"
    ),
    "streamlit run yourscript.py": "./x run",
}
"""What Streamlit says by itself → what we say. Only whole texts are replaced (ui/page.js)."""


def port_taken(port: int, detail: str) -> str:
    """Return what to do when the port cannot be had."""
    return (
        f"ポート {port}: 使えません（{detail}）。ほかの「こたえ」が動いているなら http://localhost:{port} を開いてください。"
        "動いていなければ、別の番号（例: --port 8502）を指定してください。"
    )


def opened(url: str, user: str, home: str) -> str:
    """Return what is said when the page can be opened."""
    return (
        f"画面の準備ができました。ブラウザで {url} を開いてください。\n"
        f"  この端末からだけ使えます（ほかの端末からはつながりません）。利用者は「{user}」1人です。ホーム: {home}\n"
        "  終わるには、ここで Ctrl+C を押します。"
    )
