"""Going back: records as they were on a day, and what has happened to them since, in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import delete, func, insert, select, tuple_

from rally_desktop.core.fold import fold
from rally_desktop.engine.rehearsing.copying import CHUNK, Cast
from rally_desktop.model import changes
from rally_desktop.model.changes import Change, Line
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.rows import table
from rally_desktop.model.tables import activity, record_tag, run, tag
from rally_desktop.model.tables.base import Instant
from rally_desktop.model.work import TOUCHES, Cause, Snapshot, Work


@dataclass(frozen=True)
class Past:
    """One line of the office's timeline since the day gone back to."""

    at: datetime
    ref: Ref
    kind: str
    detail: Mapping[str, Any]
    user_id: int | None
    cause: Cause | None
    ours: bool


class Happened(Change, frozen=True):
    """Something that is told again, line for line."""

    ref: Ref
    kind: str
    detail: Mapping[str, Any]

    def line(self) -> Line:
        """Say what was said then."""
        return Line(self.ref, self.kind, self.detail)


def since(work: Work, people: Cast, moment: datetime, workflow_id: int | None) -> list[Past]:
    """Return what happened to these records from a moment on, the oldest first."""
    columns = activity.c
    lines: list[tuple[datetime, int, Past]] = []
    for kind, numbers in people.items():
        keys = sorted(numbers)
        for place in range(0, len(keys), CHUNK):
            query = (
                select(activity, run.c.workflow_id)
                .join(run, run.c.id == columns.run_id, isouter=True)
                .where(columns.at >= moment, columns.record_kind == kind)
                .where(columns.record_id.in_(keys[place : place + CHUNK]))
            )
            found = work.connection.execute(query.add_columns(columns.id.label("number")))
            lines += [(row.at, row.number, _past(row, workflow_id)) for row in found]
    return [past for _, _, past in sorted(lines, key=lambda one: one[:2])]


def _past(row: Any, workflow_id: int | None) -> Past:
    ours = workflow_id is not None and str(workflow_id) in row.chain.split(",")
    return Past(
        row.at, Ref(row.record_kind, row.record_id), row.kind, msgspec.json.decode(row.detail),
        row.user_id, None if row.run_id is None else Cause(row.run_id, row.chain),
        ours or (workflow_id is not None and row.workflow_id == workflow_id),
    )  # fmt: skip


class TimeMachine:
    """Takes the records of a scratch office back, then lets happen again what happened."""

    def __init__(self, lines: list[Past]) -> None:
        self._lines = lines
        self._born: dict[Ref, Snapshot] = {}

    def groups(self) -> Iterable[tuple[datetime, list[Past]]]:
        """Yield what happened in one go, the oldest first, without what the workflow itself did."""
        others = (one for one in self._lines if not one.ours)
        for (at, _), group in groupby(others, key=lambda one: (one.at, one.user_id)):
            yield at, list(group)

    def go_back(self, work: Work) -> None:
        """Undo every line, the newest first; who did not exist yet is taken away."""
        about: defaultdict[Ref, list[Past]] = defaultdict(list)
        for line in reversed(self._lines):
            about[line.ref].append(line)
        work.load(about)
        for ref, lines in about.items():
            found = work.find(ref)
            if found is not None:
                self._undo(work, ref, found, lines)
        self._untouch(work, about)

    def _undo(self, work: Work, ref: Ref, found: Snapshot, lines: list[Past]) -> None:
        tags = set(found["tags"])
        values: dict[str, Any] = {}
        for line in lines:
            values |= _before(ref.kind, line)
            if line.kind in ("tag_added", "tag_removed"):
                _set_tag(tags, line.detail["tag"], worn=line.kind == "tag_removed")
        _write_tags(work, ref, tags)
        if any(line.kind == "created" for line in lines):
            ours = ("id", "created_at", "updated_at", "tags", "deleted_at")
            born = {**found, **values}
            self._born[ref] = {name: born[name] for name in born if name not in ours}
            known = table(ref.kind)
            work.connection.execute(delete(known).where(known.c.id == ref.id))
        else:
            work.mark(ref, values)

    def _untouch(self, work: Work, about: Mapping[Ref, list[Past]]) -> None:
        """Set the columns that lines move by themselves to the last such line before."""
        moved = {
            ref: dict.fromkeys(_touched(ref, lines))
            for ref, lines in about.items()
            if ref not in self._born and work.find(ref) is not None
        }
        refs = [ref for ref, values in moved.items() if values]
        for place in range(0, len(refs), CHUNK):
            for ref, kind, at in _last(work, refs[place : place + CHUNK]):
                values = moved[ref]
                for name in values.keys() & set(TOUCHES[kind]):
                    values[name] = max(filter(None, (values[name], at)))
        for ref in refs:
            work.mark(ref, moved[ref])

    # -- forward ---------------------------------------------------------------------------

    def happen(self, work: Work, group: Iterable[Past]) -> None:
        """Let some lines happen again, by whom they were said then."""
        for line in group:
            work.user_id = line.user_id
            if line.kind == "created" and line.ref in self._born:
                source = line.detail.get("source", "")
                self._say(work, line, changes.RecordCreated(line.ref, self._born[line.ref], source))
            elif (found := work.find(line.ref)) is not None:
                self._say(work, line, _again(line, found))

    def _say(self, work: Work, line: Past, change: Change | None) -> None:
        if change is None:
            return
        if line.cause is None:
            work.change(change)
        else:
            with work.caused_by(line.cause):
                work.change(change)


def _touched(ref: Ref, lines: Iterable[Past]) -> set[str]:
    """Return the columns that these lines moved by themselves."""
    names = {name for line in lines for name in TOUCHES.get(line.kind, ())}
    return {name for name in names if name in table(ref.kind).c}


def _last(work: Work, refs: list[Ref]) -> Iterable[tuple[Ref, str, datetime]]:
    """Yield when the last line of each kind that moves columns was, before the day gone back to."""
    columns = activity.c
    about = (columns.record_kind, columns.record_id)
    query = select(*about, columns.kind, func.max(columns.at)).where(
        tuple_(*about).in_(refs), columns.kind.in_(list(TOUCHES))
    )
    for kind, number, line, at in work.connection.execute(query.group_by(*about, columns.kind)):
        yield Ref(kind, number), line, at


def _again(line: Past, found: Snapshot) -> Change | None:
    """Return a line as the change that it told of; None where the record is so already."""
    detail = line.detail
    match line.kind:
        case "updated":
            moved = _moved(line.ref.kind, detail["fields"])
            return changes.FieldsSet(line.ref, moved) if moved else None
        case "tag_added" | "tag_removed":
            return _tagged(line, found)
        case "stage_moved":
            return changes.StageMoved(line.ref, detail["old"], detail["new"], detail["pipeline"])
        case "deleted":
            return changes.RecordDeleted(line.ref)
        case "restored":
            return changes.RecordRestored(line.ref)
        case "created":
            return None
    return Happened(line.ref, line.kind, detail)


def _moved(kind: RecordKind, fields: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the fields of a line with their values before and after, as columns hold them."""
    return {
        name: (_typed(kind, name, old), _typed(kind, name, new))
        for name, (old, new) in fields.items()
        if name in table(kind).c
    }


def _tagged(line: Past, found: Snapshot) -> Change | None:
    worn = fold(line.detail["tag"]) in {fold(name) for name in found["tags"]}
    if worn == (line.kind == "tag_added"):
        return None
    made = changes.TagAdded if line.kind == "tag_added" else changes.TagRemoved
    return made(line.ref, line.detail["tag"])


def _before(kind: RecordKind, line: Past) -> dict[str, Any]:
    """Return the columns of a record as they were before a line."""
    match line.kind:
        case "updated":
            moved = _moved(kind, line.detail["fields"])
            return {name: old for name, (old, _) in moved.items()}
        case "stage_moved":
            return {"stage": line.detail["old"]}
        case "deleted":
            return {"deleted_at": None}
        case "restored":
            return {"deleted_at": line.at}
    return {}


def _typed(kind: RecordKind, name: str, told: Any) -> Any:
    """Return a value as the column holds it: on a timeline, moments are text."""
    is_moment = isinstance(table(kind).c[name].type, Instant)
    return datetime.fromisoformat(told) if is_moment and isinstance(told, str) else told


def _set_tag(tags: set[str], name: str, *, worn: bool) -> None:
    same = {known for known in tags if fold(known) == fold(name)}
    tags -= same
    if worn:
        tags.add(name)


def _write_tags(work: Work, ref: Ref, names: set[str]) -> None:
    worn = record_tag.c
    mine = (worn.record_kind == ref.kind, worn.record_id == ref.id)
    work.connection.execute(delete(record_tag).where(*mine))
    for name in sorted(names):
        known = select(tag.c.id).where(tag.c.name_key == fold(name))
        number = work.connection.execute(known).scalar()
        if number is None:
            number = work.new_id("tag")
            made = {"id": number, "name": name, "name_key": fold(name)}
            work.connection.execute(insert(tag).values(**made))
        row = {"record_kind": ref.kind, "record_id": ref.id, "tag_id": number}
        work.connection.execute(insert(record_tag).values(**row))
    if (found := work.find(ref)) is not None:
        found["tags"] = frozenset(names)
