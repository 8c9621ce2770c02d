"""The words of the web server."""

from __future__ import annotations

NAME = "こたえ"
SERVE = "画面を開きます（この端末のブラウザだけから使えます）"
PORT = "待ち受けるポート（既定は8501）"
FOREIGN = "この画面は、この端末のブラウザで http://localhost を開いたときだけ使えます。\n"
STOPPED = "画面を終わりました。"


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
