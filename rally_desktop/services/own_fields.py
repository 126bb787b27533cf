"""The fields that an office made for itself: their values checked, and set on a record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rally_desktop.core.errors import BadSettings, UnknownField
from rally_desktop.model.changes import FieldsSet
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.work import OWN, Work
from rally_desktop.services import merging, records

PREFIX = OWN


def checked(work: Work, kind: RecordKind, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as they are stored; raise UnknownField or BadSettings."""
    made: dict[str, Any] = {}
    problems: dict[str, str] = {}
    known = merging.fields(work, kind) if values else {}
    for name, value in values.items():
        if name not in known:
            raise UnknownField(name, list(known))
        fitting, problem = records.fitting(known[name].field, value)
        made[name] = fitting.date().isoformat() if isinstance(fitting, datetime) else fitting
        if problem:
            problems[known[name].label] = problem
    if problems:
        raise BadSettings(problems)
    return made


def put(work: Work, ref: Ref, values: Mapping[str, Any]) -> bool:
    """Set checked values of a record; say whether anything differed."""
    held = work.record(ref)["custom"] or {}
    moved: dict[str, tuple[Any, Any]] = {}
    for name, value in values.items():
        old, new = held.get(name.removeprefix(PREFIX)), None if value == "" else value
        if old != new:
            moved[name] = (old, new)
    if moved:
        work.change(FieldsSet(ref, moved))
    return bool(moved)
