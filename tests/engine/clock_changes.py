"""Every change of a zone's clocks in some years, and what must hold around each of them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from rally_desktop.core.days import at_time, local, plus_days
from rally_desktop.engine.nodes.triggers.schedule import Schedule

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def changes(zone, first, last):
    """Return the days, as midnight UTC, in which the clocks of a zone change."""
    moment, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    found = []
    while moment < end:
        if moment.astimezone(zone).utcoffset() != (moment + DAY).astimezone(zone).utcoffset():
            found.append(moment)
        moment += DAY
    return found


def exists(wall, zone):
    """Say whether a wall-clock time ever was."""
    there = wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    return there.replace(tzinfo=None, fold=0) == wall


def hold(name, first, last, every=45):
    """Check days around every change of one zone, at every so many minutes of the day."""
    zone = ZoneInfo(name)
    for change in changes(zone, first, last):
        for minute in range(0, 1440, every):
            _occurrences_hold(zone, change.date(), time(*divmod(minute, 60)))
        _waits_hold(zone, change, every)


def _occurrences_hold(zone, change, clock):
    """Once for each local day, in order, at the time on the wall or right after the gap."""
    days = [change + number * DAY for number in range(-2, 4)]
    begin = at_time(days[0], "00:00", zone) - MINUTE
    times = Schedule(at=f"{clock:%H:%M}").times(begin, zone)
    moments = list(islice(times, len(days)))
    assert all(sooner < later for sooner, later in pairwise(moments)), (zone, clock)
    for moment, day in zip(moments, days, strict=True):
        _kept(zone, moment, datetime.combine(day, clock))


def _kept(zone, moment, wanted):
    """The wall shows the time; where it never did, it is the first instant it could be."""
    shown = local(moment, zone)
    if exists(wanted, zone):
        assert shown == wanted, (zone, wanted, shown)
        assert local(moment - 3 * timedelta(hours=1), zone) < wanted  # the first, if it comes twice
    else:
        assert local(moment - timedelta(microseconds=1), zone) < wanted < shown, (zone, wanted)


def _waits_hold(zone, change, every):
    """Waits of a day end in the order in which they began, each at the same time on the wall."""
    ends = []
    for step in range(0, 3 * 1440, every):
        began = change - DAY + step * MINUTE
        end = plus_days(began, 1, zone)
        ends.append((local(began, zone), end))
        _kept(zone, end, local(began, zone) + DAY)
    ordered = sorted(ends)
    assert [end for _, end in ordered] == sorted(end for _, end in ends), zone
