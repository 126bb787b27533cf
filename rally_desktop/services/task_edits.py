"""Tasks changed where they are listed: a cell, or many at once, and what takes that back.

A task is addressed as a record is, by a Ref of the kind ``task``; it has no timeline of its own,
so that what it was before is noted here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from rally_desktop.core.errors import NotFound, RallyError, Refused
from rally_desktop.core.fold import fold
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import task
from rally_desktop.model.work import Work
from rally_desktop.services import lists, tasks, users

KIND = "task"
EDITABLE = frozenset({"title", "type", "priority", "assignee", "due_at", "description"})
MORNING = 9  # o'clock, where a task had no time of day before

Values = Mapping[str, Any]
Moved = dict[str, tuple[Any, Any]]
_OFFERED = {"type": "task_type", "priority": "task_priority"}


def put(work: Work, number: int, values: Values) -> Moved:
    """Set cells of an open task as typed in; return what moved, with what it was before."""
    found = _row(work, number)
    wanted = {_stored(name): _read(work, found, name, value) for name, value in values.items()}
    moved = {
        name: (getattr(found, name), value)
        for name, value in wanted.items()
        if getattr(found, name) != value
    }
    if moved:
        _write(work, found, {name: new for name, (_, new) in moved.items()})
    return moved


def put_back(work: Work, number: int, moved: Mapping[str, Sequence[Any]]) -> bool:
    """Let a task be as it was; say whether nothing of it was changed since."""
    found = _row(work, number)
    if "done_at" in moved:
        tasks.reopen(work, number)
        return True
    old = {name: old for name, (old, new) in moved.items() if getattr(found, name) == new}
    if old:
        _write(work, found, old)
    return old.keys() == moved.keys()


def _write(work: Work, found: Row[Any], values: dict[str, Any]) -> None:
    title = values.pop("title", found.title)
    said: tasks.Details = {"assignee_id": found.assignee_id}
    said.update(values)  # type: ignore[typeddict-item]
    tasks.edit(work, found.id, title, **said)


def _stored(name: str) -> str:
    return "assignee_id" if name == "assignee" else name


def _read(work: Work, found: Row[Any], name: str, value: Any) -> Any:
    """Return what was typed in as it is kept; refuse what is none."""
    if name not in EDITABLE:
        raise Refused("Only the program sets this.")
    if name == "due_at":
        return _due(found.due_at, value)
    said = str(value or "").strip()
    if name == "assignee":
        return users.named(work, said).id if said else None
    if name in _OFFERED and said != getattr(found, name):
        return _offered(work, _OFFERED[name], said)
    return said


def _offered(work: Work, source: str, said: str) -> str:
    offered = lists.of(work, source)
    for value in offered:
        if fold(value) == fold(said):
            return value
    raise Refused(f"Choose one of these: {', '.join(offered)}.")


def _due(before: datetime | None, day: Any) -> datetime | None:
    """Return the moment on a day at the time of day that it was before."""
    if not day:
        return None
    if not isinstance(day, datetime):
        raise Refused("Type a day, such as 2026-03-28.")
    local = before.astimezone() if before else None
    hour, minute = (local.hour, local.minute) if local else (MORNING, 0)
    return datetime(day.year, day.month, day.day, hour, minute).astimezone()


def _row(work: Work, number: int) -> Row[Any]:
    found = work.connection.execute(select(task).where(task.c.id == number)).one_or_none()
    if found is None:
        raise NotFound("That task does not exist any more.")
    return found


# -- many at once ------------------------------------------------------------------------------

Deed = Callable[[Work, int], Moved]


def setting(name: str, value: Any) -> Deed:
    """Set a cell of each."""
    return lambda work, number: put(work, number, {name: value})


def postponing(days: int) -> Deed:
    """Let each be due so many days from now, at the time of day that it was."""

    def one(work: Work, number: int) -> Moved:
        return put(work, number, {"due_at": work.now.astimezone() + timedelta(days=days)})

    return one


def completing(work: Work, number: int) -> Moved:
    """Say that a task is done."""
    return {"done_at": (None, work.now)} if tasks.complete(work, number) else {}


def dropping(work: Work, number: int) -> Moved:
    """Say that a task need not be done."""
    if _row(work, number).done_at is not None:
        return {}
    tasks.drop(work, number)
    return {"done_at": (None, work.now)}


class Deeds:
    """What is done to each of many tasks; ``said`` is what the audit log calls it."""

    def __init__(self, one: Deed, *said: str) -> None:
        self._one = one
        self.said = said

    def __call__(self, work: Work, refs: Sequence[Ref]) -> tuple[int, Counter[str]]:
        """Do it to one batch; return how many it changed, and why others were refused."""
        refused, noted = Counter[str](), work.memo.setdefault(KIND, {})
        for ref in refs:
            try:
                if moved := self._one(work, ref.id):
                    noted[ref.id] = moved
            except RallyError as error:
                refused[str(error)] += 1
        return len(noted), refused


def existing(work: Work, numbers: Sequence[int]) -> list[int]:
    """Return those of some tasks that are there."""
    found = work.connection.execute(select(task.c.id).where(task.c.id.in_(list(numbers))))
    there = set(found.scalars())
    return [number for number in numbers if number in there]
