"""Days as people mean them, turned into moments once, so that all comparisons agree.

A *moment* field is compared with days of a time zone. A *date* field holds no time of day and
is stored as midnight UTC of its day; there only «today» depends on the zone.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
MOST_DAYS = 36_500
_FIRST_YEAR, _LAST_YEAR = 1000, 9000


@dataclass(frozen=True)
class Span:
    """The moments from ``low`` up to, not including, ``high``; None is without bound."""

    low: datetime | None
    high: datetime | None

    def holds(self, moment: datetime) -> bool:
        """Say whether a moment lies in the span."""
        return (self.low is None or self.low <= moment) and (
            self.high is None or moment < self.high
        )


def read_when(text: str) -> date | datetime:
    """Read an ISO 8601 day or time; raise ValueError where it is neither or out of reach."""
    read = date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    if not _FIRST_YEAR <= read.year <= _LAST_YEAR:
        raise ValueError(text)
    return read


def in_zone(wall: datetime, zone: tzinfo) -> datetime:
    """Return the UTC moment of a wall-clock time.

    A time that the clocks skip is the first instant after the gap; one that comes twice is
    the first of the two (semantics, section 7).
    """
    before = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if before <= after:
        return before
    low, high = after, before  # a gap: the clocks changed somewhere between the two
    offset = high.astimezone(zone).utcoffset()
    while high - low > INSTANT:
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return high


def local(moment: datetime, zone: tzinfo) -> datetime:
    """Return what the wall clock of a zone shows at a moment, without the zone."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def in_words(moment: datetime, zone: tzinfo) -> str:
    """Return a moment of the next months as people write it, as ``Mon 2 Mar 09:00``."""
    wall = local(moment, zone)
    return f"{wall:%a} {wall.day} {wall:%b %H:%M}"


def plus_days(moment: datetime, days: int, zone: tzinfo) -> datetime:
    """Return the moment some days on (or back) at the same time on the wall clock of a zone."""
    return in_zone(local(moment, zone) + days * DAY, zone)


def plus_length(moment: datetime, length: timedelta, zone: tzinfo) -> datetime:
    """Return the moment a length of time on: whole days keep the wall clock, the rest elapses."""
    days, rest = divmod(length, DAY)
    return moment + length if rest or not days else plus_days(moment, days, zone)


def plus_months(moment: datetime, months: int, zone: tzinfo) -> datetime:
    """Return the moment some months on (or back) at the same time on the wall clock of a zone.

    A month that is too short has it on its last day: 31 January and a month is 28 February.
    """
    wall = local(moment, zone)
    day = months_on(wall.date(), months)
    return in_zone(datetime.combine(day, wall.time()), zone)


def months_on(day: date, months: int) -> date:
    """Return the same day of another month, or its last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def in_year(day: date, year: int) -> date:
    """Return the same day of another year; 29 February is the 28th where there is none."""
    return months_on(day, (year - day.year) * 12)


def at_time(day: date, clock: str, zone: tzinfo) -> datetime:
    """Return the moment at which the clocks of a zone show a time, as ``09:00``, on a day."""
    return in_zone(datetime.combine(day, time.fromisoformat(clock)), zone)


def day_of(day: date, zone: tzinfo) -> Span:
    """Return the whole of a local day."""
    start = datetime.combine(day, time())
    return Span(in_zone(start, zone), in_zone(start + DAY, zone))


def exactly(when: date | datetime, zone: tzinfo) -> Span:
    """Return what a day or a time covers: the whole day, or that one instant."""
    if not isinstance(when, datetime):
        return day_of(when, zone)
    moment = in_zone(when, zone) if when.tzinfo is None else when.astimezone(UTC)
    return Span(moment, moment + INSTANT)


def around_now(op: str, days: int, zone: tzinfo, now: datetime) -> Span:
    """Return what ``in_last``, ``in_next`` or ``more_than_days_ago`` means at this moment."""
    if op == "in_next":
        return Span(now, plus_days(now, days, zone) + INSTANT)
    edge = plus_days(now, -days, zone)
    return Span(edge, now + INSTANT) if op == "in_last" else Span(None, edge)


def around_today(op: str, days: int, zone: tzinfo, now: datetime) -> Span:
    """Return the same for a field without a time of day: whole days, today among them."""
    today = datetime.combine(now.astimezone(zone).date(), time(), UTC)
    if op == "in_next":
        return Span(today, today + (days + 1) * DAY)
    edge = today - days * DAY
    return Span(edge, today + DAY) if op == "in_last" else Span(None, edge)
