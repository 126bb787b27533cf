"""Whose clock counts: the zone in which days begin and end for a record."""

from __future__ import annotations

from collections.abc import Mapping
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
