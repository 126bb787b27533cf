"""The engine's heartbeat: ``tick()`` does everything on our own data that is due now."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import literal_column, select
from sqlalchemy.exc import DBAPIError

from rally_desktop.engine import clocks, inside, intake, leaving, letters, turning, watch
from rally_desktop.engine.breaker import Breaker
from rally_desktop.engine.definitions import Definitions
from rally_desktop.engine.enrolling import Candidate, Enrolling
from rally_desktop.engine.housekeeping import Housekeeping
from rally_desktop.engine.intake import Arrival
from rally_desktop.engine.visiting import CrashKey
from rally_desktop.engine.walk import Crashed, Walk
from rally_desktop.engine.watchdog import Watchdog
from rally_desktop.model.store import Store
from rally_desktop.model.tables import run
from rally_desktop.model.work import Work
from rally_desktop.services import scoring

FIRST_BATCH, LEAST_BATCH, MOST_BATCH = 100, 40, 2_000
# How long runs may be walked in one transaction (seconds); writing takes about half as long
# again, and what the disk takes does not depend on the size, so a smaller batch is no help.
WALK_SECONDS = {"sqlite": 0.005, "postgresql": 0.025}


@dataclass(frozen=True)
class Beat:
    """What one tick did: lines looked at, runs started, runs that went on."""

    looked_at: int = 0
    started: int = 0
    moved: int = 0

    def __add__(self, other: Beat) -> Beat:
        """Add up two beats."""
        return Beat(
            self.looked_at + other.looked_at,
            self.started + other.started,
            self.moved + other.moved,
        )

    def __bool__(self) -> bool:
        """Say whether anything was done."""
        return bool(self.looked_at or self.moved)


@dataclass
class Heart:
    """Moves the office's runs; every tick is a few short transactions, each all or nothing."""

    store: Store
    definitions: Definitions = field(default_factory=Definitions)
    watchdog: Watchdog = field(default_factory=Watchdog)
    breaker: Breaker = field(default_factory=Breaker)
    housekeeping: Housekeeping = field(default_factory=Housekeeping)
    _crashes: dict[CrashKey, str] = field(default_factory=dict)
    _given_up: set[CrashKey] = field(default_factory=set)
    _written_down: set[CrashKey] = field(default_factory=set)
    _moved_last: CrashKey | None = None
    _looked_at: int | None = None
    _looking_at: int | None = None
    _beats: int = 0
    _crowded: bool = False
    _batch: int = FIRST_BATCH
    _took: float = 0.0

    def tick(self, enough: Callable[[], bool] = lambda: False) -> Beat:
        """Do everything that is due now, or until it is ``enough``; return what it was."""
        if self.watchdog.wanted(self.store.clock.now()):
            self.store.write_patiently(partial(self.watchdog.look, definitions=self.definitions))
        self.housekeeping.do(self.store)
        done = Beat()
        while beat := self.beat():
            done += beat
            if enough():
                break
        return done

    def beat(self) -> Beat:
        """Do one batch in one transaction, sized to hold the database only for a moment."""
        beat = self._attempt()
        goal = WALK_SECONDS[self.store.engine.dialect.name]
        if beat and self._took > goal:
            self._batch = max(LEAST_BATCH, int(self._batch * goal / self._took))
        elif self._took < goal / 2:
            self._batch = min(MOST_BATCH, self._batch * 2)
        return beat

    def _attempt(self) -> Beat:
        limit = self._batch
        while True:
            try:
                beat = self.store.write_patiently(partial(self._beat, limit=limit))
                self._forget()
                self.breaker.keep()
                self._looked_at = self._looking_at
                return beat
            except Crashed as crash:
                self._crashes[crash.key] = crash.trace
            except DBAPIError as error:
                # One run wrote what the database refuses: halve the batch until it stands alone.
                if limit == 1:
                    self._blame(error)
                limit = max(1, limit // 2)

    def _blame(self, error: DBAPIError) -> None:
        """Write the refusal down at the one run that met it, or give that run up.

        Raises the error where no run is to blame.
        """
        key = self._moved_last
        if key is None or key in self._given_up:
            raise error
        if key in self._crashes:
            self._given_up.add(key)
        self._crashes[key] = f"The database refused: {error.orig}"

    def _forget(self) -> None:
        """Forget the crashes that are written down, now that they are."""
        for key in self._written_down:
            self._crashes.pop(key, None)
            self._given_up.discard(key)

    def _beat(self, work: Work, limit: int) -> Beat:
        began = time.perf_counter()
        self.definitions.refresh(work)
        work.listened = self.definitions.listens
        walk = Walk(work, self._crashes, self.definitions.queueing, self._given_up)
        self._looking_at = self._looked_at
        put_off = self._looks_at_what_was_put_off()
        if put_off and (left := leaving.see_off(walk)):
            return Beat(looked_at=left)
        arrivals = letters.known(work, self.definitions, intake.drain(work, limit, later=put_off))
        self._crowded = len(arrivals) == limit
        intake.settle_again(work, self.definitions, arrivals)
        scored = self._score(work, arrivals, limit if put_off else 0)
        watch.look(walk, self.definitions, arrivals)
        wanted = self._candidates(walk, arrivals, limit if put_off else 0)
        started = Enrolling(work, walk, self.definitions).enrol(wanted)
        watch.catch_up(walk, self.definitions, arrivals)
        room = limit - len(arrivals) - len(wanted)
        runs = inside.due(work, self.definitions.moving, room, walk.touched)
        work.load(run.ref for run in runs)
        for state in runs:
            if version := self.definitions.version(work, state.version_id):
                walk.go_on(version, state)
        self.breaker.judge(work, walk.visits)
        self._moved_last = walk.moved_last
        self._written_down = walk.visits.written_down
        self._took = time.perf_counter() - began
        return Beat(len(arrivals) + len(wanted) + scored, started, len(runs))

    def _score(self, work: Work, arrivals: list[Arrival], limit: int) -> int:
        """Move the scores of whoever did something that counts, and those that have sunk."""
        did = {one.event.ref.id for one in arrivals if self.definitions.counts(one.event)}
        sunk = scoring.due(work, limit) if limit else []
        if did or sunk:
            scoring.work_out(work, [*did, *sunk])
        return len(sunk)

    def _looks_at_what_was_put_off(self) -> bool:
        """Say whether a beat does more than take in new lines: while they crowd, every eighth."""
        self._beats += 1
        return not self._crowded or self._beats % 8 == 0

    def _candidates(self, walk: Walk, arrivals: list[Arrival], limit: int) -> list[Candidate]:
        """Return whoever the new lines, and up to ``limit`` of what was put off, want to enrol."""
        return [
            *intake.started(self.definitions, arrivals),
            *turning.turned(walk.work, self.definitions, arrivals, anew=self._anew()),
            *(intake.put_off(walk.work, self.definitions, limit) if limit else ()),
            *(clocks.fired(walk.work, self.definitions, limit) if limit else ()),
        ]

    def _anew(self) -> bool:
        """Say whether another set of workflows is published than when somebody last asked."""
        self._looking_at = self.definitions.counter
        return self._looking_at is None or self._looking_at != self._looked_at

    def next_due(self, *, looks: bool = True) -> datetime | None:
        """Return when the next run wakes or record enters, or None while nobody waits for a time.

        Runs of a workflow that is held do not wake, however long they have been due. Without
        ``looks`` it leaves out what goes by the clock, which in a large office takes a while to
        find out: whoever ticks more than once a minute need not know.
        """
        moving = self.store.read(_next_due, self.definitions.moving)
        ends = self.store.read(self.watchdog.next_due)
        enters = self.store.read(intake.next_due)
        strikes = self.store.read(clocks.next_due, self.definitions) if looks else None
        sinks = self.store.read(scoring.next_due)
        found = (moving, ends, enters, strikes, sinks)
        return min((moment for moment in found if moment), default=None)


def _next_due(work: Work, moving: frozenset[int]) -> datetime | None:
    # The plus keeps the index by moment: by workflow, all that wait would be looked at.
    workflow_id = literal_column("+workflow_id", run.c.workflow_id.type)
    return work.connection.execute(
        select(run.c.due_at)
        .where(run.c.state == "active", run.c.due_at.is_not(None), workflow_id.in_(moving))
        .order_by(run.c.due_at)
        .limit(1)
    ).scalar()
