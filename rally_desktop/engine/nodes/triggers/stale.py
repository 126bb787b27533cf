"""Trigger: nothing has happened with a record for some days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal

from sqlalchemy import Select, select

from rally_desktop.core.clock import to_micros
from rally_desktop.core.conditions import Clause
from rally_desktop.core.days import DAY, INSTANT
from rally_desktop.core.fold import fold
from rally_desktop.core.schema import Choice, Number, Pick
from rally_desktop.engine.nodes.base import ClockTrigger, Event, Firing, Scan
from rally_desktop.model import tables
from rally_desktop.model.fields import fields_of
from rally_desktop.model.filters import condition
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.services import activities
from rally_desktop.services.activities import Activity, Counted

Where = Literal["Deal stage", "Lifecycle stage", "Lead status"]
_FIELD: dict[str, str] = {
    "Deal stage": "stage", "Lifecycle stage": "lifecycle_stage", "Lead status": "lead_status",
}  # fmt: skip
_OVER = frozenset({"won", "lost", "closed won", "closed lost"})
_BATCH = 500
# So long may a change that was made before the last look have taken to be there.
_OVERLAP = timedelta(minutes=5)


def _stages(label: str, source: str, where: Where) -> Pick:
    return Pick(label, source=source, many=True, required=False, shown_when=("where", where))


class Stale(ClockTrigger, frozen=True):
    """Starts when nothing has happened with a record for some days, once until something does.

    A day is 24 hours. What is ticked counts, and that the record was added; notes, changes of
    fields and messages of this very workflow do not. Only records in one of the stages are
    looked at. Who is stale already when the workflow is published is not enrolled by itself.
    """

    title: ClassVar = "Nothing happened"
    icon: ClassVar = "hourglass"
    says: ClassVar = "When nothing happened for {days} days"
    example: ClassVar = {"where": "Lifecycle stage", "lifecycle_stages": ["Lead"], "days": 7}
    records: ClassVar = ("contact", "deal")
    words: ClassVar = ("stale", "inactive", "silent", "forgotten", "days without", "idle")

    where: Annotated[Where, Choice("In", help="What the record is waiting in.")]
    stages: Annotated[tuple[str, ...], _stages("Stages", "open_stage", "Deal stage")] = ()
    lifecycle_stages: Annotated[
        tuple[str, ...], _stages("Lifecycle stages", "lifecycle_stage", "Lifecycle stage")
    ] = ()
    lead_statuses: Annotated[
        tuple[str, ...], _stages("Lead statuses", "lead_status", "Lead status")
    ] = ()
    condition: Annotated[Literal["at least", "exactly", "between"], Choice("Inactive for")] = (
        "at least"
    )
    days: Annotated[int, Number("Days", least=1, most=3_650, unit="days")] = 7
    until: Annotated[
        int,
        Number("At most", least=1, most=3_650, unit="days", shown_when=("condition", "between")),
    ] = 14
    counts: Annotated[tuple[Activity, ...], Pick("What counts", source="activity", many=True)] = (
        activities.EVERY
    )

    # -- settings --------------------------------------------------------------------------

    @property
    def chosen(self) -> tuple[str, ...]:
        """Return the stages or statuses in which a record can be stale."""
        return getattr(self, self._setting)

    @property
    def _setting(self) -> str:
        return {"Deal stage": "stages", "Lifecycle stage": "lifecycle_stages"}.get(
            self.where, "lead_statuses"
        )

    def problems(self) -> dict[str, str]:
        """Ask for a stage that is not the end of everything, and for two days in order."""
        found = super().problems()
        ends = [name for name in self.chosen if fold(name) in _OVER]
        if not self.chosen:
            found[self._setting] = "must be at least one"
        elif ends:
            found[self._setting] = f"cannot be ‘{ends[0]}’: nothing is awaited there"
        if self.condition == "between" and self.until < self.days:
            found["until"] = "must not be fewer than the days before it"
        return found

    def fits(self, record: RecordKind) -> bool:
        """Say whether records of a kind can be in such a stage."""
        return record == ("deal" if self.where == "Deal stage" else "contact")

    def sentence(self) -> str:
        """Say for how long, and where."""
        length = {
            "at least": f"{self.days} days or more",
            "exactly": f"{self.days} days",
            "between": f"{self.days} to {self.until} days",
        }[self.condition]
        return f"When nothing happened for {length} in {self.settings()[1].field.say(self.chosen)}"

    # -- the clock -------------------------------------------------------------------------

    def due(self, scan: Scan) -> Iterable[Firing]:
        """Yield whoever has been stale for long enough since the last look, in due order."""
        counted, length = self._counted(scan), timedelta(days=self.days)
        came: set[int] = set()
        numbers: set[int] | None = None
        if scan.since is not None:
            came = self._came(scan, scan.since - _OVERLAP)
            crossed = (scan.since - length, scan.until - length)
            numbers = came | activities.touched(scan.work, counted, *crossed)
        last = activities.latest(scan.work, counted, self._within(scan, numbers))
        for number, at in sorted(last.items(), key=lambda item: item[::-1]):
            if due_at := self._due_at(scan, at, came=number in came):
                yield Firing(Ref(scan.record, number), scan.cause("stale", at), due_at)

    def _due_at(self, scan: Scan, last: datetime, *, came: bool) -> datetime | None:
        """Return when a record was due; None where it was not, or not in this stretch."""
        begins, ends = last + timedelta(days=self.days), self._ends(last)
        fresh = scan.since is not None and begins > scan.since
        if begins > scan.until or not (fresh or came or scan.since is None):
            return None
        exactly = self.condition == "exactly"
        if ends is not None and scan.until >= ends:
            return begins if fresh and exactly else None
        return begins if fresh and not exactly else scan.until

    def _ends(self, last: datetime) -> datetime | None:
        """Return from when on a record has been stale for too long."""
        days = {"exactly": self.days, "between": self.until}.get(self.condition)
        return None if days is None else last + (days + 1) * DAY

    def next_due(self, scan: Scan) -> datetime | None:
        """Return when the first record has been left alone for long enough, or came elsewhere."""
        length = timedelta(days=self.days)
        since = scan.since or scan.until
        if self._came(scan, since - INSTANT):
            return scan.until
        first = activities.soonest(scan.work, self._counted(scan), since - length)
        return None if first is None else first + length

    def due_at(self, cause: str) -> datetime:
        """Return when whoever fired for this last activity was due."""
        return super().due_at(cause) + timedelta(days=self.days)

    def missed(self, late_by: timedelta) -> bool:
        """Say whether the one day on which it was to be has gone by."""
        return self.condition == "exactly" and late_by >= DAY

    # -- the episode -----------------------------------------------------------------------

    def over(self, event: Event) -> bool:
        """Say whether something that counts happened, or the record left the stages."""
        counted = Counted(event.ref.kind, self.counts, self._field)
        fields = event.detail.get("fields", {})
        return counted.holds(event.kind, fields) or self._left(event)

    def holds(self, scan: Scan, ref: Ref, cause: str) -> bool:
        """Say whether still nothing has happened, and the record is where it was."""
        within = self._within(scan, {ref.id})
        last = activities.latest(scan.work, self._counted(scan), within).get(ref.id)
        return last is not None and cause.endswith(f":{to_micros(last)}")

    def _left(self, event: Event) -> bool:
        fields = event.detail.get("fields", {})
        if event.kind == "stage_moved":
            new = event.detail["new"]
        elif event.kind == "updated" and self._field in fields:
            new = fields[self._field][1]
        else:
            return False
        return fold(str(new or "")) not in {fold(name) for name in self.chosen}

    @property
    def _field(self) -> str:
        return _FIELD[self.where]

    def _counted(self, scan: Scan) -> Counted:
        return Counted(scan.record, self.counts, self._field, scan.workflow_id, born=True)

    def _came(self, scan: Scan, since: datetime) -> set[int]:
        """Return who changed stages: who comes from elsewhere may have been silent for long."""
        moves = Counted(scan.record, ("Stage changes",), self._field)
        return activities.touched(scan.work, moves, since, scan.until)

    def _within(self, scan: Scan, numbers: set[int] | None) -> Iterator[int]:
        """Yield those of the records, or of all, that are in one of the stages."""
        query = self._in_stages(scan)
        if numbers is None:
            yield from scan.work.connection.execute(query).scalars()
            return
        ordered, column = sorted(numbers), tables.metadata.tables[scan.record].c.id
        for start in range(0, len(ordered), _BATCH):
            some = query.where(column.in_(ordered[start : start + _BATCH]))
            yield from scan.work.connection.execute(some).scalars()

    def _in_stages(self, scan: Scan) -> Select[Any]:
        records, fields = tables.metadata.tables[scan.record].c, fields_of(scan.record)
        if self._field not in fields:  # a workflow about records of another kind
            return select(records.id).where(records.id < 0)
        clause = Clause(self._field, "any_of", self.chosen)
        within = condition(clause, fields, UTC, scan.until)
        return select(records.id).where(records.deleted_at.is_(None), within)
