"""Open the catalogue's database, bring its schema up to date, and turn its vendors' errors into ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from rag.errors import BusyError, HomeError, StorageError

FILE: Final = "catalogue.sqlite3"
VERSIONS: Final = ("v0001",)
"""Every schema version this product knows, oldest first; the modules in migrations/versions say the same."""
WRITES: Final = "kotae_writes"
"""Execution option of a connection whose transactions take the write lock at once."""
_MIGRATIONS: Final = Path(__file__).resolve().parent / "migrations"
_WAIT_SECONDS: Final = 30
_UPGRADE_KEY: Final = 0x6B6F746165
"""Advisory lock of PostgreSQL under which only one process upgrades."""
_BUSY: Final = "ほかの処理が台帳に書き込み中です。終わってから、もう一度実行してください。"
_FULL: Final = "ディスクがいっぱいで、台帳に書き込めません。空きを作ってから、もう一度実行してください。"
_BROKEN: Final = (
    "台帳が壊れています（{detail}）。"
    "バックアップから戻すか、このファイルを別の場所に移して、もう一度取り込んでください。"
)
_UNWRITABLE: Final = "台帳を開けないか、書き込めません（{detail}）。フォルダーの権限と空き容量を確かめてください。"
_SQLITE_FINDINGS: Final[tuple[tuple[str, type[StorageError], str], ...]] = (
    ("SQLITE_BUSY", BusyError, _BUSY),
    ("SQLITE_LOCKED", BusyError, _BUSY),
    ("SQLITE_READONLY", HomeError, _UNWRITABLE),
    ("SQLITE_CANTOPEN", HomeError, _UNWRITABLE),
    ("SQLITE_PERM", HomeError, _UNWRITABLE),
    ("SQLITE_FULL", HomeError, _FULL),
    ("SQLITE_IOERR", HomeError, _UNWRITABLE),
    ("SQLITE_CORRUPT", StorageError, _BROKEN),
    ("SQLITE_NOTADB", StorageError, _BROKEN),
)


def open_engine(home: Path, url: str) -> tuple[Engine, str]:
    """Return an engine on an up-to-date schema and the name for messages; raises StorageError.

    An empty url means SQLite in the home, which is made when it is missing.
    """
    place = _place(home, url)
    subject = str(home / FILE) if not url else place.render_as_string(hide_password=True)
    with translated(subject):
        engine = _engine(place)
    try:
        with translated(subject):
            _upgrade(engine, subject)
    except BaseException:
        engine.dispose()
        raise
    return engine, subject


@contextmanager
def translated(subject: str) -> Iterator[None]:
    """Raise our errors in place of the database's; their text holds no row and no password."""
    try:
        yield
    except SQLAlchemyError as error:
        raise _ours(subject, error) from error


def _place(home: Path, url: str) -> URL:
    if not url:
        try:
            home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HomeError(
                f"{home}: ホームのフォルダーを作れません（{error.strerror}）。"
                "書き込める場所を --home か環境変数 KOTAE_HOME で指定してください。"
            ) from error
        return URL.create("sqlite+pysqlite", database=str(home / FILE))
    try:
        place = make_url(url)
    except ArgumentError as error:
        raise StorageError(
            "設定 storage.catalogue_url: データベースのURLとして読めません。"
            "postgresql+psycopg://利用者@ホスト/データベース の形にしてください。"
        ) from error
    if place.get_backend_name() not in {"sqlite", "postgresql"}:
        raise StorageError(
            f"設定 storage.catalogue_url: {place.get_backend_name()} は使えません。"
            "空（SQLite）か postgresql+psycopg://… にしてください。"
        )
    return place


def _engine(place: URL) -> Engine:
    if place.get_backend_name() == "postgresql":
        return create_engine(place.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    engine = create_engine(place, connect_args={"timeout": _WAIT_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transaction control begins late and commits around DDL: it is off, `_begin_sqlite` begins.
    connection.isolation_level = None
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once when another writer came between.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _upgrade(engine: Engine, subject: str) -> None:
    with engine.connect() as connection:
        version = _version(connection)
    if version == VERSIONS[-1]:
        return
    if version is not None and version not in VERSIONS:
        raise StorageError(
            f"{subject}: 新しい版のこたえが作った台帳です（版 {version}）。"
            "こたえを新しい版にしてから、もう一度実行してください。"
        )
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_KEY})
        _run_migrations(connection)


def _version(connection: Connection) -> str | None:
    """Return the schema's version; None for a new database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _run_migrations(connection: Connection) -> None:
    # Importing alembic takes half a second that only a new or an old catalogue needs.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _ours(subject: str, error: SQLAlchemyError) -> StorageError:
    original = error.orig if isinstance(error, DBAPIError) else error
    detail = (str(original).strip().splitlines() or [type(original).__name__])[0]
    code = getattr(original, "sqlite_errorname", "")
    for prefix, kind, finding in _SQLITE_FINDINGS:
        if code.startswith(prefix):
            return kind(f"{subject}: {finding.format(detail=detail)}")
    if isinstance(error, OperationalError | InterfaceError):
        return StorageError(
            f"{subject}: データベースにつながらないか、応答がありません（{detail}）。"
            "データベースが動いているか、設定 storage.catalogue_url を確かめてください。"
        )
    return StorageError(
        f"{subject}: 台帳の操作に失敗しました（{type(original).__name__}: {detail}）。"
        "kotae doctor で状態を確かめてください。"
    )
