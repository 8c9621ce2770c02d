"""What is said before texts go to an embedding model."""

from __future__ import annotations

from rag.domain import EmbeddingLoad

YES = "送る量が設定 embedding.ask_above_tokens を超えても、埋め込みモデルに送ります"
CUT = "長すぎる文章があり、ベクトルは先頭の部分だけで作りました（語と文字では全文を探します）。"


def amount(load: EmbeddingLoad, cost: float | None, price: float) -> str:
    """Return how much goes out, with its cost where the price is known."""
    told = f"文章 {load.texts:,} 件、約 {load.tokens:,} トークン"
    return told if cost is None else f"{told}（100万トークン {price:g} 米ドルとして、約 {_dollars(cost)} 米ドル）"


def sending(model: str, told: str) -> str:
    """Return the line before they are sent."""
    return f"埋め込みモデル {model} に、{told}を送ります。"


def would_send(model: str, told: str, *, limit: int) -> str:
    """Return the line of a dry run; a limit of 0 is not passed."""
    line = f"取り込むと、埋め込みモデル {model} に、{told}を送ります。"
    return f"{line}{limit:,} トークンを超えるので、--yes が要ります。" if limit else line


def unconfirmed(model: str, told: str, *, limit: int) -> str:
    """Return the refusal to send so much unasked."""
    return (
        f"埋め込みモデル {model}: 送る量が、{told}になり、設定 embedding.ask_above_tokens（{limit:,}）を超えます。"
        "まだ何も送っていません（語と文字では探せます）。送ってよければ、--yes を付けて、もう一度実行してください。"
    )


def progress(made: int, every: int) -> str:
    """Return the line while vectors are made."""
    return f"ベクトルを作っています: {made:,}/{every:,}"


def _dollars(cost: float) -> str:
    return f"{cost:.2f}" if cost >= 0.1 else f"{cost:.4f}"
