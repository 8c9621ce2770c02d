"""The words about arguments: those of the help, and those for what argparse finds wrong."""

from __future__ import annotations

import re

USAGE = "使い方: "
ARGUMENTS = "引数"
OPTIONS = "オプション"
HELP = "この説明を出します"

_FINDINGS = (
    (r"the following arguments are required: (.+)", r"\1 がありません"),
    (r"unrecognized arguments: (.+)", r"\1 は使えません"),
    (r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)", r"\1 に \2 は使えません。\3 のどれかです"),
    (r"argument (.+?): not allowed with argument (.+)", r"\1 は \2 といっしょには使えません"),
    (r"argument (.+?): expected (?:one|at least one) argument", r"\1 に値がありません"),
    (r"argument (.+?): ignored explicit argument (.+)", r"\1 に値 \2 は付けられません"),
    (r"ambiguous option: (.+?) could match (.+)", r"\1 では \2 のどれか分かりません"),
    (r"argument (.+?): (.+)", r"\1: \2"),
)
"""What argparse says → how we say it."""


def wrong_usage(program: str, message: str) -> str:
    """Return what is wrong with the arguments, as one line."""
    said = " ".join(message.split())
    for pattern, replacement in _FINDINGS:
        if found := re.fullmatch(pattern, said):
            said = found.expand(replacement)
            break
    return f"{program}: 使い方が違います（{said}）。{program} --help で使い方を見られます。"
