"""A person's hand on runs: stop, pause, retry, skip, jump, approve, release, one or a selection.

Most of it only sets where a run stands; the engine, on whichever computer it works, moves it on.
Each locks the runs first, so that nothing is done to one that moves at that very moment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import select

from rally_desktop.core.errors import Refused
from rally_desktop.engine import inside
from rally_desktop.engine.definitions import Definitions, Version
from rally_desktop.engine.nodes.base import StepKind
from rally_desktop.engine.walk import Walk
from rally_desktop.model.changes import RunAdvanced, RunHandled, RunState, Visited, WaitOver
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import user_account, workflow
from rally_desktop.model.tables.workflow import OPEN_STATES
from rally_desktop.model.work import Work
from rally_desktop.services import holding, tasks

LONGEST_PAUSE = timedelta(days=30)
BATCH = 500  # runs in one transaction, so that nobody else waits long

_STANDING = ("active", "held", "paused", "needs_attention")
# In which states each thing can be done; the rest is left as it is, and that is said.
ALLOWED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "retry": ("needs_attention", "failed"),
        "stop": OPEN_STATES,
        "pause": ("active", "paused"),
        "resume": ("paused",),
        "skip": _STANDING,
        "jump": (*_STANDING, "failed"),
        "approve": ("in_review",),
        "reject": ("in_review",),
        "release": ("held",),
        "undo": OPEN_STATES,
    }
)
LEAVING = "leaving"  # why runs rest that somebody removed, until the moment to undo it is over
_LAST_WORD = ("stop", "undo")  # all that can be done to somebody who is leaving
_WORDS = {"active": "on the way", "in_review": "in review", "needs_attention": "in need of help"}


@dataclass(frozen=True)
class Tally:
    """To how many runs something was done, and why not to the others: {why: how many}."""

    done: int = 0
    left: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Tally) -> Tally:
        """Add up two tallies."""
        return Tally(self.done + other.done, dict(Counter(self.left) + Counter(other.left)))

    def says(self, done: str) -> str:
        """Say it in a sentence, as “3 runs stopped; 2 left: done (2)”."""
        words = f"{self.done:,} run{'s' * (self.done != 1)} {done}"
        if not self.left:
            return f"{words}."
        reasons = ", ".join(f"{why} ({count:,})" for why, count in sorted(self.left.items()))
        return f"{words}; {sum(self.left.values()):,} left as they are: {reasons}."


def retry(work: Work, ids: Iterable[int]) -> Tally:
    """Do the step at which a run failed again; it is a new visit."""
    return Hand(work).take(ids, "retry", "tried again", _retry)


def stop(work: Work, ids: Iterable[int], reason: str = "stopped_by_hand") -> Tally:
    """End runs where they stand, and do the Stop Actions of those that had begun."""
    return Hand(work).take(ids, "stop", "stopped", lambda hand, run: _stop(hand, run, reason))


def leave(work: Work, ids: Iterable[int], until: datetime) -> Tally:
    """Let runs rest that somebody removed, until a moment; then they are stopped.

    A run that has ended never comes back, and its Stop Actions cannot be taken back. So neither
    happens before the moment: until then nothing is sent, and whoever leaves can be kept.
    """

    def rest(hand: Hand, run: RunState) -> str:
        if run.reason == LEAVING:
            return LEAVING
        run.since, run.resume_at = work.now, until
        run.state, run.reason = "paused", LEAVING
        return hand.put(run)

    return Hand(work).take(ids, "stop", "stopped", rest)


def see_out(work: Work, found: Sequence[RunState]) -> None:
    """Stop runs of those who leave, now that their moment has come."""
    hand = Hand(work)
    work.load(run.ref for run in found)
    for run in found:
        _stop(hand, run, "stopped_by_hand")


def pause(work: Work, ids: Iterable[int], until: datetime | None = None) -> Tally:
    """Let runs rest where they stand, until a moment or until somebody resumes them."""
    if until is not None and not work.now < until <= work.now + LONGEST_PAUSE:
        raise Refused("A pause ends in the future, within 30 days.")

    def rest(hand: Hand, run: RunState) -> str:
        run.since = run.since or work.now
        run.state, run.reason, run.resume_at = "paused", "paused_by_hand", until
        return hand.put(run)

    return Hand(work).take(ids, "pause", "paused", rest, until)


def resume(work: Work, ids: Iterable[int]) -> Tally:
    """Let paused runs go on; what came due meanwhile is due now, and not late."""
    return Hand(work).take(ids, "resume", "resumed", _resume)


def skip(work: Work, ids: Iterable[int], until: datetime | None = None) -> Tally:
    """Pass over the step at which runs stand; the next one comes now, or not before a moment."""

    def on(hand: Hand, run: RunState) -> str:
        return _skip(hand, run, until)

    return Hand(work).take(ids, "skip", "sent past a step", on)


def jump(work: Work, ids: Iterable[int], step: str) -> Tally:
    """Send runs on to another step of their version, by its id."""
    return Hand(work).take(ids, "jump", "sent to a step", lambda hand, run: _jump(hand, run, step))


def approve(work: Work, ids: Iterable[int]) -> Tally:
    """Let runs begin that wait in the review queue."""
    return Hand(work).take(ids, "approve", "approved", _go)


def reject(work: Work, ids: Iterable[int]) -> Tally:
    """End runs that wait in the review queue before they begin."""
    return Hand(work).take(ids, "reject", "rejected", _reject)


def release(work: Work, ids: Iterable[int], *, skip: bool = False) -> Tally:
    """Decide about runs that are held: do the step now, or pass over it."""
    return Hand(work).take(ids, "release", "released", _skip if skip else _go)


def called(state: str) -> str:
    """Return what people call a state of a run."""
    return _WORDS.get(state, state)


def wake(work: Work, run: RunState) -> None:
    """Let a paused run go on, or back to the review that it never had."""
    begun = _has_begun(run)
    run.state = "active" if begun else "in_review"
    run.reason, run.resume_at = "", None
    run.since = None if begun else work.now
    if run.due_at is not None:
        run.due_at = max(run.due_at, work.now)
    holding.let_go_of_run(work, run.ref, run.id)
    work.change(RunAdvanced(run))


class Hand:
    """What all of it needs: the runs, locked; their versions; a line on each timeline."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.definitions = Definitions()
        self.definitions.refresh(work)
        work.listened = self.definitions.listens
        self.walk = Walk(work, {}, self.definitions.queueing)
        self.reopened: set[tuple[int, Ref]] = set()
        self._names: dict[int, str] = {}

    def take(
        self,
        ids: Iterable[int],
        verb: str,
        done: str,
        does: Callable[[Hand, RunState], str],
        until: datetime | None = None,
    ) -> Tally:
        """Do it to each run that is in a state for it; ``does`` returns why not, if so."""
        wanted = set(ids)
        found = inside.some(self.work, wanted)
        self.work.load(run.ref for run in found)
        left = Counter({"not there any more": len(wanted) - len(found)})
        count = 0
        for run in found:
            if run.state not in ALLOWED[verb]:
                left[called(run.state)] += 1
            elif run.reason == LEAVING and verb not in _LAST_WORD:
                left[LEAVING] += 1
            elif why := does(self, run):
                left[why] += 1
            else:
                name = self._name(run.workflow_id)
                self.work.change(RunHandled(run.ref, run.id, name, done, until))
                count += 1
        return Tally(count, dict(+left))

    def put(self, run: RunState) -> str:
        """Keep where a run stands now."""
        self.work.change(RunAdvanced(run))
        return ""

    def version(self, run: RunState) -> Version | None:
        """Return the version a run is on; None where it cannot be read any more."""
        return self.definitions.version(self.work, run.version_id)

    def inside_again(self, run: RunState) -> bool:
        """Say whether the record of a run that ended has entered the workflow anew."""
        key = (run.workflow_id, run.ref)
        if run.parallel or run.ended_at is None:
            return False
        others = inside.open_runs(self.work, [run.ref], {run.workflow_id})
        if key in self.reopened or any(not other.parallel for other in others):
            return True
        self.reopened.add(key)
        return False

    def _name(self, workflow_id: int) -> str:
        if workflow_id not in self._names:
            query = select(workflow.c.name).where(workflow.c.id == workflow_id)
            self._names[workflow_id] = self.work.connection.execute(query).scalar() or ""
        return self._names[workflow_id]


def _has_begun(run: RunState) -> bool:
    return run.seq > 0 or run.due_at is not None


def _go(hand: Hand, run: RunState, at: datetime | None = None) -> str:
    """Make a run due where it stands, now or at a moment."""
    run.state, run.reason, run.ended_at = "active", "", None
    run.since = run.resume_at = run.awaited = None
    run.due_at, run.attempt = at or hand.work.now, 0
    return hand.put(run)


def _retry(hand: Hand, run: RunState) -> str:
    if run.step is None or run.reason == "too_long":
        return "at the end of its steps"
    if hand.inside_again(run):
        return "in the workflow anew"
    return _go(hand, run)


def _stop(hand: Hand, run: RunState, reason: str) -> str:
    version, found = hand.version(run), hand.work.find(run.ref)
    gone = found is None or found["deleted_at"] is not None
    if version is None or gone or not _has_begun(run):
        hand.walk.cancel(run, reason)
    else:
        hand.walk.stop(version, run, reason)
    return ""


def _reject(hand: Hand, run: RunState) -> str:
    hand.walk.cancel(run, "rejected", "rejected")
    return ""


def _resume(hand: Hand, run: RunState) -> str:
    wake(hand.work, run)
    return ""


def _skip(hand: Hand, run: RunState, until: datetime | None = None) -> str:
    """Pass over a step: the visit that waits ends as skipped, or one that failed is followed."""
    version = hand.version(run)
    if version is None or run.step is None:
        return "at the end of its steps"
    kind = version.steps[run.step]
    exits = kind.exits() if isinstance(kind, StepKind) else ()
    exit_ = run.exit or (exits[0][0] if exits else "next")
    if run.exit is not None:
        _pass_over(hand.work, run, "skipped_by_hand", exit_)
    else:
        run.seq += 1
        said = f"Skipped by {_who(hand.work)}."
        hand.work.change(Visited(run, run.seq, run.step, "skipped", exit_, "skipped_by_hand", said))
    return _stand(hand, run, version.graph.steps[run.step].exits.get(exit_), until)


def _jump(hand: Hand, run: RunState, step: str) -> str:
    version = hand.version(run)
    if version is None or step not in version.graph.steps:
        return "on a version without that step"
    if hand.inside_again(run):
        return "in the workflow anew"
    if run.exit is not None:
        _pass_over(hand.work, run, "jumped_by_hand")
    return _stand(hand, run, step)


def _pass_over(work: Work, run: RunState, reason: str, exit_: str | None = None) -> None:
    """Close the visit at which a run waits; what it waits for need not be done any more."""
    work.change(WaitOver(run.id, run.seq, "skipped", exit_, reason))
    what, _, number = (run.awaited or "").partition(":")
    if what in ("task", "approval"):
        tasks.take_back(work, run.ref, run.id, int(number) if what == "task" else None)


def _stand(hand: Hand, run: RunState, step: str | None, at: datetime | None = None) -> str:
    """Put a run before a step, to be done now or at a moment; one that is paused stays so."""
    run.step, run.exit = step, None
    if run.state != "paused":
        return _go(hand, run, at)
    run.due_at, run.awaited, run.attempt = hand.work.now, None, 0
    return hand.put(run)


def _who(work: Work) -> str:
    query = select(user_account.c.name).where(user_account.c.id == work.user_id)
    return work.connection.execute(query).scalar() or "hand"
