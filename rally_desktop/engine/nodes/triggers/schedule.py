"""Trigger: the clock, whoever the records are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, tzinfo
from itertools import islice
from typing import Annotated, ClassVar, Literal

from sqlalchemy import select

from rally_desktop.core.days import DAY, at_time, in_words, local, months_on
from rally_desktop.core.schema import Choice, Number, Pick, TimeOfDay
from rally_desktop.engine import clockwork
from rally_desktop.engine.nodes.base import ClockTrigger, Firing, Scan
from rally_desktop.model import tables
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.work import Work
from rally_desktop.services.calendar import WEEKDAYS, Weekday

# As far back as the last occurrence of any schedule may lie.
_BACK = timedelta(days=63)


class Schedule(ClockTrigger, frozen=True):
    """Starts at set times, for every record that matches the audience.

    The time is the office's. Where the computer was off, it starts once when it is back, for
    the last time that went by. A month without the day has it on its last one.
    """

    title: ClassVar = "On a schedule"
    icon: ClassVar = "calendar-clock"
    says: ClassVar = "Every {every}"
    example: ClassVar = {"every": "week", "weekdays": ["Monday"], "at": "09:00"}
    words: ClassVar = ("daily", "weekly", "monthly", "recurring", "time", "every")

    every: Annotated[Literal["day", "week", "month"], Choice("Every")] = "day"
    weekdays: Annotated[
        tuple[Weekday, ...],
        Pick("On", source="weekday", many=True, required=False, shown_when=("every", "week")),
    ] = ()
    day: Annotated[
        int,
        Number("Day of the month", least=1, most=31, shown_when=("every", "month")),
    ] = 1
    at: Annotated[str, TimeOfDay("At")] = "09:00"

    def due(self, scan: Scan) -> Iterable[Firing]:
        """Yield all records that match, for the last time that went by."""
        last = self._last(scan)
        if last is None:
            return
        records = tables.metadata.tables[scan.record].c
        query = select(records.id).where(records.deleted_at.is_(None)).order_by(records.id)
        if scan.only is not None:
            query = query.where(scan.only)
        cause = scan.cause("schedule", last)
        for number in scan.work.connection.execute(query).scalars():
            yield Firing(Ref(scan.record, number), cause, last)

    def next_due(self, scan: Scan) -> datetime | None:
        """Return the next time."""
        return next(self.times(scan.since or scan.until, scan.zone))

    def preview(self, work: Work, record: RecordKind) -> str:
        """Return the next five times."""
        zone = clockwork.office_zone(work)
        times = (in_words(moment, zone) for moment in self.next_five(work.now, zone))
        return f"Next: {', '.join(times)}"

    def next_five(self, now: datetime, zone: tzinfo) -> tuple[datetime, ...]:
        """Return the next five times."""
        return tuple(islice(self.times(now, zone), 5))

    def times(self, after: datetime, zone: tzinfo) -> Iterator[datetime]:
        """Yield every time after a moment, without end."""
        last = after
        for day in self._days(local(after, zone).date() - DAY):
            moment = at_time(day, self.at, zone)
            if moment > last:
                last = moment
                yield moment

    def problems(self) -> dict[str, str]:
        """Ask for the days of a week."""
        found = super().problems()
        if self.every == "week" and not self.weekdays:
            found["weekdays"] = "is required"
        return found

    def sentence(self) -> str:
        """Say on which days, and when."""
        if self.every == "month":
            return f"On day {self.day} of every month at {self.at}"
        names = self.settings()[1].field.say(self.weekdays).replace(" or ", " and ")
        return f"Every {names if self.every == 'week' else 'day'} at {self.at}"

    def _last(self, scan: Scan) -> datetime | None:
        """Return the last time within the scan's stretch; None where none went by."""
        if scan.since is None:
            return None
        last = None
        for moment in self.times(max(scan.since, scan.until - _BACK), scan.zone):
            if moment > scan.until:
                return last
            last = moment
        return last

    def _days(self, first: date) -> Iterator[date]:
        """Yield the days on which it is, from one on."""
        if self.every == "month":
            month = months_on(first.replace(day=1), -1)
            while True:
                month = months_on(month, 1)
                yield months_on(month.replace(month=1, day=self.day), month.month - 1)
        wanted = self.weekdays if self.every == "week" else WEEKDAYS
        while True:
            if WEEKDAYS[first.weekday()] in wanted:
                yield first
            first += DAY
