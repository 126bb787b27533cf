"""What the reference asks of people and lines: filters, triggers, the time of day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rally_desktop.model.graph import Step
from tests.engine.model_based.office import Line, Person, fold

OFFICE = ZoneInfo("Europe/London")


def until(now: datetime, settings: dict[str, Any], person: Person) -> datetime:
    """Return when a wait is over: elapsed time, or the same time of day some days on."""
    amount, unit = settings["amount"], settings["unit"]
    if unit in ("minutes", "hours"):
        return now + timedelta(**{unit: amount})
    zone = ZoneInfo(person.zone) if person.zone else OFFICE
    wall = now.astimezone(zone).replace(tzinfo=None, fold=0)
    wall += timedelta(days=amount * (7 if unit == "weeks" else 1))
    while not exists(wall, zone):
        wall = wall.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return wall.replace(tzinfo=zone).astimezone(UTC)


def exists(wall: datetime, zone: ZoneInfo) -> bool:
    """Say whether a time of day is shown by the clocks of a zone."""
    there = wall.replace(tzinfo=zone)
    return there.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) == wall


def fits(kind: str, settings: dict[str, Any], line: Line) -> bool:
    """Say whether a line is one that a trigger listens to."""
    match kind:
        case "record_created":
            return line.kind == "created"
        case "tag_added":
            return line.kind == "tagged" and fold(line.value) in map(fold, settings["tags"])
        case "record_updated":
            return line.kind == f"updated {settings['fields'][0]}"
    raise NotImplementedError(kind)


def matches(wanted: dict[str, Any] | None, person: Person) -> bool:
    """Say whether somebody matches a filter."""
    if not wanted:
        return True
    if "all" in wanted:
        return all(matches(part, person) for part in wanted["all"])
    if "any" in wanted:
        return any(matches(part, person) for part in wanted["any"])
    if "not" in wanted:
        return not matches(wanted["not"], person)
    if wanted["field"] == "tags":
        return any(fold(tag) in person.tags for tag in wanted["value"])
    held = fold(getattr(person, wanted["field"]))
    return held != "" and held == fold(wanted["value"])


def path_of(step: Step, person: Person) -> str:
    """Return the exit of the first path that somebody matches."""
    for path in step.settings["paths"]:
        if matches(path["filter"], person):
            return path["exit"]
    return "else"


def first_exit(step: Step) -> str:
    """Return the exit of a step that is switched off."""
    if step.kind == "branch":
        return step.settings["paths"][0]["exit"]
    return "next"
