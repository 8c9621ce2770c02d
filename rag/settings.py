"""settings.toml and the environment as one frozen Settings."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from rag.errors import SettingsError

PREFIX = "KOTAE_"
RESERVED = frozenset({"KOTAE_HOME"})
"""Environment names with the prefix that are not settings keys."""
TABLES = frozenset({("levels", "schemes"), ("labels", "folders")})
"""Settings that a variable states as in the file: [{...}] or {...}."""
PACKAGED = Path(__file__).resolve().parent.parent / "settings.toml"
"""The default settings file that travels with the product."""


FINDINGS = {
    "bool_parsing": "true か false です",
    "bool_type": "true か false です",
    "dict_type": "名前と値の表です",
    "finite_number": "有限の数です",
    "float_parsing": "数です",
    "float_type": "数です",
    "greater_than": "{gt:g} より大きい数です",
    "greater_than_equal": "{ge:g} 以上です",
    "int_from_float": "整数です",
    "int_parsing": "整数です",
    "int_type": "整数です",
    "less_than_equal": "{le:g} 以下です",
    "literal_error": "{expected} のどれかです",
    "missing": "必ず書く項目です",
    "model_type": "[ ] で始まる節です",
    "string_type": "文字です",
    "string_too_short": "空でない文字です",
    "tuple_type": "並びです",
    "value_error": "{error}",
}
"""pydantic's type of an error → what the value must be."""


class Section(BaseModel):
    """A table of settings.toml: frozen, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class StorageSettings(Section):
    """Where things are kept."""

    catalogue_url: str = ""
    """SQLAlchemy URL; empty means SQLite in the home."""


class LevelSettings(Section):
    """The ordered scheme of confidentiality levels."""

    order: tuple[str, ...] = ("3A", "3B", "3C", "2", "1")
    """Strictest first."""
    schemes: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Name of an older scheme → its levels, strictest first, each with the level of `order` that it counts as."""

    @field_validator("order")
    @classmethod
    def _check_order(cls, order: tuple[str, ...]) -> tuple[str, ...]:
        # An empty name is that of documents without a level, which only administrators read.
        if not order or not all(order) or len(set(order)) < len(order):
            raise ValueError("空でない、たがいに異なる名前を1つ以上並べます")
        return order

    @model_validator(mode="after")
    def _check_schemes(self) -> LevelSettings:
        for name, scheme in self.schemes.items():
            if unknown := [level for level in scheme.values() if level not in self.order]:
                raise ValueError(f"schemes の「{name}」: {unknown[0]} は levels.order にありません")
            places = [self.order.index(level) for level in scheme.values()]
            lowered = [old for old, level in scheme.items() if old in self.order and self._is_weaker(level, old)]
            if not scheme or places != sorted(places) or lowered:
                raise ValueError(f"schemes の「{name}」: 厳しいものから順に並べ、どの区分も下げないようにします")
        return self

    def names(self, scheme: str = "") -> dict[str, str]:
        """Return what may be written for a level, strictest first, with the level that it means."""
        own = self.schemes.get(scheme, {})
        return own | {level: level for level in self.order if level not in own}

    def _is_weaker(self, level: str, than: str) -> bool:
        return self.order.index(level) > self.order.index(than)


class FolderSettings(Section):
    """What holds for the files of a folder where labels.csv says nothing."""

    path: str = Field(min_length=1)
    """Pattern of paths inside a source, with '/': '*' inside a name, '**' for any number of folders."""
    source: str = ""
    """The folder that was given to ingest, its whole path or its name; empty: every source."""
    department: str = ""
    level: str = ""
    """In the scheme of this rule."""
    audience: tuple[str, ...] = ()
    scheme: str = ""
    """The older scheme in which levels of these files are written; empty: that of an earlier rule, else `levels.order`."""


class LabelSettings(Section):
    """Labels by folder."""

    folders: tuple[FolderSettings, ...] = ()
    """Where several fit, the last one that states a value counts."""


class IngestSettings(Section):
    """Reading and splitting files."""

    timeout_seconds: float = Field(default=60.0, gt=0)
    memory_mb: int = Field(default=1024, ge=128)
    file_mb: int = Field(default=200, ge=1)
    chunk_characters: int = Field(default=700, ge=200, le=4000)
    """A section longer than this is split at its 項, rows or sentences; one of these may be three times as long."""
    processes: int = Field(default=2, ge=1, le=64)
    refresh_documents: int = Field(default=50, ge=1, le=10_000)
    """So many documents are put into catalogue and word index together."""
    refresh_seconds: float = Field(default=30.0, gt=0)
    """So long a document that was read waits for others at most."""
    watch_seconds: float = Field(default=60.0, gt=0)
    """With --watch: how often the folders are looked through, for shares that do not tell of changes."""
    settle_seconds: float = Field(default=2.0, gt=0)
    """With --watch: for how long nothing may change before a run, so that no half-copied file is read."""
    attempts: int = Field(default=3, ge=1, le=100)
    """Runs in which a file is tried whose failure may pass (time, memory, a share that was away)."""


class EmbeddingSettings(Section):
    """The embedding model."""

    provider: Literal["e5", "chive", "openai", "azure"] = "e5"
    """e5 and chive work inside this machine."""
    model: str = "text-embedding-3-small"
    """Used by openai and azure only."""
    dimension: int = Field(default=1536, ge=1)
    """Used by openai and azure only."""
    base_url: str = ""
    api_version: str = ""
    """Azure only."""
    batch_size: int = Field(default=256, ge=1, le=2048)
    """Texts in a request; the API takes 2,048."""
    batch_tokens: int = Field(default=200_000, ge=1, le=300_000)
    """Tokens of all texts in a request; the API takes 300,000, and the count may be an estimate."""
    text_tokens: int = Field(default=8191, ge=1)
    """Tokens of one text; of a longer one the beginning is embedded."""
    requests_per_minute: int = Field(default=0, ge=0)
    """For documents, not for questions; 0: no limit of our own."""
    tokens_per_minute: int = Field(default=0, ge=0)
    """For documents, not for questions; 0: no limit of our own."""
    price_per_million_tokens: float = Field(default=0.02, ge=0)
    """US dollars, for the estimate before a run; 0: unknown, only tokens are told."""
    ask_above_tokens: int = Field(default=1_000_000, ge=0)
    """A run of ingest that would send more needs --yes; 0: none does."""
    timeout_seconds: float = Field(default=30.0, gt=0)
    attempts: int = Field(default=5, ge=1, le=20)


class SearchSettings(Section):
    """Legs and fusion."""

    words_weight: float = Field(default=0.3, ge=0)
    characters_weight: float = Field(default=0.4, ge=0)
    vectors_weight: float = Field(default=2.0, ge=0)
    """Weight of the vectors of a language model."""
    word_vectors_weight: float = Field(default=0.3, ge=0)
    """Weight in its place where the embedder only adds up word vectors (chive)."""
    coverage_weight: float = Field(default=1.0, ge=0)
    """Weight of the share of the question that a text speaks of."""
    topic_weight: float = Field(default=0.5, ge=0)
    """Weight of how near question and text are in topic, by their words as a whole."""
    sitting_weight: float = Field(default=0.25, ge=0, le=1)
    """What is added to the score (0 to 1) of a remark of the sitting, or of the time, that the question names."""
    post_weight: float = Field(default=0.12, ge=0, le=1)
    """The same for who answered (知事は), as far as the question names a post."""
    member_weight: float = Field(default=0.1, ge=0, le=1)
    """The same for who asked (想定議員の質問)."""
    role_weight: float = Field(default=0.08, ge=0, le=1)
    """The same for an answer where the question asks how something was answered, for a question where it asks what was asked."""
    judged: int = Field(default=50, ge=1, le=1000)
    """Of how many chunks, best first, that share is measured."""
    ranker: bool = True
    """Whether these are put into the order that `kotae eval train-ranker` has learned; as fused where nothing was."""
    asking_weight: float = Field(default=0.7, gt=0, le=1)
    """What a member's question counts beside the answer to it, where a question does not ask what members said."""
    procedure_weight: float = Field(default=0.5, gt=0, le=1)
    """What words count that only run a meeting."""
    expansions: int = Field(default=5, ge=0, le=20)
    """Neighbours that each word of a question takes from the vectors."""
    expansion_similarity: float = Field(default=0.5, gt=0, le=1)
    candidates: int = Field(default=100, ge=10, le=1000)
    """Chunks that each leg brings."""
    delta_share: float = Field(default=0.2, gt=0, le=1)
    """Share of the chunks that may live outside the vector generation before a new one is built."""


class ChatSettings(Section):
    """The chat model."""

    provider: Literal["extractive", "openai", "azure"] = "extractive"
    model: str = "gpt-4.1-mini"
    base_url: str = ""
    api_version: str = ""
    """Azure only."""
    temperature: float = Field(default=0.0, ge=0, le=2)
    timeout_seconds: float = Field(default=60.0, gt=0)
    attempts: int = Field(default=3, ge=1, le=20)
    output_tokens: int = Field(default=1500, ge=100)
    use_responses_api: bool = False
    price_per_million_input_tokens: float = Field(default=0.0, ge=0)
    """In dollars, for the estimate before many drafts; 0: it is not told."""
    price_per_million_output_tokens: float = Field(default=0.0, ge=0)
    shape: Literal["auto", "structured", "marked"] = "auto"
    """What the model is asked to write: structured text (JSON held to a schema), marked text, or what the endpoint can."""


class AnswerSettings(Section):
    """From hits to an answer."""

    question_characters: int = Field(default=2000, ge=100)
    """A longer question is refused."""
    evidence_count: int = Field(default=8, ge=1, le=50)
    evidence_tokens: int = Field(default=6000, ge=500)
    coverage: float = Field(default=0.6, ge=0, le=1)
    """Under this share of the question's words found in the evidence, the question is declined."""
    change_days: int = Field(default=60, ge=0, le=3650)
    """An answer warns of a cited clause that changed within so many days before the day asked for, or will within so many after."""


class DraftSettings(Section):
    """Drafts of assembly answers."""

    characters: int = Field(default=600, ge=50, le=5000)
    """About so long may an answer be; a longer one is told."""
    characters_a_minute: int = Field(default=300, ge=100, le=600)
    """How many characters are read in a minute."""
    minutes: float = Field(default=3.0, gt=0, le=60)
    """How long an answer may take to read, at most."""
    keep_paragraphs: bool = True
    """Whether no paragraph of an answer sheet, and no row of its tables, runs across two pages."""
    concurrency: int = Field(default=8, ge=1, le=64)
    """Requests to a language model at once."""
    batch: bool = False
    """Whether drafts go through the Batch API of OpenAI: within a day, at half the price."""
    poll_seconds: float = Field(default=20.0, gt=0)
    """How often it is asked how far a batch is."""


class EgressSettings(Section):
    """What may leave this machine."""

    level: str = "1"
    """The strictest level whose text may be sent to a language or embedding model outside."""


class Settings(Section):
    """Everything that can be set."""

    storage: StorageSettings = StorageSettings()
    levels: LevelSettings = LevelSettings()
    labels: LabelSettings = LabelSettings()
    ingest: IngestSettings = IngestSettings()
    embedding: EmbeddingSettings = EmbeddingSettings()
    search: SearchSettings = SearchSettings()
    chat: ChatSettings = ChatSettings()
    answer: AnswerSettings = AnswerSettings()
    draft: DraftSettings = DraftSettings()
    egress: EgressSettings = EgressSettings()

    @model_validator(mode="after")
    def _check_folders(self) -> Settings:
        for number, rule in enumerate(self.labels.folders):
            key = _key_of(("labels", "folders", number))
            if rule.scheme and rule.scheme not in self.levels.schemes:
                raise ValueError(f"{key}.scheme: 「{rule.scheme}」という読み替えの表は levels.schemes にありません")
            names = self.levels.names(rule.scheme)
            if rule.level and rule.level not in names:
                raise ValueError(f"{key}.level: 「{rule.level}」は使えません（{'、'.join(names)} のどれかです）")
        return self


def load_settings(home: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Read settings.toml of the home, else the packaged one, then KOTAE_SECTION__KEY; raises SettingsError."""
    path = home / "settings.toml"
    if not os.path.lexists(path):
        path = PACKAGED
    table = _read_table(path)
    for name, value in sorted((os.environ if environment is None else environment).items()):
        if name.startswith(PREFIX) and name not in RESERVED:
            _put(table, name, value)
    try:
        return Settings.model_validate(table)
    except ValidationError as error:
        raise SettingsError(_describe(error, path)) from error


def _read_table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        detail = str(error).replace("\n", " ")
        raise SettingsError(
            f"{path}: 設定ファイルを読めません（{detail}）。UTF-8のTOML形式に直してから、もう一度実行してください。"
        ) from error


def _put(table: dict[str, Any], name: str, value: str) -> None:
    section, separator, key = name.removeprefix(PREFIX).lower().partition("__")
    if not separator:
        raise SettingsError(
            f"環境変数 {name}: 設定の名前として読めません。KOTAE_SECTION__KEY の形（例: KOTAE_CHAT__MODEL）にしてください。"
        )
    parsed: Any = value
    if section == "levels" and key == "order":
        parsed = [part.strip() for part in value.split(",")]
    elif (section, key) in TABLES:
        parsed = _toml_value(value)
    # A section that the file writes as a plain value stays one, for the check to refuse it.
    if isinstance(keys := table.setdefault(section, {}), dict):
        keys[key] = parsed


def _toml_value(text: str) -> Any:
    """Read a value as it would stand in the file; what is none stays a text, for the check to refuse it."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _key_of(place: Sequence[str | int]) -> str:
    """Write the place of a setting; entries of a list are counted from 1, as people do."""
    return ".".join(f"{part + 1}番目" if isinstance(part, int) else part for part in place)


def _describe(error: ValidationError, path: Path) -> str:
    first = error.errors()[0]
    key = _key_of(first["loc"])
    if first["type"] == "extra_forbidden":
        return f"設定 {key}: この名前の設定はありません（{path} または環境変数）。綴りを確かめるか、その行を消してください。"
    if not key:  # a finding on how several settings fit together names them itself
        return f"設定 {first['ctx']['error']}。{path} または環境変数の値を直してください。"
    finding = FINDINGS.get(first["type"], first["msg"]).format(**first.get("ctx", {}))
    if first["type"] == "value_error" and isinstance(first["input"], dict):  # the whole section would be shown
        return f"設定 {key}: {finding}。{path} または環境変数の値を直してください。"
    return f"設定 {key}: 値 {first['input']!r} は使えません（{finding}）。{path} または環境変数の値を直してください。"
