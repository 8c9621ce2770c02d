"""The words beside an answer, where its source is open."""

from __future__ import annotations

TITLE = "原文"
GONE = "この文書は、取り下げられたか、閲覧範囲が変わりました。必要なときは、所管課か管理者に確かめてください。"
ANSWER_IS_OLD = "引用した文書が、答えたあとに変わりました。もう一度質問して、いまの内容を確かめてください。"
MARKED = {
    "answer": "黄色の部分が、答えに引用した箇所です。",
    "pairs": "黄色の部分から始まります。",
    "hits": "黄色の部分が、見つかった箇所のうち、質問の語をいちばん多く含む文です。",
    "draft": "黄色の部分が、引用した箇所です。",
}
"""By what the source stands beside."""
NOT_MARKED = "引用した箇所を、この原文の中で示せませんでした。全体を読んで確かめてください。"
CHANGED = "引用したあとに文書が変わりました。いまの文書の同じ箇所を表示しています。"
FILE_GONE = "取り込んだときのファイルが元の場所にないか、中身が変わったため、ページの画像は出せません。取り込んだ文字で表示します。"
REFERRED = "この条が指している規定を見る"
AROUND = "前後の部分も見る"
RIGHT = "これが正しい出典だった"
RIGHT_SAVED = "正しい出典として記録しました。"
WHOLE = "文書全体を開く"
CLOSE = "原文を閉じる"
DEPARTMENT = "所管"
PERIOD = "施行期間"
DAY = "会議の日"
PLACE = "所在"
FILE = "ファイル"


def picture(title: str, page: int, *, is_boxed: bool) -> str:
    """Return what a page's picture shows, for those who do not see it."""
    boxed = "引用した箇所を黄色で囲んでいます。" if is_boxed else ""
    return f"{title} {page}ページの画像。{boxed}引用した箇所の文字は上にあります。"
