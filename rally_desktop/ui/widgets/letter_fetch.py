"""Fetches what a message left in the mailbox, says how far it is, and stops when it is told to."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from rally_desktop.engine import receiving_files
from rally_desktop.engine.carriers import Carriers
from rally_desktop.model.store import Store
from rally_desktop.outside.mail.mailbox import Told
from rally_desktop.services import attachments
from rally_desktop.services.letters import Enclosed
from rally_desktop.ui.desk import Desk

Found = TypeVar("Found")


class Stopped(Exception):
    """Somebody no longer wants what was being fetched."""


class LetterFetch(QObject):
    """One thing at a time; ``came`` carries how many bytes are here."""

    came = Signal(int)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._unwanted = threading.Event()

    def stop(self) -> None:
        """Want no more of what is being fetched."""
        self._unwanted.set()

    async def file(self, number: int, one: Enclosed) -> bytes:
        """Return what is in a file of a message; raise Stopped, or RallyError with what to do."""
        if one.digest:
            return await self._desk.background.read(attachments.content, one.digest)
        return await self._run(
            lambda store, told: (
                receiving_files.fetch(store, number, one.place, Carriers(store).mailbox, told).data
            )
        )

    async def pictures(self, number: int, wanted: frozenset[str]) -> Mapping[str, bytes]:
        """Return the pictures within a message, by their addresses there."""
        return await self._run(
            lambda store, told: receiving_files.pictures(
                store, number, wanted, Carriers(store).mailbox, told
            )
        )

    async def whole(self, number: int) -> None:
        """Read what is missing of a large message."""
        await self._run(
            lambda store, told: receiving_files.whole(store, number, Carriers(store).mailbox, told)
        )

    async def _run(self, fetch: Callable[[Store, Told], Found]) -> Found:
        unwanted = self._unwanted = threading.Event()
        screen = asyncio.get_running_loop()

        def work(store: Store, stopped: Callable[[], bool]) -> Found:
            def told(done: int) -> None:
                if unwanted.is_set() or stopped():
                    raise Stopped
                screen.call_soon_threadsafe(self._tell, done)

            return fetch(store, told)

        return await self._desk.background.fetch(work)

    def _tell(self, done: int) -> None:
        """Say how far it is, while anybody is there to hear it."""
        if isValid(self):
            self.came.emit(done)
