"""Taking back what a person's hand did to runs: each goes back to exactly where it stood.

It is done only where nothing has happened to the run since. So what a hand does waits a moment
before it takes effect: whoever is removed rests, and is stopped afterwards; whoever is sent past
a step comes to the next one afterwards. Nothing that was sent is ever sent again, and no run that
has ended comes back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from sys import intern
from typing import Any

from sqlalchemy import bindparam, exists, select, update

from rally_desktop.engine import control, inside
from rally_desktop.engine.control import Hand, Tally
from rally_desktop.model.changes import RunState
from rally_desktop.model.tables import activity, task, visit
from rally_desktop.model.work import Work
from rally_desktop.services import holding, tasks

MOMENT = timedelta(seconds=30)  # so long what was done to a few can be taken back
EACH = timedelta(milliseconds=3)  # and so much longer for each more, as doing it takes its time
ASKING = ("task", "approval")  # what a run awaits that lies with a person


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run stood, and what it had asked people for, before something was done to it."""

    id: int
    version_id: int
    state: str
    reason: str
    since: datetime | None
    resume_at: datetime | None
    step: str | None
    exit: str | None
    awaited: str | None
    due_at: datetime | None
    seq: int
    attempt: int
    at: datetime
    tasks: tuple[int, ...]


Back = Callable[[Work, Sequence[Place]], Tally]


def lasts(count: int) -> timedelta:
    """Return how long what is done to so many can be taken back."""
    return MOMENT + count * EACH


def places(work: Work, ids: Iterable[int], verb: str) -> list[Place]:
    """Return where those of some runs stand to which something can be done, and lock them."""
    allowed = control.ALLOWED[verb]
    found = [run for run in inside.some(work, ids) if run.state in allowed]
    found = [run for run in found if run.reason != control.LEAVING]
    asked = _asked(work, [run.id for run in found if _awaits(run.awaited) in ASKING])
    return [_place(work, run, asked.get(run.id, ())) for run in found]


def rest_again(work: Work, before: Sequence[Place], reason: str) -> Tally:
    """Let runs rest or go on as before, where the ``reason`` they got by hand still holds."""
    known = {place.id: place for place in before}

    def back(hand: Hand, run: RunState) -> str:
        if run.reason != reason:
            return control.called(run.state)
        was = known[run.id]
        run.state, run.reason, run.since = was.state, was.reason, was.since
        run.resume_at = was.resume_at
        if run.state == "active":
            run.due_at = run.due_at and max(run.due_at, work.now)  # what came due is not late
            holding.let_go_of_run(work, run.ref, run.id)
        return hand.put(run)

    return Hand(work).take(known, "undo", "as it was before", back)


def step_back(work: Work, before: Sequence[Place]) -> Tally:
    """Put runs back to the step that they were sent past, unless they went on from there."""
    known = {place.id: place for place in before}
    waiting: list[dict[str, Any]] = []

    def back(hand: Hand, run: RunState) -> str:
        was = known[run.id]
        if why := _went_on(work, run, was):
            return why
        run.step, run.exit, run.awaited = was.step, was.exit, was.awaited
        run.due_at, run.attempt = was.due_at, was.attempt
        if run.state != "paused":  # what paused it since goes on doing so
            run.state, run.reason, run.since = was.state, was.reason, was.since
        if was.exit is not None:
            reason = was.reason if was.state == "held" else ""
            waiting.append({"its_run": run.id, "its_seq": run.seq, "why": reason})
        tasks.ask_again(work, run.ref, was.tasks)
        return hand.put(run)

    tally = Hand(work).take(known, "undo", "back at the step", back)
    if waiting:
        work.connection.execute(_WAITS_AGAIN, waiting)
    return tally


_WAITS_AGAIN = (
    update(visit)
    .where(visit.c.run_id == bindparam("its_run"), visit.c.seq == bindparam("its_seq"))
    .values(outcome="waiting", exit=None, reason=bindparam("why"))
)


def _went_on(work: Work, run: RunState, was: Place) -> str:
    """Return why a run cannot go back to where it was; empty where it can."""
    passed = was.seq if was.exit is not None else was.seq + 1
    if (run.seq, run.exit, run.version_id) != (passed, None, was.version_id):
        return "further on already"
    heard = exists().where(
        activity.c.record_kind == run.ref.kind,
        activity.c.record_id == run.ref.id,
        activity.c.at > was.at,
        activity.c.kind.not_in(("run_handled", "task_withdrawn")),
    )
    if _awaits(was.awaited) == "event" and work.connection.execute(select(heard)).scalar():
        return "something happened meanwhile"
    return ""


def _place(work: Work, run: RunState, asked: tuple[int, ...]) -> Place:
    texts = {name: _short(getattr(run, name)) for name in ("step", "exit", "awaited")}
    return Place(
        run.id, run.version_id, intern(run.state), intern(run.reason), run.since, run.resume_at,
        **texts, due_at=run.due_at, seq=run.seq, attempt=run.attempt, at=work.now, tasks=asked,
    )  # fmt: skip


def _short(text: str | None) -> str | None:
    """Keep what thousands of runs say once."""
    return None if text is None else intern(text)


def _awaits(awaited: str | None) -> str:
    return (awaited or "").partition(":")[0]


def _asked(work: Work, ids: Sequence[int]) -> Mapping[int, tuple[int, ...]]:
    """Return what runs asked people for and nobody has done yet, by the runs."""
    own = task.c
    found: defaultdict[int, tuple[int, ...]] = defaultdict(tuple)
    query = select(own.run_id, own.id).where(own.run_id.in_(ids), own.done_at.is_(None))
    for run_id, number in work.connection.execute(query.order_by(own.id)) if ids else ():
        found[run_id] += (number,)
    return found
