"""Open the databases of the catalogue and the journal, bring their schemas up to date, turn vendors' errors into ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    URL,
    Column,
    Connection,
    Engine,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from rag.errors import BusyError, HomeError, StorageError

Row = dict[str, Any]

WRITES: Final = "kotae_writes"
"""Execution option of a connection whose transactions take the write lock at once."""
_WAIT_SECONDS: Final = 30
_UPGRADE_KEY: Final = 0x6B6F746165
"""Advisory lock of PostgreSQL under which only one process upgrades."""
_BUSY: Final = "ほかの処理が{name}に書き込み中です。終わってから、もう一度実行してください。"
_FULL: Final = "ディスクがいっぱいで、{name}に書き込めません。空きを作ってから、もう一度実行してください。"
_UNWRITABLE: Final = "{name}を開けないか、書き込めません（{detail}）。フォルダーの権限と空き容量を確かめてください。"
_SQLITE_FINDINGS: Final[tuple[tuple[str, type[StorageError], str], ...]] = (
    ("SQLITE_BUSY", BusyError, _BUSY),
    ("SQLITE_LOCKED", BusyError, _BUSY),
    ("SQLITE_READONLY", HomeError, _UNWRITABLE),
    ("SQLITE_CANTOPEN", HomeError, _UNWRITABLE),
    ("SQLITE_PERM", HomeError, _UNWRITABLE),
    ("SQLITE_FULL", HomeError, _FULL),
    ("SQLITE_IOERR", HomeError, _UNWRITABLE),
    ("SQLITE_CORRUPT", StorageError, "{broken}"),
    ("SQLITE_NOTADB", StorageError, "{broken}"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The tables of one store; two stores may share a database."""

    name: str
    """What a person calls the store."""
    file: str
    """Its SQLite file in the home."""
    versions: tuple[str, ...]
    """Every schema version that this product knows, oldest first; the modules in the versions of `scripts` say the same."""
    scripts: Path
    version_table: str
    wait_seconds: float
    """How long SQLite waits for another writer; nobody's question may wait long for the journal."""
    broken: str
    """What is said of a broken file; {detail} is what the database says."""


CATALOGUE: Final = Schema(
    name="台帳",
    file="catalogue.sqlite3",
    versions=("v0001", "v0002", "v0003", "v0004"),
    scripts=Path(__file__).resolve().parent / "migrations",
    version_table="alembic_version",
    wait_seconds=30,
    broken="台帳が壊れています（{detail}）。"
    "バックアップから戻すか、このファイルを別の場所に移して、もう一度取り込んでください。",
)
JOURNAL: Final = Schema(
    name="利用記録",
    file="journal.sqlite3",
    versions=("j0001", "j0002"),
    scripts=Path(__file__).resolve().parent / "journal_migrations",
    version_table="journal_version",
    wait_seconds=5,
    broken="利用記録が壊れています（{detail}）。"
    "バックアップから戻すか、このファイルを別の場所に移して、もう一度開いてください。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """An open database with an up-to-date schema."""

    engine: Engine
    writer: Engine
    """The same database; its transactions take the write lock at once."""
    subject: str
    """How messages name the place."""
    schema: Schema

    def file_number(self) -> int:
        """Return the number that the system gives the SQLite file; 0: it is gone, or the store is in another database."""
        try:
            return Path(self.engine.url.database or "").stat().st_ino if self.engine.dialect.name == "sqlite" else 0
        except OSError:
            return 0

    def reopen(self) -> None:
        """Let go of every connection and bring the schema of what lies there now up to date; raises StorageError."""
        self.engine.dispose()
        with self.translated():
            _upgrade(self)

    def translated(self) -> AbstractContextManager[None]:
        """Raise our errors in place of the database's inside the block."""
        return translated(self.subject, self.schema)


def open_store(home: Path, url: str, schema: Schema) -> Store:
    """Return a database on an up-to-date schema; raises StorageError.

    An empty url means SQLite in the home, which is made when it is missing.
    """
    place = _place(home, url, schema)
    subject = str(home / schema.file) if not url else place.render_as_string(hide_password=True)
    with translated(subject, schema):
        engine = _engine(place, schema)
    store = Store(engine=engine, writer=engine.execution_options(**{WRITES: True}), subject=subject, schema=schema)
    try:
        with store.translated():
            _upgrade(store)
    except BaseException:
        engine.dispose()
        raise
    return store


@contextmanager
def translated(subject: str, schema: Schema) -> Iterator[None]:
    """Raise our errors in place of the database's; their text holds no row and no password."""
    try:
        yield
    except SQLAlchemyError as error:
        raise _ours(subject, schema, error) from error


def upsert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, each in place of the one with its primary key."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    if changed:
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), list(rows))
    else:
        connection.execute(statement.on_conflict_do_nothing(index_elements=keys), list(rows))


def _place(home: Path, url: str, schema: Schema) -> URL:
    if not url:
        try:
            home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HomeError(
                f"{home}: ホームのフォルダーを作れません（{error.strerror}）。"
                "書き込める場所を --home か環境変数 KOTAE_HOME で指定してください。"
            ) from error
        return URL.create("sqlite+pysqlite", database=str(home / schema.file))
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


def _engine(place: URL, schema: Schema) -> Engine:
    if place.get_backend_name() == "postgresql":
        return create_engine(place.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    engine = create_engine(place, connect_args={"timeout": min(_WAIT_SECONDS, schema.wait_seconds)})
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


def _upgrade(store: Store) -> None:
    schema = store.schema
    with store.engine.connect() as connection:
        version = _version(connection, schema)
    if version == schema.versions[-1]:
        return
    if version is not None and version not in schema.versions:
        raise StorageError(
            f"{store.subject}: 新しい版のこたえが作った{schema.name}です（版 {version}）。"
            "こたえを新しい版にしてから、もう一度実行してください。"
        )
    with store.writer.begin() as connection:
        if store.engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_KEY})
        _run_migrations(connection, schema)


def _version(connection: Connection, schema: Schema) -> str | None:
    """Return the schema's version; None for a new database."""
    if not inspect(connection).has_table(schema.version_table):
        return None
    versions = Table(schema.version_table, MetaData(), Column("version_num", Text))
    return connection.execute(select(versions.c.version_num)).scalar()


def _run_migrations(connection: Connection, schema: Schema) -> None:
    # Importing alembic takes half a second that only a new or an old catalogue needs.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(schema.scripts).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["version_table"] = schema.version_table
    command.upgrade(config, schema.versions[-1])


def _ours(subject: str, schema: Schema, error: SQLAlchemyError) -> StorageError:
    original = error.orig if isinstance(error, DBAPIError) else error
    detail = (str(original).strip().splitlines() or [type(original).__name__])[0]
    code = getattr(original, "sqlite_errorname", "")
    for prefix, kind, finding in _SQLITE_FINDINGS:
        if code.startswith(prefix):
            told = finding.format(name=schema.name, detail=detail, broken=schema.broken.format(detail=detail))
            return kind(f"{subject}: {told}")
    if isinstance(error, OperationalError | InterfaceError):
        return StorageError(
            f"{subject}: データベースにつながらないか、応答がありません（{detail}）。"
            "データベースが動いているか、設定 storage.catalogue_url を確かめてください。"
        )
    return StorageError(
        f"{subject}: {schema.name}の操作に失敗しました（{type(original).__name__}: {detail}）。"
        "kotae doctor で状態を確かめてください。"
    )
