"""One browser session without a browser: the page's WebSocket protocol, and the page as it stands after each run.

A browser tells the server which large messages it already holds (`cached_message_hashes`) and then gets only references
to them. This client tells nothing: every message comes whole, so that its bytes can be searched.
"""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

STREAM = "/_stcore/stream"
LARGEST_MESSAGE = 64 << 20
_TAG = re.compile(r"<[^>]*>")


class ProtocolError(Exception):
    """The server sent what no browser would understand."""


@dataclass(slots=True)
class Screen:
    """What stands on the page: the elements by their place, in the order of reading when sorted."""

    elements: dict[tuple[int, ...], Element] = field(default_factory=dict)
    drawn: set[tuple[int, ...]] = field(default_factory=set)
    """Places that the run in progress has drawn."""
    page_script_hash: str = ""
    crash: str = ""
    """Why the script could not be run; empty: it could."""

    def take(self, message: ForwardMsg) -> bool:
        """Change the page as the message says; True: a chain of runs has come to its end."""
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            raise ProtocolError("a reference to a message that this client never claimed to hold")
        if kind == "new_session":
            self.page_script_hash = message.new_session.page_script_hash
            self.drawn = set()
        elif kind == "delta":
            self._draw(tuple(message.metadata.delta_path), message.delta)
        elif kind == "session_event" and message.session_event.HasField("script_compilation_exception"):
            self.crash = message.session_event.script_compilation_exception.message
        elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:  # else the run was of a part of the page
                self.elements = {place: element for place, element in self.elements.items() if place in self.drawn}
            return True
        return False

    def _draw(self, place: tuple[int, ...], delta: Delta) -> None:
        if delta.WhichOneof("type") == "new_element":
            self.elements[place] = delta.new_element
            self.drawn.add(place)
        elif delta.WhichOneof("type") == "add_block":
            self.elements.pop(place, None)

    def html(self) -> list[str]:
        """Return the pieces of our own HTML in the order of reading."""
        return [element.html.body for element in self._ordered() if element.WhichOneof("type") == "html"]

    def labels(self) -> list[str]:
        """Return what stands on the buttons, in the order of reading."""
        return [element.button.label for element in self._ordered() if element.WhichOneof("type") == "button"]

    def alerts(self) -> list[str]:
        """Return what the page says went wrong: our own alerts, Streamlit's, exceptions, a script that did not run."""
        found = [self.crash] if self.crash else []
        for element in self._ordered():
            kind = element.WhichOneof("type")
            if kind == "html" and 'role="alert"' in element.html.body:
                found.append(plain(element.html.body))
            elif kind == "exception":
                found.append(f"{element.exception.type}: {element.exception.message}")
            elif kind == "alert":
                found.append(element.alert.body)
        return found

    def chat_input(self) -> str:
        """Return the id of the box that takes questions; raises ProtocolError where there is none."""
        for element in self._ordered():
            if element.WhichOneof("type") == "chat_input":
                return element.chat_input.id
        raise ProtocolError(f"the page has no box for a question; it says {self.alerts() or 'nothing'}")

    def _ordered(self) -> list[Element]:
        return [self.elements[place] for place in sorted(self.elements)]


@dataclass(slots=True)
class Visitor:
    """A connected session; every message goes past `witness` as it came in, byte by byte."""

    connection: ClientConnection
    witness: Callable[[bytes], None]
    screen: Screen = field(default_factory=Screen)

    async def load(self) -> None:
        """Open the page and wait until it stands still."""
        await self._run(BackMsg())

    async def ask(self, question: str) -> None:
        """Send a question through the box and wait until its answer is whole."""
        message = BackMsg()
        state = message.rerun_script.widget_states.widgets.add(id=self.screen.chat_input())
        state.chat_input_value.data = question
        await self._run(message)

    async def linger(self, seconds: float) -> None:
        """Take in what comes without having been asked for."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    self._take(await self.connection.recv())
        except TimeoutError:
            return

    async def _run(self, message: BackMsg) -> None:
        state = message.rerun_script
        state.page_script_hash = self.screen.page_script_hash
        state.context_info.timezone = "Asia/Tokyo"
        state.context_info.locale = "ja-JP"
        await self.connection.send(message.SerializeToString())
        while not self._take(await self.connection.recv()):
            pass

    def _take(self, received: bytes | str) -> bool:
        if isinstance(received, str):
            raise ProtocolError("text where a protocol buffer belongs")
        self.witness(received)
        return self.screen.take(ForwardMsg.FromString(received))


@asynccontextmanager
async def visit(url: str, witness: Callable[[bytes], None]) -> AsyncIterator[Visitor]:
    """Connect to the page at this address as its own script in a browser would, and load it."""
    address = f"ws://{urlsplit(url).netloc}{STREAM}"
    async with connect(
        address,
        origin=Origin(url),
        subprotocols=[Subprotocol("streamlit")],
        max_size=LARGEST_MESSAGE,
        max_queue=None,
        open_timeout=60,
        ping_timeout=None,
        proxy=None,
    ) as connection:
        visitor = Visitor(connection, witness)
        await visitor.load()
        yield visitor


def plain(markup: str) -> str:
    """Return HTML as a person reads it."""
    return html.unescape(_TAG.sub("", markup))
