"""Trigger: a set time after somebody was last in touch with a record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from typing import Annotated, ClassVar, Literal

from rally_desktop.core.clock import to_micros
from rally_desktop.core.days import plus_days
from rally_desktop.core.schema import Choice, Number, Pick
from rally_desktop.engine import clockwork
from rally_desktop.engine.nodes.base import ClockTrigger, Event, Firing, Scan
from rally_desktop.model.ref import Ref
from rally_desktop.services import activities
from rally_desktop.services.activities import Activity, Counted

_USUAL: tuple[Activity, ...] = ("Messages sent", "Messages received", "Calls", "Meetings")
# By as much may a day on the wall clock be longer or shorter than 24 hours.
_SHIFT = timedelta(hours=3)


class AfterLastContact(ClockTrigger, frozen=True):
    """Starts a set time after the last contact with a record, once until there is another.

    Hours are elapsed time; days and weeks keep the time of day where the record lives.
    Messages of this very workflow are no contact.
    """

    title: ClassVar = "After the last contact"
    icon: ClassVar = "timer"
    says: ClassVar = "{amount} {unit} after the last contact"
    example: ClassVar = {"amount": 2, "unit": "days"}
    words: ClassVar = ("delay", "follow up", "since", "silence")

    amount: Annotated[int, Number("How long", least=1, most=3_650)] = 3
    unit: Annotated[Literal["hours", "days", "weeks"], Choice("Unit")] = "days"
    counts: Annotated[
        tuple[Activity, ...], Pick("What is contact", source="activity", many=True)
    ] = _USUAL

    def due(self, scan: Scan) -> Iterable[Firing]:
        """Yield whoever was last in touch so long ago, since the last look, in due order."""
        if scan.since is None:
            return []
        counted = self._counted(scan)
        low, high = scan.since - self._length - _SHIFT, scan.until - self._length + _SHIFT
        numbers = activities.touched(scan.work, counted, low, high)
        there = scan.work.records(scan.record, numbers)
        firings = []
        for number, at in activities.latest(scan.work, counted, there).items():
            due_at = self._due_at(at, clockwork.zone_of(scan.work, there[number]))
            if scan.since < due_at <= scan.until:
                ref = Ref(scan.record, number)
                firings.append(Firing(ref, scan.cause("contact", at), due_at))
        return sorted(firings, key=lambda one: (one.due_at, one.ref.id))

    def next_due(self, scan: Scan) -> datetime | None:
        """Return about when the first record is due."""
        since = scan.since or scan.until
        counted = self._counted(scan)
        first = activities.soonest(scan.work, counted, since - self._length - _SHIFT)
        if first is None:
            return None
        near = self._due_at(first, scan.zone)
        return near if near > since else since + timedelta(minutes=15)

    def due_at(self, cause: str) -> datetime:
        """Return about when whoever fired for this last contact was due."""
        return super().due_at(cause) + self._length

    def over(self, event: Event) -> bool:
        """Say whether there was contact again."""
        return Counted(event.ref.kind, self.counts).holds(
            event.kind, event.detail.get("fields", ())
        )

    def holds(self, scan: Scan, ref: Ref, cause: str) -> bool:
        """Say whether there has been no contact since."""
        last = activities.latest(scan.work, self._counted(scan), [ref.id]).get(ref.id)
        return last is not None and cause.endswith(f":{to_micros(last)}")

    def sentence(self) -> str:
        """Say how long after, in the singular for one."""
        unit = self.unit if self.amount != 1 else self.unit[:-1]
        return f"{self.amount} {unit} after the last contact"

    @property
    def _length(self) -> timedelta:
        return timedelta(**{self.unit: self.amount})

    def _due_at(self, last: datetime, zone: tzinfo) -> datetime:
        if self.unit == "hours":
            return last + self._length
        return plus_days(last, self._length.days, zone)

    def _counted(self, scan: Scan) -> Counted:
        return Counted(scan.record, self.counts, but_of=scan.workflow_id)
