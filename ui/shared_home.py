"""What all sessions of one web server share: the home, opened once, and who uses it."""

from __future__ import annotations

import threading
from pathlib import Path

from rag.domain import Reader
from rag.journal import Exchange
from rag.safety.directory import find_reader
from rag.settings import Settings, load_settings
from rag.wiring import Home, home_path, open_home
from ui.answering import Writing
from ui.draft_writing import DraftWriting
from ui.drafts import KeptDraft


class SharedHome:
    """A home that is opened when the first session needs it; one object serves many threads."""

    def __init__(self, path: Path, user: str | None) -> None:
        """Take the home's folder and the user of the directory file; None: the local administrator."""
        self.path = path
        self._user = user
        self._lock = threading.Lock()
        self._home: Home | None = None
        self._writings: dict[str, Writing] = {}
        self._draftings: dict[str, DraftWriting] = {}

    def home(self) -> Home:
        """Return the home, opened on the first call; raises KotaeError, and tries again the next time."""
        with self._lock:
            if self._home is None:
                self._home = open_home(self.path)
            return self._home

    def settings(self) -> Settings:
        """Return the settings without opening the home; raises SettingsError."""
        return self._home.settings if self._home is not None else load_settings(self.path)

    def reader(self) -> Reader:
        """Return who uses the page, as the directory file says now; raises DirectoryError."""
        return find_reader(self.path, self._user, levels=self.settings().levels.order)

    def write(self, exchange: Exchange) -> Writing:
        """Begin to answer a question, and remember it until that is over."""
        writing = Writing(exchange, lambda: (self.home(), self.reader()), home_path=self.path)
        with self._lock:
            self._writings = {key: each for key, each in self._writings.items() if not each.is_over}
            self._writings[exchange.id] = writing
        return writing

    def writing_of(self, exchange_id: str) -> Writing | None:
        """Return the answer that is on its way to a question, whichever page asked it; None: none is."""
        writing = self._writings.get(exchange_id)
        return None if writing is None or writing.is_over else writing

    def draft(self, draft: KeptDraft) -> DraftWriting:
        """Begin to draft what is not done of a notice; where that is on its way already, return it.

        One that still waits for the word, and was to draft otherwise (another stance), gives way.
        """
        with self._lock:
            running = self._draftings.get(draft.id)
            if running is not None and not running.progress.is_over:
                if not running.progress.estimate or running.draft == draft:
                    return running
                running.stop()
            writing = DraftWriting(draft, lambda: (self.home(), self.reader()), home_path=self.path)
            self._draftings[draft.id] = writing
            return writing

    def drafting_of(self, draft_id: str) -> DraftWriting | None:
        """Return the last run over a notice since the server was started; None: there was none."""
        return self._draftings.get(draft_id)

    def is_open(self) -> bool:
        """Tell whether the home has been opened."""
        return self._home is not None


_lock = threading.Lock()
_current: SharedHome | None = None


def share(path: Path, user: str | None) -> SharedHome:
    """Name the home that this process serves from now on."""
    global _current  # noqa: PLW0603 - Streamlit runs the page's script anew for each session: they share the process
    with _lock:
        _current = SharedHome(path, user)
        return _current


def shared_home() -> SharedHome:
    """Return what this process serves; the home of the environment when no command has named one."""
    return _current or share(home_path(None), None)
