"""Trigger: a date of the record comes near, is there, or went by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar

from sqlalchemy import ColumnElement, select, true

from rally_desktop.core.days import DAY, in_words
from rally_desktop.core.schema import Pick, YesNo
from rally_desktop.engine import clockwork
from rally_desktop.engine.nodes import dates
from rally_desktop.engine.nodes.base import ClockTrigger, Firing, Scan
from rally_desktop.model import tables
from rally_desktop.model.dates import day_of_year
from rally_desktop.model.fields import FieldInfo
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.work import Work

QUARTER = timedelta(minutes=15)
# Wherever a record lives, its day is within two of the day of UTC.
_AROUND = 2 * DAY
_MOST_OF_A_YEAR = timedelta(days=300)
_AHEAD = timedelta(days=32)
MONTH = timedelta(days=30)


class DateField(ClockTrigger, frozen=True):
    """Starts some days or hours before a date of the record, on it, or after it.

    The time of day is that of the place where the record lives. Every year, 29 February is
    28 February where there is none. Where the computer was off, it starts once when it is
    back. Who gets a date that has passed already is not enrolled for it.
    """

    title: ClassVar = "Date reached"
    icon: ClassVar = "calendar-days"
    says: ClassVar = "{amount} {unit} {when} {field}"
    example: ClassVar = {"field": "created_at", "when": "after", "amount": 3}
    words: ClassVar = ("birthday", "anniversary", "renewal", "before", "after", "yearly")

    field: Annotated[str, Pick("Date", source="date_field")]
    when: Annotated[dates.When, dates.WHEN] = "on"
    amount: Annotated[int, dates.AMOUNT] = 0
    unit: Annotated[dates.Unit, dates.UNIT] = "days"
    at: Annotated[str, dates.AT] = "09:00"
    yearly: Annotated[bool, YesNo("Every year")] = False

    def due(self, scan: Scan) -> Iterable[Firing]:
        """Yield each record once whose moment came; of several years, the last."""
        if scan.since is None:
            return ()
        info = dates.field(scan.work, scan.record, self.field)
        if not (self._of_a_moment(info) or self._strikes(scan.since, scan.until)):
            return ()
        found: dict[int, datetime] = {}
        for number, moment in self._moments(scan, info, scan.since, scan.until):
            if scan.since < moment <= scan.until:
                found[number] = max(moment, found.get(number, moment))
        return [
            Firing(Ref(scan.record, number), scan.cause("date", moment), moment)
            for number, moment in sorted(found.items(), key=lambda item: item[::-1])
        ]

    def next_due(self, scan: Scan) -> datetime | None:
        """Return the next moment of any record, within a month."""
        since = scan.since or scan.until
        info = dates.field(scan.work, scan.record, self.field)
        moments = (moment for _, moment in self._moments(scan, info, since, since + _AHEAD))
        return min((moment for moment in moments if moment > since), default=since + _AHEAD - DAY)

    def sentence(self) -> str:
        """Say how long before or after which date, and when."""
        said = dates.said(self, self.field)
        return f"Every year {said}" if self.yearly else f"{said[:1].upper()}{said[1:]}"

    def preview(self, work: Work, record: RecordKind) -> str:
        """Say how many come within a month, and when the first does."""
        zone, until = clockwork.office_zone(work), work.now + MONTH
        scan = Scan(work, 0, "", record, work.now, until, zone)
        info = dates.field(work, record, self.field)
        moments = [moment for _, moment in self._moments(scan, info, work.now, until)]
        if not (coming := [moment for moment in moments if work.now < moment <= until]):
            return "No date within the next 30 days."
        first = in_words(min(coming), zone)
        return f"{len(coming):,} within the next 30 days, the first on {first}."

    def _of_a_moment(self, info: FieldInfo) -> bool:
        return info.type == "moment" and (self.unit == "hours" or not self.at)

    def _strikes(self, since: datetime, until: datetime) -> bool:
        """Say whether any clock of the world struck the time of day in between.

        All zones differ by whole quarters of an hour, and all gaps end on one.
        """
        minutes = timedelta(minutes=int(self.at[3:] or 0) if self.at else 0)
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        return any(
            (since - epoch - off) // QUARTER < (until - epoch - off) // QUARTER
            for off in (timedelta(), minutes)
        )

    def _moments(
        self, scan: Scan, info: FieldInfo, since: datetime, until: datetime
    ) -> Iterator[tuple[int, datetime]]:
        """Yield the moments of whoever may come due between two others, around it too."""
        column, records = info.column, tables.metadata.tables[scan.record].c
        assert column is not None
        low, high = since - dates.shift(self) - _AROUND, until - dates.shift(self) + _AROUND
        near = self._in_year(column, low, high) if self.yearly else column.between(low, high)
        query = select(records.id, column).where(records.deleted_at.is_(None), near)
        found = scan.work.connection.execute(query)
        values = {number: value for number, value in found if value is not None}
        for number, found in scan.work.records(scan.record, values).items():
            zone = clockwork.zone_of(scan.work, found)
            for year in range(low.year, high.year + 1) if self.yearly else (None,):
                timed = info.type == "moment"
                yield number, dates.moment(self, values[number], zone, timed=timed, year=year)

    def _in_year(
        self, column: ColumnElement[datetime], low: datetime, high: datetime
    ) -> ColumnElement[bool]:
        """Return whether a date's anniversary may lie between two moments."""
        if high - low > _MOST_OF_A_YEAR:
            return true()
        days = {f"{low + number * DAY:%m-%d}" for number in range((high - low).days + 2)}
        if "02-28" in days:
            days.add("02-29")
        return day_of_year(column).in_(sorted(days))
