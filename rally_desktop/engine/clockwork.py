"""Whose clock counts, and what the clock says there: zones, business days, opening hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from rally_desktop.core.days import DAY, in_zone, local
from rally_desktop.core.dialling import zone_of_number
from rally_desktop.core.errors import Refused
from rally_desktop.model.graph import Hours
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import company
from rally_desktop.model.work import Work
from rally_desktop.services import calendar
from rally_desktop.services.calendar import office_zone, zone_named

MOST_JITTER = timedelta(minutes=15)
# Hours repeat every week; one more week, should the clocks swallow the opening of the first.
_FAR = timedelta(days=15)
_ZONES, _ANY = "zones", "companies with zones"


def zone_of(work: Work, record: Mapping[str, Any]) -> ZoneInfo:
    """Return the zone a record lives in.

    It is the contact's own, else the company's, else that of the country of the phone number,
    else the office's; a deal lives where its contact does.
    """
    own = record.get("time_zone")
    if own and (zone := zone_named(own)):
        return zone
    if number := record.get("contact_id"):
        contact = work.find(Ref("contact", number))
        if contact is not None:
            return zone_of(work, contact)
    key = (record.get("company_id"), record.get("mobile"), record.get("phone"))
    known = work.memo.setdefault(_ZONES, {})
    if key not in known:
        known[key] = _roundabout(work, *key)
    return known[key]


def _roundabout(work: Work, company_id: int | None, *numbers: str | None) -> ZoneInfo:
    if company_id is not None and (zone := zone_named(_company_zone(work, company_id))):
        return zone
    told = (zone_of_number(number) for number in numbers if number)
    return next((zone for name in told if (zone := zone_named(name))), None) or office_zone(work)


def _company_zone(work: Work, number: int) -> str:
    """Return what a company says; most offices say it of none, so that is asked first."""
    columns = company.c
    if _ANY not in work.memo:
        some = select(columns.id).where(columns.time_zone != "").limit(1)
        work.memo[_ANY] = work.connection.execute(some).scalar() is not None
    if not work.memo[_ANY]:
        return ""
    query = select(columns.time_zone).where(columns.id == number)
    return work.connection.execute(query).scalar() or ""


# -- business days -------------------------------------------------------------------------


def is_business_day(work: Work, day: date) -> bool:
    """Say whether the office works on a day."""
    return calendar.of(work).works_on(day)


def plus_business_days(work: Work, moment: datetime, count: int, zone: tzinfo) -> datetime:
    """Return the moment some business days on (or back) at the same time on the wall clock."""
    return business_days_on(calendar.of(work), moment, count, zone)


def business_days_on(
    week: calendar.Calendar, moment: datetime, count: int, zone: tzinfo
) -> datetime:
    """Return the same by a calendar that was read before."""
    wall, step = local(moment, zone), DAY if count >= 0 else -DAY
    for _ in range(abs(count)):
        wall += step
        while not week.works_on(wall.date()):
            wall += step
    return in_zone(wall, zone)


# -- hours ---------------------------------------------------------------------------------


def next_opening(moment: datetime, zone: tzinfo, hours: Sequence[Hours]) -> datetime:
    """Return the earliest moment from this one on that lies inside all the hours.

    Hours that go over midnight belong to the day on which they begin. Raises Refused where
    they have no moment in common.
    """
    at, before = moment, None
    while at != before:
        before = at
        for one in hours:
            at = _inside(at, zone, one)
            if at > moment + _FAR:
                raise Refused(_NEVER)
    return at


_NEVER = (
    "There is no time at which this may go out: the workflow's hours, the mail account's hours "
    "and the office's quiet hours leave none. Change one of them."
)


def _inside(at: datetime, zone: tzinfo, hours: Hours) -> datetime:
    """Return the earliest moment from this one on inside one range of hours."""
    opens, closes = time.fromisoformat(hours.opens), time.fromisoformat(hours.closes)
    first = local(at, zone).date() - DAY
    for day in (first + number * DAY for number in range(_FAR.days + 1)):
        if day.weekday() in hours.days:
            last = day + DAY if closes <= opens else day
            low = in_zone(datetime.combine(day, opens), zone)
            high = in_zone(datetime.combine(last, closes), zone)
            if max(at, low) < high:
                return max(at, low)
    raise Refused(_NEVER)


def jitter(run_id: int | None, step_id: str) -> timedelta:
    """Return a delay of 0 to 15 minutes, always the same for a run and step.

    What somebody sends by hand has no run; its step is its own.
    """
    drawn = int.from_bytes(blake2b(f"{run_id}:{step_id}".encode(), digest_size=8).digest())
    return MOST_JITTER * (drawn / 2**64)
