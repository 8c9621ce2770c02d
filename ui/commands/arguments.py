"""Argument types of the command line."""

from __future__ import annotations

import argparse


def positive(text: str) -> int:
    """Read a whole number of at least 1."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} は1以上の整数ではありません")
    return int(text)


def filled(text: str) -> str:
    """Read a text that is not empty."""
    if not text.strip():
        raise argparse.ArgumentTypeError("空の文字は指定できません")
    return text.strip()
