"""On which day each step of a sequence comes for somebody who enters at a certain moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rally_desktop.core.days import local, plus_days, plus_months
from rally_desktop.core.errors import BadSettings, Refused
from rally_desktop.engine.clockwork import business_days_on, next_opening
from rally_desktop.engine.nodes import step_kinds
from rally_desktop.engine.nodes.errands import Errand
from rally_desktop.engine.nodes.flow.wait import Wait
from rally_desktop.engine.nodes.flow.wait_until import WaitUntil
from rally_desktop.engine.sequence_plan import WAIT, WAITS, Line
from rally_desktop.model.graph import Graph, Hours, Step
from rally_desktop.services.calendar import Calendar

CHANNELS = {"send_email": "email", "send_sms": "sms"}


@dataclass(frozen=True)
class Due:
    """When a step comes, which day that is, and whether it may be later.

    The day of entering is the first. It may be later where somebody or something is waited for.
    """

    moment: datetime
    day: int
    later: bool = False


def begins(graph: Graph, calendar: Calendar, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the next moment at which the first message may go out, or now without messages."""
    first = next((step for step in graph.steps.values() if step.kind in CHANNELS), None)
    return _opening(graph, calendar, zone, now, first) if first else now


def timetable(
    graph: Graph, line: Line, calendar: Calendar, zone: ZoneInfo, begin: datetime
) -> list[Due]:
    """Return when each row comes, and after them when the last wait ends."""
    return list(_dues(graph, line, calendar, zone, begin))


def _dues(
    graph: Graph, line: Line, calendar: Calendar, zone: ZoneInfo, begin: datetime
) -> Iterator[Due]:
    first, at, later = local(begin, zone).date(), begin, False

    def due() -> Due:
        return Due(at, (local(at, zone).date() - first).days + 1, later)

    for row in line.rows:
        at, later = _waited(graph, row.waits, calendar, zone, (at, later))
        step = graph.steps[row.key]
        if step.kind in CHANNELS and not step.disabled:
            at = _opening(graph, calendar, zone, at, step)
        yield due()
        inner = row.paths[0] if row.paths else ()
        at, later = _waited(graph, inner, calendar, zone, (at, later))
        later = later or _waits_for_somebody(step)
    at, later = _waited(graph, line.tail, calendar, zone, (at, later))
    yield due()


def _waited(
    graph: Graph,
    keys: Sequence[str],
    calendar: Calendar,
    zone: ZoneInfo,
    stands: tuple[datetime, bool],
) -> tuple[datetime, bool]:
    """Return where one stands after some steps, of which only the waits take time."""
    at, later = stands
    for key in keys:
        step = graph.steps[key]
        if step.kind == WAIT and not step.disabled:
            at = _after(step, calendar, zone, at)
        elif not step.disabled:
            later = later or step.kind in WAITS or _waits_for_somebody(step)
    return at, later


def unanswered(step: Step, calendar: Calendar, zone: ZoneInfo, at: datetime) -> datetime:
    """Return when a step is over for somebody of whom nothing is heard.

    Who is waited for is taken to do it at once, and a date to be the day itself.
    """
    if step.kind == WAIT:
        return _after(step, calendar, zone, at)
    if step.kind != "wait_until":
        return at
    try:
        wait = WaitUntil.load(step.settings)
    except BadSettings:
        return at
    return _later(wait.amount, wait.unit, calendar, zone, at)


def is_unsure(step: Step) -> bool:
    """Say whether nobody knows how long a step takes."""
    return step.kind == "wait_for_date" or _waits_for_somebody(step)


def _after(step: Step, calendar: Calendar, zone: ZoneInfo, at: datetime) -> datetime:
    try:
        wait = Wait.load(step.settings)
    except BadSettings:
        return at
    return _later(wait.amount, wait.unit, calendar, zone, at)


def _later(amount: int, unit: str, calendar: Calendar, zone: ZoneInfo, at: datetime) -> datetime:
    if unit in ("minutes", "hours"):
        return at + timedelta(**{unit: amount})
    if unit == "business days":
        return business_days_on(calendar, at, amount, zone)
    if unit == "months":
        return plus_months(at, amount, zone)
    return plus_days(at, amount * (7 if unit == "weeks" else 1), zone)


def _opening(
    graph: Graph, calendar: Calendar, zone: ZoneInfo, at: datetime, step: Step
) -> datetime:
    """Return when a message that is due may go out; its own time where that is never."""
    office: Hours | None = calendar.hours(CHANNELS[step.kind])
    try:
        return next_opening(at, zone, [one for one in (graph.settings.hours, office) if one])
    except Refused:
        return at


def _waits_for_somebody(step: Step) -> bool:
    if step.disabled:
        return False
    kind = step_kinds().get(step.kind)
    if kind is not None and issubclass(kind, Errand):
        return bool(step.settings.get("waits", True))
    return step.kind == "approve"
