"""The screen's way to the data: await a read or a write, hear of every change."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, Slot

if TYPE_CHECKING:
    from rally_desktop.model.store import Store
    from rally_desktop.model.work import Work

P = ParamSpec("P")
T = TypeVar("T")

READERS, SERVERS = 4, 2
MILLISECONDS_BETWEEN = 33
OWNED = frozenset({"note", "saved_view"})  # where it shows who sits at the screen


class Background(QObject):
    """Runs queries and services off the screen's thread.

    ``changed`` arrives on the screen's thread with the names of the tables that were touched,
    whoever touched them, gathered so that it comes at most thirty times a second. ``closing``
    tells that nothing can be asked for any more.
    """

    changed = Signal(frozenset)
    closing = Signal()
    _heard = Signal()

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.office = store.url  # which one it is, without a password
        self._store = store
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="read")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="write")
        self._jobs = ThreadPoolExecutor(1, thread_name_prefix="job")
        self._servers = ThreadPoolExecutor(SERVERS, thread_name_prefix="server")
        self._closing = threading.Event()
        self._touched: frozenset[str] = frozenset()
        self._lock = threading.Lock()
        self._pause = QTimer(self, singleShot=True, interval=MILLISECONDS_BETWEEN)
        self._pause.timeout.connect(self._tell)
        self._heard.connect(self._told)
        self._stop_listening = store.listen(self._hear)

    async def read(
        self, query: Callable[Concatenate[Work, P], T], *args: P.args, **kw: P.kwargs
    ) -> T:
        """Await a query."""
        return await self._run(self._readers, lambda: self._store.read(query, *args, **kw))

    async def write(
        self, service: Callable[Concatenate[Work, P], T], *args: P.args, **kw: P.kwargs
    ) -> T:
        """Await a service; whoever shows what it changed refreshes by itself."""
        return await self._run(self._writer, lambda: self._store.write(service, *args, **kw))

    def seat(self, user_id: int | None) -> None:
        """Let everything be written as one user's from now on."""
        self._store = self._store.seated(user_id)
        self.changed.emit(OWNED)

    async def job(self, work: Callable[[Store, Callable[[], bool]], T]) -> T:
        """Await something long that reads the office by itself, one at a time.

        It is given the office, and must ask now and then whether the program is being closed.
        """
        return await self._run(self._jobs, lambda: work(self._store, self._closing.is_set))

    async def fetch(self, work: Callable[[Store, Callable[[], bool]], T]) -> T:
        """Await something that a server is asked for; it does not wait for what takes long here.

        Like a job it must ask now and then whether the program is being closed.
        """
        return await self._run(self._servers, lambda: work(self._store, self._closing.is_set))

    def close(self) -> None:
        """Finish what is being written, then let go of the threads."""
        self.closing.emit()
        self._stop_listening()
        self._closing.set()
        self._jobs.shutdown(cancel_futures=True)
        self._servers.shutdown(cancel_futures=True)
        self._readers.shutdown(cancel_futures=True)
        self._writer.shutdown()

    async def _run(self, where: Executor, what: Callable[[], T]) -> T:
        """Await a thread's answer; who asks as the program is closed is stopped, not answered."""
        try:
            asked = where.submit(what)
        except RuntimeError:
            if self._closing.is_set():
                raise asyncio.CancelledError from None
            raise
        return await asyncio.wrap_future(asked)

    def _hear(self, touched: frozenset[str]) -> None:
        """Gather what was touched; called on the thread that wrote."""
        with self._lock:
            first = not self._touched
            self._touched |= touched
        if first:
            self._heard.emit()

    @Slot()
    def _told(self) -> None:
        if not self._pause.isActive():
            self._tell()

    def _tell(self) -> None:
        with self._lock:
            touched, self._touched = self._touched, frozenset()
        if touched:
            self._pause.start()
            self.changed.emit(touched)
