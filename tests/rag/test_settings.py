"""Settings: the file of the home, then the environment, and a name for everything that does not fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.settings import FINDINGS, Settings, load_settings


def load(home: Path, text: str | None = None, **environment: str) -> Settings:
    if text is not None:
        (home / "settings.toml").write_text(text, encoding="utf-8")
    return load_settings(home, environment)


def complaint(home: Path, text: str | None = None, **environment: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(home, text, **environment)
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith("ください。")
    return message


def test_without_a_file_the_packaged_defaults_hold(tmp_path: Path) -> None:
    assert load(tmp_path) == load(tmp_path / "ない") == Settings()


def test_the_file_of_the_home_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    settings = load(tmp_path, "[chat]\nmodel = 'gpt-x'\n")
    assert settings.chat.model == "gpt-x"
    assert settings.model_copy(update={"chat": Settings().chat}) == Settings()


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        "[chat]\nmodel = 'gpt-x'\n",
        KOTAE_CHAT__MODEL="gpt-y",
        KOTAE_CHAT__USE_RESPONSES_API="true",
        KOTAE_SEARCH__WORDS_WEIGHT="0.5",
        KOTAE_LEVELS__ORDER="3, 2, 1",
    )
    assert (settings.chat.model, settings.chat.use_responses_api, settings.search.words_weight) == ("gpt-y", True, 0.5)
    assert settings.levels.order == ("3", "2", "1")


def test_the_name_of_the_home_and_the_variables_of_others_are_no_settings(tmp_path: Path) -> None:
    assert load(tmp_path, KOTAE_HOME="/共有", OPENAI_API_KEY="sk-x", PATH="/bin") == Settings()


def test_settings_cannot_be_changed_after_they_were_read(tmp_path: Path) -> None:
    settings = load(tmp_path)
    with pytest.raises(ValueError, match="frozen"):
        settings.chat.model = "gpt-x"


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("[chat]\nmodell = 'x'", "設定 chat.modell"),
        ("[chatt]\nmodel = 'x'", "設定 chatt"),
        ("model = 'x'", "設定 model"),
        ("chat = 'x'", "設定 chat: 値 'x' は使えません（[ ] で始まる節です）"),
        ("[chat]\nprovider = 'x'", "設定 chat.provider"),
        ("[chat]\nattempts = 0", "設定 chat.attempts: 値 0 は使えません（1 以上です）"),
        ("[chat]\nattempts = 21", "設定 chat.attempts: 値 21 は使えません（20 以下です）"),
        ("[chat]\nattempts = 1.5", "（整数です）"),
        ("[chat]\nmodel = 5", "（文字です）"),
        ("[chat]\nuse_responses_api = 'はい'", "（true か false です）"),
        ("[chat]\ntimeout_seconds = 0", "（0 より大きい数です）"),
        ("[chat]\ntimeout_seconds = inf", "（有限の数です）"),
        ("[levels]\norder = '1'", "（並びです）"),
        ("[levels]\norder = []", "設定 levels.order"),
        ("[levels]\norder = ['2', '1', '']", "設定 levels.order"),
        ("[levels]\norder = ['2', '1', '2']", "設定 levels.order"),
    ],
)
def test_a_wrong_key_or_value_is_named_in_japanese(tmp_path: Path, text: str, finding: str) -> None:
    message = complaint(tmp_path, text)
    assert finding in message
    assert str(tmp_path / "settings.toml") in message
    assert "Input should" not in message


@pytest.mark.parametrize("data", [b"[chat", "[chat] # \u8a2d\u5b9a".encode("cp932"), b"\xff\xfe"])
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "settings.toml").write_bytes(data)
    assert "設定ファイルを読めません" in complaint(tmp_path)


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_a_file_that_cannot_be_read_is_not_taken_for_none(tmp_path: Path, kind: str) -> None:
    if kind == "folder":
        (tmp_path / "settings.toml").mkdir()
    else:
        (tmp_path / "settings.toml").symlink_to(tmp_path / "ない")
    assert "設定ファイルを読めません" in complaint(tmp_path)


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes("[chat]\nmodel = 'gpt-x'\n".encode("utf-8-sig"))
    assert load(tmp_path).chat.model == "gpt-x"


OLD = """[levels]\nschemes = { "旧" = { "3" = "3A", "2" = "2", "1" = "1" } }\n"""


def test_schemes_and_folder_rules_of_the_home_are_read(tmp_path: Path) -> None:
    rules = OLD + "[[labels.folders]]\npath = '例規/**'\nlevel = '3'\nscheme = '旧'\naudience = ['人事課']\n"
    (rule,) = load(tmp_path, rules).labels.folders
    assert (rule.path, rule.level, rule.scheme, rule.audience) == ("例規/**", "3", "旧", ("人事課",))


def test_a_table_may_be_stated_by_a_variable(tmp_path: Path) -> None:
    found = load(tmp_path, KOTAE_LABELS__FOLDERS='[{ path = "例規/**", level = "2" }]')
    assert found.labels.folders[0].level == "2"
    assert "設定 labels.folders: " in complaint(tmp_path, KOTAE_LABELS__FOLDERS="例規/**")


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (
            "[[labels.folders]]\npath = '**'\ndepartmnet = '総務課'\n",
            "設定 labels.folders.1番目.departmnet: この名前の設定は",
        ),
        ("[[labels.folders]]\nlevel = '1'\n", "設定 labels.folders.1番目.path: "),
        ("[[labels.folders]]\npath = ''\n", "設定 labels.folders.1番目.path: "),
        (
            "[[labels.folders]]\npath = '**'\nlevel = '3'\n",
            "設定 labels.folders.1番目.level: 「3」は使えません（3A、3B",
        ),
        (
            "[[labels.folders]]\npath = '**'\nlevel = 1\n",
            "設定 labels.folders.1番目.level: 値 1 は使えません（文字です）",
        ),
        (
            "[[labels.folders]]\npath = '**'\nscheme = '古い'\n",
            "設定 labels.folders.1番目.scheme: 「古い」という読み替えの表は levels.schemes にありません",
        ),
        (
            "[levels]\nschemes = { '旧' = { '3' = '3D' } }\n",
            "設定 levels: schemes の「旧」: 3D は levels.order にありません",
        ),
        ("[levels]\nschemes = { '旧' = { '3' = '2', '2' = '3C' } }\n", "どの区分も下げないようにします"),
        ("[levels]\nschemes = { '旧' = { '3A' = '3B' } }\n", "どの区分も下げないようにします"),
        ("[levels]\nschemes = { '旧' = '3A' }\n", "設定 levels.schemes.旧: "),
    ],
)
def test_a_rule_or_scheme_that_does_not_fit_is_named(tmp_path: Path, text: str, finding: str) -> None:
    assert finding in complaint(tmp_path, text)


@pytest.mark.parametrize("name", ["KOTAE_MODEL", "KOTAE_CHAT_MODEL", "KOTAE_"])
def test_a_variable_that_names_no_section_is_named(tmp_path: Path, name: str) -> None:
    assert f"環境変数 {name}" in complaint(tmp_path, **{name: "x"})


@pytest.mark.parametrize(
    ("name", "key"),
    [("KOTAE_CHAT__MODELL", "chat.modell"), ("KOTAE_CHATT__MODEL", "chatt"), ("KOTAE_CHAT__A__B", "chat.a__b")],
)
def test_a_variable_that_names_no_key_is_named(tmp_path: Path, name: str, key: str) -> None:
    assert f"設定 {key}" in complaint(tmp_path, **{name: "x"})


def test_a_variable_cannot_repair_a_section_that_is_none(tmp_path: Path) -> None:
    assert "設定 chat" in complaint(tmp_path, "chat = 'x'", KOTAE_CHAT__MODEL="gpt-x")


def test_a_value_under_a_wrong_name_is_not_shown(tmp_path: Path) -> None:
    """A key that was written into the file by mistake stays unsaid."""
    assert "sk-geheim" not in complaint(tmp_path, "[chat]\napi_key = 'sk-geheim'\n")


def test_every_finding_is_said_in_japanese() -> None:
    assert all("です" in text or text == "{error}" for text in FINDINGS.values())
