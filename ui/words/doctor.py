"""The words of the doctor's findings."""

from __future__ import annotations

from collections.abc import Mapping

PYTHON = "Python 3.11 以上を入れてください（Debian: apt-get install python3 python3-venv）。"
SETTINGS = "設定"
DISK = "空き容量"
DISK_REMEDY = "1 GiB 以上空けてください。"
HOME = "ホーム"
HOME_REMEDY = "書き込める場所を --home で指定してください。"
SEE_DETAIL = "上の説明のとおりに直してください。"
CATALOGUE = "台帳"
INDEXES = "索引"
INDEXES_REMEDY = "kotae ingest を実行すると、台帳に追いつきます。"
EMBEDDING = "埋め込み"
VECTORS = "ベクトル"
VECTORS_REMEDY = "kotae ingest を実行すると、足りないベクトルを作り、いまの設定の索引に切り替えます。"
CHAT = "回答の作成方法"
TOKENS = "トークンの数え方"

EMBEDDERS = {
    "e5": "同梱の文章モデル。通信しません",
    "chive": "同梱の語ベクトル。通信しません",
    "openai": "外部のモデル",
    "azure": "外部のモデル",
}

PROGRAMS = {
    "soffice": ("古い形式（doc・xls・ppt）の読み取り", "libreoffice-writer-nogui libreoffice-calc-nogui"),
    "tesseract": ("画像だけのPDFの文字認識", "tesseract-ocr-jpn tesseract-ocr-jpn-vert"),
    "chromium": ("画面の試験", "chromium fonts-noto-cjk"),
    "postgres": ("台帳をPostgreSQLに置くこと", "postgresql"),
    "node": ("ログインの試験", "nodejs npm"),
}


def weights(search: Mapping[str, object]) -> str:
    """Return the weights of the search legs, as a sign of what is in force."""
    names = {"words_weight": "語", "characters_weight": "文字", "vectors_weight": "ベクトル"}
    return "検索の重み " + "、".join(f"{name} {search[key]}" for key, name in names.items())


def embedder(provider: str, name: str) -> str:
    """Return which embedder is set, and whether it works inside this machine."""
    return f"{name}（{EMBEDDERS[provider]}）"


def documents(count: int) -> str:
    """Return how many documents are there."""
    return f"文書 {count} 件"


def revisions(reached: int, wanted: int) -> str:
    """Return how far the indexes are."""
    return f"台帳の変更番号 {wanted}、索引の変更番号 {reached}"


def missing(purpose: str) -> str:
    """Return what is not possible without a program."""
    return f"ありません（{purpose}に使います）"


def install(package: str) -> str:
    """Return how to install it."""
    return f"./x system（Debian: apt-get install {package}）"


def vectors(served: str, configured: str, lacking: int) -> str:
    """Return whose vectors serve, and how many units still lack one of the settings' embedder."""
    whose = f"{served} のものを使っています"
    if served != configured:
        whose += f"（設定は {configured}）"
    return f"{whose}。ベクトルのない検索単位 {lacking} 件" if lacking else whose
