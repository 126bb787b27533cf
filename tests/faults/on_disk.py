"""A real engine over a disk that is cut off or fails, and what it said before and after."""

from __future__ import annotations

import random
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import apsw
from sqlalchemy import QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError

from rally_desktop.core.clock import ManualClock
from rally_desktop.core.errors import RallyError
from rally_desktop.core.message import Letter
from rally_desktop.model import sqlite
from rally_desktop.model.store import Store
from tests.faults import apsw_driver, office
from tests.faults.at_work import PATIENCE, AtWork
from tests.faults.disk import Content, Disk, Dropped

FILE = "office.rally"
PEOPLE = ("ana",)
# Often enough that faults also fall into the moments when the log goes into the file.
CHECKPOINT_PAGES = 30
MODES = ("once", "for good", "disk full", "short write")
OF_WRITES = ("disk full", "short write")


class Template(NamedTuple):
    """An office's file, the moment it was left, and the letter that it has sent already."""

    data: bytes
    left_at: datetime
    letter: Letter


def founded(folder: Path) -> Template:
    """Found an office in a file and let it write to one person."""
    clock = ManualClock(office.START)
    store = Store.open(f"sqlite:///{folder / FILE}", clock)
    office.found(store, port=25, journal="sent")
    at_work = AtWork(store, clock)
    at_work.a_while(["first"])
    clock.advance(seconds=PATIENCE.total_seconds())
    store.close()
    return Template((folder / FILE).read_bytes(), clock.now(), at_work.mail.letters[0])


class Bench:
    """Puts one disk after the other under the same engine: what it has prepared stays."""

    def __init__(self, template: Template, synchronous: str = "FULL") -> None:
        self.template = template
        self.disk = Disk({})
        self._synchronous = synchronous
        self._engine = create_engine(
            "sqlite://",
            module=apsw_driver,
            creator=lambda: apsw_driver.Connection(f"/{FILE}", self.disk.label),
            poolclass=QueuePool,
            pool_size=1,
            max_overflow=0,
            pool_timeout=1,
        )
        event.listen(self._engine, "connect", self._prepare)
        event.listen(self._engine, "begin", sqlite._begin)

    def close(self) -> None:
        """Let go of the last disk."""
        self._engine.dispose()

    def calls(self, names: Iterable[str]) -> list[str]:
        """Return the calls to the disk that the work takes when nothing goes wrong."""
        at_work = self._at_work()
        made: list[str] = []
        self.disk.meets = lambda _number, call, _written: made.append(call)
        at_work.a_while(names)
        return made

    def cut(self, moment: int, seed: int) -> list[str]:
        """Cut the power at one call to the disk and return what went wrong."""
        chance = random.Random(seed)
        left: dict[str, bytes] = {}
        at_work = self._at_work()
        before = self.disk.calls

        def meet(number: int, _call: str, _written: Any) -> None:
            if number - before == moment:
                left.update(self.disk.survivors(chance))
            if left:
                raise apsw.IOError("the power is gone")

        self.disk.meets = meet
        with suppress(DBAPIError, RallyError):
            at_work.a_while(PEOPLE)
        at_work.move_to(self._opened(left, at_work.clock))
        wrong = at_work.forgotten()
        at_work.enrol("after")
        at_work.to_the_end()
        return wrong + at_work.faults() + _damage(at_work)

    def fail(self, moment: int, mode: str) -> list[str]:
        """Let one call to the disk fail, or all from it on, and return what went wrong."""
        at_work = self._at_work()
        before = self.disk.calls
        broken = True

        def meet(number: int, call: str, written: tuple[Content, int, bytes] | None) -> None:
            nonlocal broken
            if not broken or number - before < moment:
                return
            broken = mode in ("for good", "disk full", "lying")
            if mode == "disk full":
                if written:
                    raise apsw.FullError("database or disk is full")
                return
            if mode == "lying":
                if written:
                    raise Dropped
                return
            if mode == "short write" and written:
                content, offset, data = written
                content.write(offset, data[: len(data) // 2])
            raise apsw.IOError("disk I/O error")

        def repair() -> None:
            nonlocal broken
            broken = False

        self.disk.meets = meet
        at_work.in_spite(partial(at_work.enrol, "ana"), repair)
        at_work.in_spite(at_work.work, repair)
        at_work.clock.advance(minutes=1)
        at_work.in_spite(at_work.work, repair)
        repair()
        wrong = at_work.forgotten()
        # What was kept in memory says nothing about what is on the disk.
        at_work.move_to(self._opened(self.disk.contents(), at_work.clock))
        wrong += at_work.forgotten()
        at_work.enrol("after")
        at_work.to_the_end()
        return wrong + at_work.faults() + _damage(at_work)

    def _at_work(self) -> AtWork:
        """Open the office as it was left, on a disk in order."""
        clock = ManualClock(self.template.left_at)
        at_work = AtWork(self._opened({FILE: self.template.data}, clock), clock)
        at_work.mail.letters.append(self.template.letter)
        at_work.work()
        return at_work

    def _opened(self, files: dict[str, bytes], clock: ManualClock) -> Store:
        self._engine.dispose()
        self.disk = Disk(files)
        return Store(self._engine, clock)

    def _prepare(self, connection: Any, record: Any) -> None:
        # One process and no shared memory: apsw's disks have none.
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
        sqlite._prepare(connection, record)
        if self._synchronous != "FULL":
            connection.execute(f"PRAGMA synchronous={self._synchronous}")


def _damage(at_work: AtWork) -> list[str]:
    whole = at_work.rows("pragma integrity_check") == [("ok",)]
    dangling = at_work.rows("pragma foreign_key_check")
    return [*([] if whole else ["integrity"]), *(["references"] if dangling else [])]
