"""A PostgreSQL server that is stopped as by a power cut while an engine works on it."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from rally_desktop.core.clock import ManualClock
from rally_desktop.core.errors import RallyError
from rally_desktop.model.store import Store
from tests import postgres
from tests.faults import office
from tests.faults.at_work import PATIENCE, AtWork
from tests.ports import free_port

# What the other tests do without: a commit that was acknowledged is in the log.
KEPT = ("synchronous_commit=on",)
LONGEST_WORK = 0.3  # seconds between two stops
LONGEST_WAIT = 10.0  # seconds until somebody is added, on a computer that is busy besides


class Fragile:
    """A server that can be stopped hard and started again on the same data."""

    def __init__(self, base: Path, settings: tuple[str, ...]) -> None:
        programs, person = postgres.initialised(base)
        self.server = postgres.Server(str(base), free_port())
        self._start: Any = lambda: postgres.start(programs, self.server, base, settings, person)
        self._process: subprocess.Popen[bytes] = self._start()

    def stop_hard(self) -> None:
        """Stop without writing anything down, as ``pg_ctl stop -m immediate`` does."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait()

    def start(self) -> None:
        """Start again; the server replays its log."""
        self._process = self._start()


@contextmanager
def fragile(*settings: str) -> Iterator[Fragile]:
    """Run such a server of our own, gone without a trace afterwards."""
    base = Path(tempfile.mkdtemp(prefix="rally-hard-", dir="/tmp"))
    try:
        made = Fragile(base, settings or KEPT)
        try:
            yield made
        finally:
            made.server.leave()
            made.stop_hard()
    finally:
        shutil.rmtree(base, ignore_errors=True)


def stopped(stops: int, *settings: str, seed: int = 1) -> tuple[AtWork, list[str]]:
    """Stop the server so often under a working engine; return what went wrong."""
    chance = random.Random(seed)
    with fragile(*settings) as server:
        clock = ManualClock(office.START)
        store = Store.open(server.server.create("office"), clock)
        office.found(store, port=25, journal="sent")
        server.server.run("CHECKPOINT")
        at_work = AtWork(store, clock)
        over = threading.Event()
        worker = threading.Thread(target=_work, args=(at_work, over), name="engine")
        worker.start()
        try:
            for _ in range(stops):
                _let_work(chance, at_work)
                server.stop_hard()
                server.start()
        finally:
            over.set()
            worker.join()
        wrong = at_work.forgotten()
        at_work.to_the_end()
        wrong += at_work.faults()
        store.close()
        return at_work, wrong


def _let_work(chance: random.Random, at_work: AtWork) -> None:
    """Wait for any moment of the work, or for one soon after somebody was added."""
    if chance.random() < 0.5:
        there, until = len(at_work.enrolled), time.monotonic() + LONGEST_WAIT
        while len(at_work.enrolled) == there and time.monotonic() < until:
            time.sleep(0.005)
    time.sleep(chance.uniform(0, LONGEST_WORK))


def _work(at_work: AtWork, over: threading.Event) -> None:
    """Add contacts and write to them, whatever becomes of the server."""
    number = 0
    while not over.is_set():
        number += 1
        try:
            at_work.a_while([f"c{number}"])
        except (DBAPIError, RallyError):
            at_work.clock.advance(seconds=PATIENCE.total_seconds())
            over.wait(0.02)
