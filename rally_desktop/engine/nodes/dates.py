"""Moments that are reckoned from a date: so many days or hours before or after it."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Literal, Protocol

from rally_desktop.core.days import in_year, in_zone, local
from rally_desktop.core.errors import UnknownField
from rally_desktop.core.schema import Choice, Number, TimeOfDay
from rally_desktop.model.fields import FieldInfo
from rally_desktop.model.ref import RecordKind
from rally_desktop.model.work import Work
from rally_desktop.services import merging

When = Literal["before", "on", "after"]
Unit = Literal["days", "hours"]
_OFF = ("when", ("before", "after"))
WHEN = Choice("When")
AMOUNT = Number("How long", least=0, most=3_650, shown_when=_OFF)
UNIT = Choice("Unit", shown_when=_OFF)
AT = TimeOfDay("At", help="Empty: at the field's own time of day.", required=False)


class Rule(Protocol):
    """The settings that say how far from a date something is, and at which time of day.

    Days keep the wall clock where the record lives; hours are elapsed time.
    """

    @property
    def when(self) -> When: ...
    @property
    def amount(self) -> int: ...
    @property
    def unit(self) -> Unit: ...
    @property
    def at(self) -> str: ...


def field(work: Work, record: RecordKind, name: str) -> FieldInfo:
    """Return a field by its name, or raise UnknownField: the office's own ones may go."""
    known = merging.fields(work, record)
    if name not in known:
        raise UnknownField(name, list(known))
    return known[name]


def shift(rule: Rule) -> timedelta:
    """Return how far from the date it is, on the wall clock where days are meant."""
    if rule.when == "on":
        return timedelta()
    length = timedelta(**{rule.unit: rule.amount})
    return -length if rule.when == "before" else length


def moment(
    rule: Rule, value: datetime, zone: tzinfo, *, timed: bool, year: int | None = None
) -> datetime:
    """Return when it is for a value of the field, or for its anniversary in a year.

    A date without a time of day comes as midnight UTC of its day; a moment is ``timed``.
    """
    wall = local(value, zone) if timed else value.replace(tzinfo=None)
    day = wall.date() if year is None else in_year(wall.date(), year)
    elapsed = rule.unit == "hours" and rule.when != "on"
    own = timed and (elapsed or not rule.at)
    clock = wall.time() if own else datetime.strptime(rule.at or "00:00", "%H:%M").time()
    base = datetime.combine(day, clock)
    return in_zone(base, zone) + shift(rule) if elapsed else in_zone(base + shift(rule), zone)


def said(rule: Rule, name: str) -> str:
    """Say when it is, as 3 days before renewal at 09:00."""
    name = name.removeprefix("custom.").replace("_", " ")
    elapsed = rule.unit == "hours" and rule.when != "on"
    at = f" at {rule.at}" if rule.at and not elapsed else ""
    if rule.when == "on" or not rule.amount:
        return f"on {name}{at}"
    unit = rule.unit if rule.amount != 1 else rule.unit[:-1]
    return f"{rule.amount} {unit} {rule.when} {name}{at}"
