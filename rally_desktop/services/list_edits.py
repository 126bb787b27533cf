"""Keeping the office's own lists: values added, renamed, ordered, archived, merged.

What records say follows a new name at once and without a line on their timelines: nothing about
the record has changed, so no workflow starts by it.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, func, select, update

from rally_desktop.core.errors import Refused
from rally_desktop.model import tables
from rally_desktop.model.changes import RowAdded, RowChanged, RowRemoved
from rally_desktop.model.tables import choice
from rally_desktop.model.work import Work
from rally_desktop.services import in_order, lists

TITLES: Mapping[str, str] = {
    "lead_status": "Lead statuses",
    "lead_source": "Lead sources",
    "lead_type": "Lead types",
    "lead_priority": "Lead priorities",
    "task_type": "Task types",
    "task_priority": "Task priorities",
    "call_outcome": "Call outcomes",
    "meeting_type": "Meeting types",
}
LONGEST: Mapping[str, int] = dict.fromkeys(
    ("call_outcome", "task_type", "task_priority", "meeting_type"), 40
)
_CHUNK = 500
# Where each list is said.
_SAID: Mapping[str, Column[Any]] = {
    **{name: tables.contact.c[name] for name in TITLES if name in tables.contact.c},
    "task_type": tables.task.c.type,
    "task_priority": tables.task.c.priority,
    "call_outcome": tables.call.c.outcome,
    "meeting_type": tables.meeting.c.type,
}


@dataclass(frozen=True)
class Value:
    """One value of a list; ``kept`` may not go, since it ends a lead; ``records`` say it."""

    id: int
    value: str
    archived: bool
    kept: bool
    records: int


@dataclass(frozen=True)
class Merged:
    """What takes a merge of two values back: the row that went, and who said it."""

    row: Mapping[str, Any]
    into: str
    numbers: array[int]


def listed(work: Work, name: str) -> list[Value]:
    """Return the values of a list in their order, the archived ones last."""
    column = _SAID[name]
    held = dict(work.connection.execute(select(column, func.count()).group_by(column)).all())
    rows = sorted(in_order.listed(work, "choice", choice.c.list == name), key=_is_archived)
    return [
        Value(row.id, row.value, row.archived, row.terminal, held.get(row.value, 0)) for row in rows
    ]


def _is_archived(row: Any) -> bool:
    return bool(row.archived)


def add(work: Work, name: str, value: str) -> int:
    """Add a value behind those that are offered; return its number."""
    held = in_order.listed(work, "choice", choice.c.list == name)
    given = in_order.free(value, "value", (row.value for row in held), LONGEST.get(name, 200))
    number = work.new_id("choice")
    row = {"id": number, "list": name, "value": given, "position": len(held)}
    work.change(RowAdded("choice", row))
    return number


def rename(work: Work, number: int, value: str) -> int:
    """Call a value otherwise, on every record too; return on how many."""
    found = one(work, number)
    held = in_order.listed(work, "choice", choice.c.list == found.list, choice.c.id != number)
    taken = (row.value for row in held)
    given = in_order.free(value, "value", taken, LONGEST.get(found.list, 200))
    work.change(RowChanged("choice", number, {"value": given}))
    return _say(work, found.list, found.value, given)


def _say(work: Work, name: str, old: str, new: str) -> int:
    column = _SAID[name]
    work.touched.add(column.table.name)
    put = update(column.table).where(column == old).values({column.name: new})
    return work.connection.execute(put).rowcount


def move(work: Work, number: int, place: int) -> None:
    """Put a value at another place among those that are offered."""
    found = one(work, number)
    rows = sorted(in_order.listed(work, "choice", choice.c.list == found.list), key=_is_archived)
    in_order.move(work, "choice", [row.id for row in rows], number, place)


def archive(work: Work, number: int) -> None:
    """Offer a value no more; records that say it keep it."""
    found = _changeable(work, number, "archived")
    if lists.of(work, found.list) == [found.value]:
        raise Refused("A list needs at least one value. Add another one first.")
    work.change(RowChanged("choice", number, {"archived": True}))


def bring_back(work: Work, number: int) -> None:
    """Offer an archived value again."""
    one(work, number)
    work.change(RowChanged("choice", number, {"archived": False}))


def remove(work: Work, number: int) -> None:
    """Take away a value that was added a moment ago; one that is said by now is archived."""
    found = one(work, number)
    column = _SAID[found.list]
    said = select(column.table.c.id).where(column == found.value).limit(1)
    if work.connection.execute(said).first():
        archive(work, number)
    else:
        work.change(RowRemoved("choice", number))


def merge(work: Work, number: int, into: int) -> Merged:
    """Let every record that says one value say another; the first is no more."""
    gone, stays = _changeable(work, number, "merged into another"), one(work, into)
    if gone.list != stays.list or number == into:
        raise Refused("Choose another value of the same list.")
    column = _SAID[gone.list]
    key = column.table.c.id
    said = select(key).where(column == gone.value).order_by(key)
    numbers = array("q", work.connection.execute(said).scalars())
    _say(work, gone.list, gone.value, stays.value)
    work.change(RowRemoved("choice", number))
    return Merged({each.name: getattr(gone, each.name) for each in choice.c}, stays.value, numbers)


def part(work: Work, merged: Merged) -> int:
    """Take a merge back for whoever still says what it made of it; return for how many."""
    work.change(RowAdded("choice", merged.row))
    column, back = _SAID[merged.row["list"]], 0
    work.touched.add(column.table.name)
    for start in range(0, len(merged.numbers), _CHUNK):
        some = merged.numbers[start : start + _CHUNK].tolist()
        held = column.table.c.id.in_(some) & (column == merged.into)
        put = update(column.table).where(held).values({column.name: merged.row["value"]})
        back += work.connection.execute(put).rowcount
    return back


def one(work: Work, number: int) -> Any:
    """Return the row of a value; raise NotFound."""
    return in_order.one(work, "choice", number, "value")


def _changeable(work: Work, number: int, how: str) -> Any:
    found = one(work, number)
    if found.terminal:
        raise Refused(f"‘{found.value}’ ends a lead, so it cannot be {how}. Rename it instead.")
    return found
