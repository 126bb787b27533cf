"""The one door to the data: ``store.read(query, …)`` and ``store.write(service, …)``."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from itertools import count
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from rally_desktop.core.clock import Clock, SystemClock
from rally_desktop.model import opening
from rally_desktop.model.flush import flush
from rally_desktop.model.ids import Ids, Sequences
from rally_desktop.model.postgres import server_clock
from rally_desktop.model.trouble import in_words, is_conflict
from rally_desktop.model.work import Work

P = ParamSpec("P")
T = TypeVar("T")
MOST_ATTEMPTS = 5
Listener = Callable[[frozenset[str]], None]


class WriterLock:
    """Lets one writer in at a time, the screen before the engine.

    SQLite's own busy handler starves the screen for seconds (engine.md), so writers of this
    process queue here, and the engine steps back while somebody at the screen waits.
    """

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._busy = False
        self._screen_waiting = 0

    @contextmanager
    def held(self, *, patient: bool) -> Iterator[None]:
        """Hold the lock; ``patient`` writers (the engine) let all others go first."""
        with self._free:
            self._screen_waiting += not patient
            self._free.wait_for(lambda: not self._busy and not (patient and self._screen_waiting))
            self._screen_waiting -= not patient
            self._busy = True
        try:
            yield
        finally:
            with self._free:
                self._busy = False
                self._free.notify_all()


class Store:
    """Runs functions on a unit of work, one transaction each, and tells who listens."""

    def __init__(self, engine: Engine, clock: Clock, user_id: int | None = None) -> None:
        self.engine = engine
        self.clock = clock
        self.user_id = user_id
        self._listeners: list[Listener] = []
        self._sequences = Sequences()
        self._lock = WriterLock()
        self._alone = engine.dialect.name == "sqlite"

    @classmethod
    def open(cls, url: str, clock: Clock) -> Store:
        """Open a database, bringing its schema up to date; raise DatabaseUnusable.

        Where a server is shared its clock counts, not this computer's.
        """
        engine = opening.open_database(url)
        if engine.dialect.name == "postgresql" and isinstance(clock, SystemClock):
            clock = server_clock(engine)
        return cls(engine, clock)

    @property
    def url(self) -> str:
        """Return where the data is, without a password."""
        return self.engine.url.render_as_string(hide_password=True)

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    def seated(self, user_id: int | None) -> Store:
        """Return the same store for somebody else to write in."""
        made = copy(self)
        made.user_id = user_id
        return made

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` after every commit with the names of the tables it touched.

        It is called on the thread that wrote. Returns the way to stop listening.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def read(self, query: Callable[Concatenate[Work, P], T], *args: P.args, **kw: P.kwargs) -> T:
        """Run a query; whatever it changed is thrown away."""
        try:
            with self.engine.connect() as connection:
                work = self._work(connection)
                work.locking = False
                return query(work, *args, **kw)
        except DBAPIError as error:
            if said := in_words(error):
                raise said from error
            raise

    def write(self, service: Callable[Concatenate[Work, P], T], *args: P.args, **kw: P.kwargs) -> T:
        """Run a service in one transaction, then announce what it touched.

        Where another desktop was in the way the service is run again from the start.
        """
        return self._write(False, lambda work: service(work, *args, **kw))

    def write_patiently(self, service: Callable[[Work], T]) -> T:
        """Run a service as the engine does: whoever works at the screen goes first."""
        return self._write(True, service)

    def _write(self, patient: bool, service: Callable[[Work], T]) -> T:
        for attempt in count(1):
            try:
                result, touched = self._attempt(patient, service)
            except DBAPIError as error:
                if is_conflict(error) and attempt < MOST_ATTEMPTS:
                    time.sleep(random.uniform(0, 0.02 * 2**attempt))
                    continue
                if said := in_words(error):
                    raise said from error
                raise
            self.announce(touched)
            return result
        raise AssertionError("unreachable: the loop returns or raises")

    def _attempt(self, patient: bool, service: Callable[[Work], T]) -> tuple[T, frozenset[str]]:
        with self._turn(patient), self._connection() as connection, connection.begin():
            work = self._work(connection)
            return service(work), flush(work)

    def alone(self, task: Callable[[Engine], T]) -> T:
        """Do something to the whole database while nobody else of this program writes."""
        with self._turn(True):
            return task(self.engine)

    def announce(self, touched: frozenset[str]) -> None:
        """Tell whoever listens that these tables changed."""
        if touched:
            for listener in tuple(self._listeners):
                listener(touched)

    @contextmanager
    def _turn(self, patient: bool) -> Iterator[None]:
        if not self._alone:
            yield
            return
        with self._lock.held(patient=patient):
            yield

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            yield connection.execution_options(rally_write=True)

    def _work(self, connection: Connection) -> Work:
        ids = Ids(connection, self._sequences)
        return Work(connection, self.clock.now(), ids, self.user_id)
