"""Which rows are about a record, and how they come to be about another: all there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, or_, select, update

from rally_desktop.model.ref import Ref
from rally_desktop.model.rows import table
from rally_desktop.model.tables import enrolment, metadata, run
from rally_desktop.model.tables.workflow import OPEN_STATES
from rally_desktop.model.work import Work

AT_ONCE = 500
# What stays with the record it was: what the engine remembers of turning filters and refusals.
_STAYS = frozenset({"matching", "verdict", "record_tag", "record_merge", "distinct_pair"})
_COUNTED: Mapping[str, tuple[str, str]] = {
    "activity.record_id": ("line of the timeline", "lines of the timeline"),
    "note.record_id": ("note", "notes"),
    "task.record_id": ("task", "tasks"),
    "call.record_id": ("call", "calls"),
    "meeting.record_id": ("meeting", "meetings"),
    "message.record_id": ("message", "messages"),
    "contact.company_id": ("person", "people"),
    "deal.contact_id": ("deal", "deals"),
    "deal.company_id": ("deal", "deals"),
    "run.record_id": ("open run", "open runs"),
}


def move(work: Work, kept: Ref, gone: Ref) -> dict[str, list[int]]:
    """Let every row about one record be about the other; return which were moved, by place."""
    moved: dict[str, list[int]] = {}
    for rows, column, about in _places(gone):
        query = select(rows.c.id).where(column == gone.id, about, _free(rows, kept))
        numbers = list(work.connection.execute(query).scalars())
        if numbers:
            moved[f"{rows.name}.{column.name}"] = numbers
            _point(work, rows, column, numbers, kept.id)
    return moved


def move_back(work: Work, kept: Ref, gone: Ref, moved: Mapping[str, list[int]]) -> None:
    """Let what was moved be about the other again, as far as it is there."""
    for place, numbers in moved.items():
        name, _, column = place.partition(".")
        rows = table(name)
        _point(work, rows, rows.c[column], numbers, gone.id, rows.c[column] == kept.id)


def counted(work: Work, gone: Ref) -> list[str]:
    """Say in words what would move: ‘12 lines of the timeline’, ‘3 deals’."""
    said = []
    for rows, column, about in _places(gone):
        words = _COUNTED.get(f"{rows.name}.{column.name}")
        if words is None:
            continue
        query = select(func.count()).where(column == gone.id, about)
        if rows is run:
            query = query.where(run.c.state.in_(OPEN_STATES))
        if count := work.connection.execute(query).scalar_one():
            said.append(f"{count:,} {words[count != 1]}")
    return said


def _point(
    work: Work,
    rows: Table,
    column: ColumnElement[Any],
    numbers: list[int],
    target: int,
    *only: ColumnElement[bool],
) -> None:
    for start in range(0, len(numbers), AT_ONCE):
        some = rows.c.id.in_(numbers[start : start + AT_ONCE])
        work.connection.execute(update(rows).where(some, *only).values({column.key: target}))
    work.touched.add(rows.name)


def _places(ref: Ref) -> list[tuple[Table, Any, ColumnElement[bool]]]:
    """Return where rows say which record they are about: (table, column, condition)."""
    found: list[tuple[Table, Any, ColumnElement[bool]]] = []
    for rows in metadata.sorted_tables:
        if rows.name in _STAYS or "id" not in rows.c:
            continue
        if "record_id" in rows.c:
            found.append((rows, rows.c.record_id, rows.c.record_kind == ref.kind))
        link = f"{ref.kind}_id"
        if link in rows.c:
            found.append((rows, rows.c[link], rows.c.id.is_not(None)))
    return found


def _free(rows: Table, kept: Ref) -> ColumnElement[bool]:
    """Say which rows may move: none that would be the second of its kind there."""
    if rows not in (run, enrolment):
        return rows.c.id.is_not(None)
    there = rows.alias("there")
    same = and_(
        there.c.record_kind == kept.kind,
        there.c.record_id == kept.id,
        there.c.workflow_id == rows.c.workflow_id,
    )
    clash = there.c.cause == rows.c.cause
    if rows is run:
        inside = and_(there.c.state.in_(OPEN_STATES), run.c.state.in_(OPEN_STATES))
        clash = or_(clash, inside)
    return ~select(there.c.id).where(same, clash).exists()
