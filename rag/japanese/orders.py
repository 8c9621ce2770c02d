"""Texts that give orders to a machine that answers, told from rules that give orders to the staff."""

from __future__ import annotations

import html
import re

from rag.japanese.text import normalise
from rag.japanese.words import fold

_ANSWERS = r"(?:answer|reply|response|sentence)"
_SAYS = r"(?:print|say|output|echo)"
_ORDERS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:これまで|以前|上記|先|前)の(?:全ての|すべての)?(?:指示|命令|ルール|規則|質問)[^。]{0,20}(?:無視|無効|忘れ|従わ|urlエンコード)",
        r"あなたは[^。]{0,20}(?:ai|アシスタント|モデル)|システムプロンプト|system (?:prompt|message|note)",
        (
            r"ai(?:アシスタント|モデル|システム)?(?:への指示(?:として|(?![^。:」】]{0,12}[にをはも]))|へ[::]|向け(?:の?(?:注記|指示|命令)|[::]))"
            r"|ai[はが、]?[^。]{0,20}指示を優先|(?:アシスタント|回答者|回答作成者|回答システム)(?:は[、,]|への|に告ぐ)"
        ),
        r"回答(?:中に|の(?:先頭|冒頭|末尾|最後))[^。]{0,40}(?:こと|せよ|記載|出力|表示|のみ)",
        r"回答(?:は|には)[^。]{0,30}(?:(?:のみ|だけ)(?!で(?:行|受|提出|差し支え|足り))|空文字|出力|表示|[a-z]+[0-9]+[a-z0-9]*)",
        r"(?:要約|引用|回答|出力)する(?:際|場合|とき)は?、?[^。]{0,20}(?:末尾|先頭|冒頭|文末|語尾)に",
        r"(?:引用|出典)[^。]{0,20}[「『][^」』]+[」』]と(?:表示|引用|記載)|「[^」]+」と引用",
        r"(?:語尾|文末)に[^。]{0,20}[付つ]けて",
        r"と(?:だけ|のみ)?(?:回答|答え|出力|復唱|書け)(?:せよ|よ|しろ|ること|すること|てください|してください|$)",
        r"(?:忽略|无视|無視)[^。]{0,15}(?:说明|指示|指令)|지시[^.]{0,10}무시",
        (
            r"(?:ignore|disregard|forget)[^.]{0,30}(?:instruction|rubric|visible text|rules)"
            rf"|only (?:correct )?{_ANSWERS}|every {_ANSWERS}|(?:reply|respond|answer) (?:only )?with"
        ),
        rf"\b{_SAYS} [a-z]*[0-9]|cite (?:this|as\b)|#\s*instruction|\bsystem_prompt|decode and follow|読み実行せよ",
        r"答弁[案書]?[^。]{0,20}(?:書き換え|置き換え)|「[^」]+」を(?:全て|すべて)?「[^」]+」に(?:書き換え|置き換え|読み替えて(?:書|答))",
        r"として「[^」]+」を(?:加え|追加|挿入)|(?:矛盾|誤り|食い違い|漏れ)を指摘しない(?:こと|で)|\bdraft (?:reply|answer|response)",
        r"[行文語][^。]{0,12}回(?:以上)?繰り?返|repeat (?:the|this)[^.]{0,30}times",
        rf"\b{_ANSWERS} (?:to|for) (?:any|every|all)\b|supersedes? all",
        "search tool",
    )
)
"""Words by which a text speaks to a machine that answers; a rule speaks to the staff."""
_MARKUP = re.compile(r"<[a-z/!|]|!\[|\{\{|\$\{")
"""What a page or a template would run: no sentence of a rule, whatever stands beside it."""
_DISGUISED = re.compile(r"(?:これまで|いぜん|うえ)のしじ[^。]{0,20}(?:むし|むこう|わすれ)|ignore.{0,20}instructions")
"""The same in kana or with gaps between the letters."""


def gives_orders(text: str) -> bool:
    """Tell whether a text talks to a machine that answers, rather than to the staff; such a one is no answer and no proof."""
    return bool(_MARKUP.search(normalise(html.unescape(text)))) or says_orders(text)


def says_orders(text: str) -> bool:
    """Tell whether a text gives orders in words: what stands in one line with them may belong to them."""
    flat = normalise(html.unescape(text))
    return any(pattern.search(flat) for pattern in _ORDERS) or bool(_DISGUISED.search("".join(fold(flat).split())))
