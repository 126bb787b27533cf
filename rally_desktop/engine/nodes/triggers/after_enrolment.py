"""Trigger: a set time after a record entered another workflow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from typing import Annotated, ClassVar, Literal

from sqlalchemy import ColumnElement, func, select

from rally_desktop.core.days import plus_days
from rally_desktop.core.schema import Choice, Number, Pick
from rally_desktop.engine import clockwork
from rally_desktop.engine.nodes.base import ClockTrigger, Firing, Scan
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import run, workflow

# By as much may a day on the wall clock be longer or shorter than 24 hours.
_SHIFT = timedelta(hours=3)


class AfterEnrolment(ClockTrigger, frozen=True):
    """Starts a set time after a record entered a sequence or another workflow.

    Hours are elapsed time; days and weeks keep the time of day where the record lives. It does
    not matter whether the record is still in there. Where the computer was off, it starts when
    it is back.
    """

    title: ClassVar = "After an enrolment"
    icon: ClassVar = "timer"
    says: ClassVar = "{amount} {unit} after it entered “{workflow}”"
    example: ClassVar = {"workflow": "Welcome", "amount": 14, "unit": "days"}
    words: ClassVar = ("delay", "sequence", "since", "entered", "onboarding")

    workflow: Annotated[str, Pick("Sequence or workflow", source="workflow")]
    amount: Annotated[int, Number("How long", least=1, most=3_650)] = 7
    unit: Annotated[Literal["hours", "days", "weeks"], Choice("Unit")] = "days"

    def due(self, scan: Scan) -> Iterable[Firing]:
        """Yield whoever entered it so long ago, since the last look, in due order."""
        if scan.since is None:
            return []
        low, high = scan.since - self._length - _SHIFT, scan.until - self._length + _SHIFT
        query = select(run.c.record_id, run.c.started_at).where(*self._entered(scan))
        found = scan.work.connection.execute(query.where(run.c.started_at.between(low, high))).all()
        there = scan.work.records(scan.record, {number for number, _ in found})
        firings = []
        for number, at in found:
            if number not in there or there[number]["deleted_at"] is not None:
                continue
            due_at = self._due_at(at, clockwork.zone_of(scan.work, there[number]))
            if scan.since < due_at <= scan.until:
                firings.append(Firing(Ref(scan.record, number), scan.cause("entry", at), due_at))
        return sorted(firings, key=lambda one: (one.due_at, one.ref.id))

    def next_due(self, scan: Scan) -> datetime | None:
        """Return about when the first record is due."""
        since = scan.since or scan.until
        query = select(func.min(run.c.started_at)).where(*self._entered(scan))
        after = run.c.started_at > since - self._length - _SHIFT
        first = scan.work.connection.execute(query.where(after)).scalar()
        if first is None:
            return None
        near = self._due_at(first, scan.zone)
        return near if near > since else since + timedelta(minutes=15)

    def due_at(self, cause: str) -> datetime:
        """Return about when whoever fired for this entry was due."""
        return super().due_at(cause) + self._length

    def sentence(self) -> str:
        """Say how long after which entry, in the singular for one."""
        unit = self.unit if self.amount != 1 else self.unit[:-1]
        return f"{self.amount} {unit} after it entered “{self.workflow}”"

    @property
    def _length(self) -> timedelta:
        return timedelta(**{self.unit: self.amount})

    def _due_at(self, entered: datetime, zone: tzinfo) -> datetime:
        if self.unit == "hours":
            return entered + self._length
        return plus_days(entered, self._length.days, zone)

    def _entered(self, scan: Scan) -> tuple[ColumnElement[bool], ...]:
        """Return what holds of the runs of records of the scan's kind through the workflow."""
        named = (workflow.c.name == self.workflow.strip(), workflow.c.deleted_at.is_(None))
        numbers = select(workflow.c.id).where(*named)
        return run.c.workflow_id.in_(numbers), run.c.record_kind == scan.record
