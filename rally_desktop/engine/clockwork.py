"""When something is due: wall-clock arithmetic in the zone of the person concerned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rally_desktop.model.work import Work
from rally_desktop.services import settings


@cache
def zone_named(name: str) -> ZoneInfo | None:
    """Return a zone by its IANA name, or None where there is none of that name."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def office_zone(work: Work) -> ZoneInfo:
    """Return the zone the office lives in."""
    return zone_named(settings.get(work, "time_zone", "")) or ZoneInfo("UTC")


def zone_of(work: Work, record: Mapping[str, Any]) -> ZoneInfo:
    """Return the zone a record lives in: its own where it says one, else the office's."""
    return zone_named(record.get("time_zone") or "") or office_zone(work)


def days_later(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Return the same time of day some days later, in UTC (semantics, section 7).

    A local time that does not exist becomes the first instant after the gap; one that exists
    twice is the first of the two.
    """
    local = moment.astimezone(zone)
    wanted = (local + timedelta(days=days)).replace(fold=0)
    return first_instant(wanted).astimezone(UTC)


def first_instant(local: datetime) -> datetime:
    """Return a zone-aware local time as the instant it stands for, after a gap if it is in one."""
    there = local.astimezone(UTC).astimezone(local.tzinfo)
    if there.replace(tzinfo=None) == local.replace(tzinfo=None):
        return local
    return _transition(local).astimezone(local.tzinfo)


def _transition(local: datetime) -> datetime:
    """Return the instant at which the clocks jump over ``local``, by halving a day around it."""
    zone, naive = local.tzinfo, local.replace(tzinfo=None)
    low = int((naive - timedelta(days=1)).replace(tzinfo=UTC).timestamp())
    high = int((naive + timedelta(days=1)).replace(tzinfo=UTC).timestamp())
    before = datetime.fromtimestamp(low, zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)
