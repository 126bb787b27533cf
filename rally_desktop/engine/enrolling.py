"""Enrolment: who enters a workflow, and why somebody does not (semantics, section 5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select

from rally_desktop.core.clock import from_micros, to_micros
from rally_desktop.core.fold import fold
from rally_desktop.engine import brakes, inside
from rally_desktop.engine.crowds import Crowds
from rally_desktop.engine.definitions import Definitions, Version
from rally_desktop.engine.walk import Walk
from rally_desktop.model.changes import EnrolmentPut, Refusal, RunState
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.rows import to_json
from rally_desktop.model.tables import enrolment, suppression
from rally_desktop.model.tables.workflow import OPEN_STATES
from rally_desktop.model.work import Snapshot, Work
from rally_desktop.services import forgotten, safeguards

MAX_DEPTH = 8
MAX_QUEUED = 10
HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)


@dataclass(frozen=True)
class Candidate:
    """A record that a cause wants to enrol by one of a version's triggers.

    ``by_hand`` skips the re-enrolment policy; ``settled`` has waited for its settle time,
    ``asked`` was let in by a person. What goes by the clock was ``due_at`` a moment that may lie
    back.
    """

    version: Version
    trigger: str
    ref: Ref
    cause: str
    chain: str = ""
    by_hand: bool = False
    settled: bool = False
    asked: bool = False
    deleted: bool = False
    due_at: datetime | None = None


@dataclass
class Before:
    """What is known of a record's earlier runs through one workflow."""

    inside: int = 0
    last: datetime | None = None
    hour: int = 0
    day: int = 0
    queued: int = 0
    settling: bool = False
    causes: set[str] = field(default_factory=set)


@dataclass
class Enrolling:
    """Enrols the candidates of one batch, or writes down why not."""

    work: Work
    walk: Walk
    definitions: Definitions
    _before: dict[tuple[int, Ref], Before] = field(default_factory=dict)
    _exclusive: dict[Ref, set[int]] = field(default_factory=dict)
    _suppressed: set[str] = field(default_factory=set)
    _crowds: Crowds = field(init=False)

    def __post_init__(self) -> None:
        self._crowds = Crowds(self.work)

    def enrol(self, candidates: Sequence[Candidate]) -> int:
        """Start a run for each candidate that may have one; return how many."""
        if not candidates:
            return 0
        self.work.load(one.ref for one in candidates)
        self._look_back(candidates)
        new = [one for one in candidates if not (one.asked or one.by_hand)]
        wanted = [(one.version.workflow_id, one.ref) for one in new]
        self._crowds.look(wanted, lambda place: self._enters(new[place]))
        return sum(self._try(one) for one in candidates)

    def _enters(self, one: Candidate) -> bool:
        """Say whether a candidate would enter now, were it the only one."""
        before = self._before.get((one.version.workflow_id, one.ref), Before())
        settles = one.version.rules.settle_minutes and not one.settled
        return not (settles or one.cause in before.causes or self._refusal(one, before))

    def refusals(self, candidates: Sequence[Candidate]) -> list[str]:
        """Return for each candidate why it may not enter, without enrolling; empty where it may."""
        self.work.load(one.ref for one in candidates)
        self._look_back(candidates)
        before = ((one.version.workflow_id, one.ref) for one in candidates)
        return [
            self._refusal(one, self._before.get(key, Before()))
            for one, key in zip(candidates, before, strict=True)
        ]

    def _try(self, one: Candidate) -> bool:
        version, rules = one.version, one.version.rules
        before = self._before.setdefault((version.workflow_id, one.ref), Before())
        if one.cause in before.causes:
            return False  # the same cause never enrols twice, whatever crashed
        if rules.settle_minutes and not (one.settled or one.by_hand):
            self._settle(one, before)
            return False
        if reason := self._refusal(one, before):
            self.work.change(Refusal(version.workflow_id, one.cause, one.ref, reason))
            brakes.circling(self.work, version.workflow_id, one.ref, reason)
            return False
        if self._waits(one, before):
            return False
        if before.inside and rules.inside == "restart":
            self._restart(one)
        self._start(one, before)
        return True

    def _waits(self, one: Candidate, before: Before) -> bool:
        """Put a record off that may enter, but not now; say whether that was so."""
        number = one.version.workflow_id
        if before.inside and one.version.rules.inside == "queue":
            self._queue(one, before)
            return True
        if held := self._crowds.holds(number, asked=one.asked or one.by_hand):
            self._put_off(one, *held)
            return True
        return False

    def _start(self, one: Candidate, before: Before) -> None:
        version = one.version
        state = RunState(
            id=self.work.new_id("run"),
            workflow_id=version.workflow_id,
            version_id=version.id,
            ref=one.ref,
            cause=one.cause,
            chain=one.chain,
            trigger=one.trigger,
            started_at=self.work.now,
            parallel=version.rules.inside == "parallel",
        )
        self.walk.begin(version, state, one.due_at)
        before.inside, before.last = int(state.state in OPEN_STATES), self.work.now
        before.hour, before.day = before.hour + 1, before.day + 1
        before.causes.add(one.cause)
        if version.workflow_id in self.definitions.exclusive and before.inside:
            self._exclusive.setdefault(one.ref, set()).add(version.workflow_id)

    # -- may it enter ------------------------------------------------------------------------

    def _refusal(self, one: Candidate, before: Before) -> str:
        """Return the reason code why a record may not enter; empty where it may."""
        found = self.work.find(one.ref)
        if found is None or (found["deleted_at"] is not None and not one.deleted):
            return "gone"
        if not self.walk.asking.test(one.version.audience, one.ref, one.trigger):
            return "audience"
        if one.version.sends and self._barred(one.ref, found):
            return "suppressed"
        if found.get("do_not_contact"):
            return "do_not_contact"
        return self._again(one, before) or self._inside(one, before) or self._guard(one, before)

    def _barred(self, ref: Ref, found: Snapshot) -> bool:
        return ref.kind == "contact" and fold(found["email"]) in self._suppressed

    def _again(self, one: Candidate, before: Before) -> str:
        rules = one.version.rules
        if before.last is None or one.by_hand:
            return ""
        if rules.again == "never":
            return "once"
        if rules.again == "after_end" and before.inside:
            return "already_active"
        since = before.last + timedelta(days=rules.after_days)
        if rules.again == "after_days" and not before.inside and self.work.now < since:
            return "cooldown"
        return ""

    def _inside(self, one: Candidate, before: Before) -> str:
        if before.inside and one.version.rules.inside == "ignore":
            return "already_active"
        elsewhere = self._exclusive.get(one.ref, set()) - {one.version.workflow_id}
        return "exclusive" if one.version.rules.exclusive and elsewhere else ""

    def _guard(self, one: Candidate, before: Before) -> str:
        """Refuse what goes round in a loop, or enters more often than anybody means it to."""
        limits, rules = safeguards.of(self.work), one.version.rules
        led_here = one.chain.split(",") if one.chain else []
        itself = str(one.version.workflow_id) in led_here
        if len(led_here) >= MAX_DEPTH:
            return "too_deep"
        if itself and not rules.allow_loops:
            return "loop_guard"
        a_day, an_hour = limits.enrolments_a_record_day, limits.runs_a_record_hour
        if a_day and (itself or one.version.sends) and before.day >= a_day:
            return "loop_guard"
        return "too_often" if an_hour and before.hour >= an_hour else ""

    # -- not now -----------------------------------------------------------------------------

    def _put_off(self, one: Candidate, state: str, wait: timedelta | None) -> None:
        self.work.change(
            EnrolmentPut(
                {
                    "id": self.work.new_id("enrolment"),
                    "workflow_id": one.version.workflow_id,
                    "trigger": one.trigger,
                    "record_kind": one.ref.kind,
                    "record_id": one.ref.id,
                    "cause": one.cause,
                    "chain": one.chain,
                    "state": state,
                    "due_at": None if wait is None else self.work.now + wait,
                    "at": self.work.now,
                    "user_id": None,
                }
            )
        )

    def _settle(self, one: Candidate, before: Before) -> None:
        """Let a record settle once for all that happens to it meanwhile."""
        if not before.settling:
            before.settling = True
            self._put_off(one, "settling", timedelta(minutes=one.version.rules.settle_minutes))

    def _queue(self, one: Candidate, before: Before) -> None:
        """Let a record wait for its run to end, unless too many of them wait already."""
        before.queued += 1
        if before.queued > MAX_QUEUED:
            number = one.version.workflow_id
            self.work.change(Refusal(number, one.cause, one.ref, "queue_full"))
        else:
            self._put_off(one, "queued", None)

    def _restart(self, one: Candidate) -> None:
        """End the run that the record is in, so that the new one takes its place."""
        begun = self.walk.begun.get((one.version.workflow_id, one.ref))
        if begun is not None and begun.state in OPEN_STATES:
            self.walk.cancel(begun, "restarted")
            return
        for state in inside.open_runs(self.work, [one.ref], {one.version.workflow_id}):
            self.walk.cancel(state, "restarted")

    # -- what went before --------------------------------------------------------------------

    def _look_back(self, candidates: Sequence[Candidate]) -> None:
        """Read what went before for every candidate, in a few statements."""
        ids: dict[RecordKind, set[int]] = {}
        for one in candidates:
            ids.setdefault(one.ref.kind, set()).add(one.ref.id)
        causes = sorted({one.cause for one in candidates})
        for kind, numbers in ids.items():
            self._read_runs(kind, numbers, causes)
        if self.definitions.queueing or self.definitions.settling:
            self._read_waiting(candidates)
        if self.definitions.exclusive:
            self._read_exclusive({one.ref for one in candidates})
        # Whom this very batch has let out is still inside as far as the database knows.
        for state in self.walk.ended.values():
            if before := self._before.get((state.workflow_id, state.ref)):
                before.inside -= 1
        sent = {one.ref for one in candidates if one.version.sends}
        self._suppressed |= _suppressed(self.work, sent)

    def _read_exclusive(self, refs: Iterable[Ref]) -> None:
        for state in inside.open_runs(self.work, refs, self.definitions.exclusive):
            if state.id not in self.walk.ended:
                self._exclusive.setdefault(state.ref, set()).add(state.workflow_id)

    def _read_runs(self, kind: RecordKind, numbers: Iterable[int], causes: list[str]) -> None:
        names = ", ".join(f"'{state}'" for state in OPEN_STATES)
        postgres = self.work.connection.dialect.name == "postgresql"
        mark = "%s" if postgres else "?"
        among = "= any(%s)" if postgres else "in (select value from json_each(?))"
        joined = "string_agg" if postgres else "group_concat"
        found = self.work.connection.exec_driver_sql(
            f"select workflow_id, record_id, sum(case when state in ({names}) then 1 else 0 end),"
            f" max(started_at), sum(case when started_at > {mark} then 1 else 0 end),"
            f" sum(case when started_at > {mark} then 1 else 0 end),"
            f" {joined}(case when cause {among} then cause end, ',')"
            f" from run where record_kind = {mark} and record_id {among}"
            " group by workflow_id, record_id",
            (
                to_micros(self.work.now - HOUR),
                to_micros(self.work.now - DAY),
                causes if postgres else to_json(causes),
                kind,
                sorted(numbers) if postgres else to_json(sorted(numbers)),
            ),
        )
        for workflow_id, record_id, within, last, hour, day, known in found.all():
            self._before[workflow_id, Ref(kind, record_id)] = Before(
                int(within), from_micros(last), hour, day, causes=set((known or "").split(","))
            )

    def _read_waiting(self, candidates: Sequence[Candidate]) -> None:
        for workflow_id, ref, state, count in _waiting(self.work, candidates):
            before = self._before.setdefault((workflow_id, ref), Before())
            if state == "settling":
                before.settling = True
            else:
                before.queued = count


def _waiting(work: Work, candidates: Sequence[Candidate]) -> Iterator[tuple[int, Ref, str, int]]:
    """Yield which records settle or queue already for which workflow, and how often."""
    columns = enrolment.c
    key = (columns.workflow_id, columns.record_kind, columns.record_id)
    numbers = sorted({one.ref.id for one in candidates})
    found = work.connection.execute(
        select(*key, columns.state, func.count())
        .where(columns.record_kind.in_({one.ref.kind for one in candidates}))
        .where(columns.record_id.in_(numbers), columns.state.in_(("queued", "settling")))
        .group_by(*key, columns.state)
    )
    for workflow_id, kind, number, state, count in found.all():
        yield workflow_id, Ref(kind, number), state, count


def _suppressed(work: Work, refs: Iterable[Ref]) -> set[str]:
    """Return the addresses of contacts that are on the suppression list."""
    found = (work.find(ref) for ref in refs if ref.kind == "contact")
    addresses = {fold(one["email"]) for one in found if one and one["email"]}
    if not addresses:
        return set()
    columns = suppression.c
    query = select(columns.address).where(
        columns.channel == "email", columns.address.in_(sorted(addresses))
    )
    barred = set(work.connection.execute(query).scalars())
    return barred | forgotten.among(work, "email", addresses)
