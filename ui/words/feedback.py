"""The words of what staff say about an answer."""

from __future__ import annotations

ASK = "この答えは役に立ちましたか"
VERDICTS = {"helpful": "役に立った", "not_helpful": "役に立たなかった"}
REASONS = {
    "wrong": "内容が違う",
    "outdated": "古い規定で答えている",
    "incomplete": "足りない",
    "wrong_source": "出典が違う",
    "declined": "文書にあるのに答えなかった",
    "unclear": "分かりにくい",
    "other": "そのほか",
}
STATES = {"received": "受付", "reviewing": "確認中", "done": "対応済"}
REASON = "どこが足りませんでしたか（いくつでも）"
REASON_NONE = "選んでください"
COMMENT = "気づいたこと、正しい答え（任意。個人の名前や番号は書かないでください）"
RIGHT_SOURCE = "正しい出典（任意）"
RIGHT_SOURCE_NONE = "選ばない"
SEND = "送る"
CANCEL = "やめる"
CHANGE = "評価を変える"


def thanks(verdict: str, state: str) -> str:
    """Return what is said once it has been kept."""
    return f"「{verdict}」を受け付けました（いまの状態: {state}）。DX担当が確かめます。"
