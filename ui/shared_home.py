"""What all sessions of one web server share: the home, opened once, and who uses it."""

from __future__ import annotations

import threading
from pathlib import Path

from rag.domain import Reader
from rag.safety.directory import find_reader
from rag.settings import Settings, load_settings
from rag.wiring import Home, home_path, open_home


class SharedHome:
    """A home that is opened when the first session needs it; one object serves many threads."""

    def __init__(self, path: Path, user: str | None) -> None:
        """Take the home's folder and the user of the directory file; None: the local administrator."""
        self.path = path
        self._user = user
        self._lock = threading.Lock()
        self._home: Home | None = None

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
