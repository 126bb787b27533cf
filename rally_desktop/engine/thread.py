"""The engine's thread: ticks while there is something to do, hands messages over, sleeps."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Protocol

from sqlalchemy.exc import DBAPIError

from rally_desktop.core.errors import RallyError
from rally_desktop.engine import late
from rally_desktop.engine.heart import Heart
from rally_desktop.engine.installation import recognise
from rally_desktop.engine.jobs import Jobs
from rally_desktop.engine.journal import JournalFor
from rally_desktop.engine.outbox import CarrierFor, Outbox, Tailor
from rally_desktop.model import indexing
from rally_desktop.model.store import Store
from rally_desktop.outside.marks import Marks
from rally_desktop.services import installation, mail_links, search_care
from rally_desktop.services import jobs as jobs_service
from rally_desktop.services import outbox as outbox_service

log = logging.getLogger(__name__)

LONGEST_NAP = 2.0  # seconds; another computer's changes are noticed at the latest then
DUE_NAP = 1.0  # while something is due that is held up
PAUSE = 1.5  # seconds after a large write until the search reads in what it left
READ_IN_SECONDS, LEAST_SHARE = 0.012, 0.04  # how long that may hold the database, at once
LONGEST_TICK = 0.25  # seconds of moving runs before messages get their turn
SWITCH_SECONDS = 0.0005  # so that the screen gets its turn while the engine runs flat out


@dataclass(frozen=True)
class Report:
    """How the engine is: working, idle or in trouble, and what it did since it began.

    ``came_due`` is what had come due while nobody was there, when it woke the last time.
    """

    state: str
    started: int = 0
    moved: int = 0
    sent: int = 0
    trouble: str = ""
    came_due: late.CameDue | None = None


class Lodger(Protocol):
    """What lives in the engine's loop besides, such as the web service."""

    async def follow(self) -> None:
        """Do what is due; called often, and never for long."""
        ...

    async def close(self) -> None:
        """Let go of everything."""
        ...


class EngineThread:
    """Runs the heart and the outbox on a thread with an asyncio loop of its own."""

    def __init__(
        self,
        store: Store,
        carrier_for: CarrierFor,
        listener: Callable[[Report], None] | None = None,
        *,
        journal_for: JournalFor | None = None,
        marks: Marks | None = None,
        dress: Tailor = mail_links.dress_plainly,
        lodgers: Sequence[Lodger] = (),
    ) -> None:
        """Keep what to work with; without ``marks`` a copied database is not recognised."""
        self._store = store
        self._heart = Heart(store)
        self._waking = late.Waking(store.clock)
        self._slept = True
        self._outbox = Outbox(store, carrier_for, journal_for, dress)
        self._lodgers = lodgers
        self._jobs = Jobs(store)
        self._listener = listener
        self._marks = marks
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake: asyncio.Event | None = None
        self._ready = threading.Event()
        self._stopping = False
        self._turn = threading.Condition()
        self._asked, self._answered = 1, 0
        self._large_at = -PAUSE
        self._share = 0.5
        self.report = Report("starting")

    def start(self) -> None:
        """Begin; what is due happens at once."""
        sys.setswitchinterval(SWITCH_SECONDS)
        self._thread.start()
        self._ready.wait()

    def stop(self, timeout: float = 10.0) -> None:
        """Finish the transaction in hand, take leave of the servers and end the thread."""
        self._stopping = True
        self.wake()
        self._thread.join(timeout)

    def wake(self) -> None:
        """Look again at once: something changed, or a clock was turned."""
        with self._turn:
            self._asked += 1
        if self._loop is not None and self._wake is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._wake.set)

    def wait_until_idle(self, timeout: float) -> bool:
        """Wait until everything due by now is done; say whether that was in time (seconds)."""
        self.wake()
        with self._turn:
            goal = self._asked
            return self._turn.wait_for(lambda: self._answered >= goal, timeout)

    # -- on the engine's thread ------------------------------------------------------------

    def _run(self) -> None:
        try:
            with asyncio.Runner() as runner:
                runner.run(self._live())
        finally:
            self._ready.set()
            if not self._stopping:
                # A bug ended the thread: its traceback goes to the log, but nobody looks there.
                self._tell("stopped", trouble="An error in the program stopped it. Start it anew.")

    async def _live(self) -> None:
        self._loop, self._wake = asyncio.get_running_loop(), asyncio.Event()
        forget = self._store.listen(self._woken_by_commit)
        self._ready.set()
        try:
            while not self._stopping:
                self._wake.clear()
                seen = self._asked
                if await self._work():
                    with self._turn:
                        self._answered = seen
                        self._turn.notify_all()
                await self._sleep(self._wake)
        finally:
            forget()
            await self._see_off()
            await self._jobs.close()
            await self._outbox.close()

    async def _see_off(self) -> None:
        """Let the lodgers go; where the database does not answer any more, that is no matter."""
        for lodger in self._lodgers:
            with contextlib.suppress(RallyError, DBAPIError):
                await lodger.close()

    def _look_again(self) -> None:
        if self._wake is not None:
            self._wake.set()

    def _woken_by_commit(self, touched: frozenset[str]) -> None:
        if threading.current_thread() is not self._thread:
            if touched & indexing.LEFT:
                self._large_at = time.monotonic()
            self.wake()

    async def _work(self) -> bool:
        """Do all that is due and say so; trouble with the database is shown and tried again."""
        try:
            if self._marks is not None:
                recognise(self._store, self._marks)
                self._marks = None
            if self._slept:
                await self._come_to()
            while not self._stopping:
                for lodger in self._lodgers:
                    await lodger.follow()
                beat = self._heart.tick(self._for_a_while())
                sent = await self._outbox.send_due()
                self._tell("working", beat.started, beat.moved, sent)
                asked = self._jobs.begin(self._heart.definitions.moving, self._look_again)
                read_in = self._read_in()
                if not beat and not sent and not asked and not read_in:
                    return not self._jobs.busy
        except (DBAPIError, RallyError) as error:
            log.error("The engine could not go on: %s", error)
            self._tell("trouble", trouble=str(error))
        return False

    def _read_in(self) -> int:
        """Let the search know a piece of what it does not know yet, where there is any.

        While something large is being written, such as an import, that goes first.
        """
        if time.monotonic() - self._large_at < PAUSE or not self._store.read(search_care.waiting):
            return 0
        began = time.monotonic()
        read = self._store.write_patiently(partial(search_care.catch_up, share=self._share))
        wish = self._share * READ_IN_SECONDS / max(time.monotonic() - began, 0.001)
        self._share = min(1.0, max(LEAST_SHARE, (self._share + wish) / 2))
        return read

    def _for_a_while(self) -> Callable[[], bool]:
        """Return what ends a tick, so that messages, people and the end are not kept waiting."""
        until = time.monotonic() + LONGEST_TICK
        return lambda: self._stopping or time.monotonic() > until

    async def _come_to(self) -> None:
        """Trust nothing that was held before a sleep: connect anew, and show what came due."""
        if self.report.state != "starting":
            self._heart = Heart(self._store)
            await self._outbox.close()
            self._store.close()
        if came_due := self._store.read(late.came_due):
            self._tell("working", came_due=came_due)
        self._slept = False

    def _tell(
        self,
        state: str,
        started: int = 0,
        moved: int = 0,
        sent: int = 0,
        trouble: str = "",
        came_due: late.CameDue | None = None,
    ) -> None:
        was = self.report
        self.report = replace(
            was,
            state=state,
            started=was.started + started,
            moved=was.moved + moved,
            sent=was.sent + sent,
            trouble=trouble,
            came_due=came_due or was.came_due,
        )
        if self._listener is not None and self.report != was:
            self._listener(self.report)

    async def _sleep(self, wake: asyncio.Event) -> None:
        if wake.is_set() or self._stopping:
            return
        if self.report.state == "working":
            locked = self._store.read(installation.locked)
            self._tell("trouble" if locked else "idle", trouble=locked)
        seconds = self._nap() if self.report.state == "idle" else LONGEST_NAP
        self._slept = self._waking.slept()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await wake.wait()
        self._slept = self._waking.slept(seconds) or self._slept

    def _nap(self) -> float:
        """Return how long to sleep, in seconds.

        What is still due now is not ours to do (another computer works for that account, or all
        sending is stopped), so it is looked at again after a second.
        """
        others = (outbox_service.next_due, jobs_service.next_due)
        runs = self._heart.next_due(looks=False)  # it ticks more than once a minute anyway
        moments = (runs, *(self._store.read(other) for other in others))
        waits = [self._until(moment) for moment in moments if moment is not None]
        longest = DUE_NAP if any(wait <= 0 for wait in waits) else LONGEST_NAP
        return min([longest, *(wait for wait in waits if wait > 0)])

    def _until(self, moment: datetime) -> float:
        return (moment - self._store.clock.now()).total_seconds()
