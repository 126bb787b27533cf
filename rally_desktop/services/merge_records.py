"""Two records made one: everything moves, the stricter consent stays, and all can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Table, and_, or_, select, update

from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.model.changes import (
    FieldsSet,
    RecordDeleted,
    RecordRestored,
    RecordsMerged,
    RecordsParted,
    RowAdded,
    RowChanged,
    TagAdded,
    TagRemoved,
)
from rally_desktop.model.ref import Ref
from rally_desktop.model.rows import table
from rally_desktop.model.tables import enrolment, metadata, run
from rally_desktop.model.tables.workflow import OPEN_STATES
from rally_desktop.model.work import OWN, Work
from rally_desktop.services import records

# What stays with the record it was: what the engine remembers of turning filters and refusals.
_STAYS = frozenset({"matching", "verdict", "record_tag", "record_merge", "distinct_pair"})
_STRICT = ("refused", "unknown", "granted")  # the strictest consent first
_LATEST = ("last_email_sent_at", "last_email_opened_at", "last_link_clicked_at",
           "last_replied_at", "last_activity_at")  # fmt: skip
_OR = ("do_not_contact", "email_invalid")
_CONSENTS = ("consent_email", "consent_sms")


@dataclass(frozen=True)
class Merge:
    """Two records that became one."""

    id: int
    at: datetime
    kept: Ref
    gone: Ref
    undone: bool


def merged_values(work: Work, kept: Ref, gone: Ref) -> dict[str, Any]:
    """Return what the record that is kept will say: its own, else the other's; consent strictly."""
    one, other = work.record(kept), work.record(gone)
    made = {name: _merged(name, one[name], other[name]) for name in records.settable(kept.kind)}
    for name in _CONSENTS if kept.kind == "contact" else ():
        stands = one if made[name] == (one[name] or "unknown") else other
        made |= {proof: stands[proof] for proof in (f"{name}_at", f"{name}_how")}
    return made


def _merged(name: str, own: Any, theirs: Any) -> Any:
    if name in _CONSENTS:
        return min(own or "unknown", theirs or "unknown", key=_STRICT.index)
    if name in _OR:
        return bool(own or theirs)
    if name == "score":
        return max((score for score in (own, theirs) if score is not None), default=None)
    return theirs if own in (None, "") else own


def merge(work: Work, kept: Ref, gone: Ref, values: Mapping[str, Any] | None = None) -> int:
    """Make two records one and return the number of the merge.

    ``values`` are fields that somebody chose; where they would loosen a consent they do not.
    The other record goes to the trash, with it any run in a workflow that both are in.
    """
    if kept.kind != gone.kind or kept == gone:
        raise Refused("Choose two different records of one kind.")
    usual = merged_values(work, kept, gone)
    chosen = records.checked(kept.kind, values or {})
    strict = {name: usual[name] for name in (*_CONSENTS, *_OR) if name in usual}
    before = _image(work, kept)
    tags = sorted(work.record(gone)["tags"] - work.record(kept)["tags"])
    wanted = {**usual, **chosen, **strict, **_latest(work, kept, gone), **_own(work, kept, gone)}
    moved = _move(work, kept, gone)
    number = work.new_id("record_merge")
    work.change(RecordsMerged(kept, gone, number, records.name_of(gone.kind, work.record(gone))))
    work.change(RecordDeleted(gone))  # before the other takes its address, which only one may have
    for tag in tags:
        work.change(TagAdded(kept, tag))
    _set(work, kept, wanted)
    after = _image(work, kept)
    fields = {
        name: (before.get(name), made) for name, made in after.items() if before.get(name) != made
    }
    work.change(
        RowAdded(
            "record_merge",
            {
                "id": number, "record_kind": kept.kind, "kept_id": kept.id, "gone_id": gone.id,
                "at": work.now, "user_id": work.user_id, "undone_at": None,
                "detail": {"fields": fields, "moved": moved, "tags": tags},
            },
        )
    )  # fmt: skip
    return number


def undo(work: Work, number: int) -> Ref:
    """Part two records again and return the one that comes back.

    What has changed since on the one that was kept stays; what it took over goes back.
    """
    found = _row(work, number)
    if found.undone_at is not None:
        raise Refused("These two were parted again already.")
    kept, gone = Ref(found.record_kind, found.kept_id), Ref(found.record_kind, found.gone_id)
    other = work.find(gone)
    if other is None:
        raise NotFound("The other record was erased: there is nothing to bring back.")
    detail, now = found.detail, _image(work, kept)
    _move_back(work, gone, detail["moved"])
    back = {name: was for name, (was, made) in detail["fields"].items() if now.get(name) == made}
    _set(work, kept, {name: _plain(kept, name, value) for name, value in back.items()})
    for tag in detail["tags"]:
        if tag in work.record(kept)["tags"]:
            work.change(TagRemoved(kept, tag))
    work.change(RecordRestored(gone))
    work.change(RecordsParted(kept, gone, records.name_of(gone.kind, other)))
    work.change(RowChanged("record_merge", number, {"undone_at": work.now}))
    return gone


def history(work: Work, ref: Ref) -> list[Merge]:
    """Return the merges that a record was part of, the newest first."""
    own = table("record_merge").c
    query = (
        select(own.id, own.at, own.kept_id, own.gone_id, own.undone_at)
        .where(own.record_kind == ref.kind, or_(own.kept_id == ref.id, own.gone_id == ref.id))
        .order_by(own.id.desc())
    )
    return [
        Merge(row.id, row.at, Ref(ref.kind, row.kept_id), Ref(ref.kind, row.gone_id),
              row.undone_at is not None)
        for row in work.connection.execute(query)
    ]  # fmt: skip


# -- fields ------------------------------------------------------------------------------------


def _image(work: Work, ref: Ref) -> dict[str, Any]:
    """Return what a record says, as plain JSON: its own fields one by one."""
    found = work.record(ref)
    shown = (*records.settable(ref.kind), *(name for name in _LATEST if name in found))
    image = {name: found[name] for name in shown}
    image |= {f"{OWN}{name}": value for name, value in (found["custom"] or {}).items()}
    return msgspec.to_builtins(image)


def _latest(work: Work, kept: Ref, gone: Ref) -> dict[str, Any]:
    one, other = work.record(kept), work.record(gone)
    made = {}
    for name in (name for name in _LATEST if name in one):
        moments = [value for value in (one[name], other[name]) if value is not None]
        made[name] = max(moments, default=None)
    return made


def _set(work: Work, ref: Ref, values: Mapping[str, Any]) -> None:
    found = work.record(ref)
    held = {f"{OWN}{name}": value for name, value in (found["custom"] or {}).items()}
    known = {**found, **held}
    moved = {name: (known.get(name), new) for name, new in values.items() if known.get(name) != new}
    if moved:
        work.change(FieldsSet(ref, moved))


def _own(work: Work, kept: Ref, gone: Ref) -> dict[str, Any]:
    """Return what fills the office's own fields that are empty from the other record."""
    mine, theirs = work.record(kept)["custom"] or {}, work.record(gone)["custom"] or {}
    return {f"{OWN}{name}": theirs[name] for name in theirs.keys() - mine.keys()}


def _plain(ref: Ref, name: str, value: Any) -> Any:
    """Return a value out of an image in its column's type again."""
    if name in _LATEST:
        return datetime.fromisoformat(value) if value else None
    return value if name.startswith(OWN) else records.checked(ref.kind, {name: value})[name]


# -- rows --------------------------------------------------------------------------------------


def _move(work: Work, kept: Ref, gone: Ref) -> dict[str, list[int]]:
    """Let every row about one record be about the other; return which were moved, by table."""
    moved: dict[str, list[int]] = {}
    for name, column, about in _places(gone):
        rows = table(name)
        query = select(rows.c.id).where(column == gone.id, about, _free(rows, kept))
        numbers = list(work.connection.execute(query).scalars())
        if numbers:
            moved[f"{name}.{column.name}"] = numbers
            _point(work, rows, column, numbers, kept.id)
    return moved


def _move_back(work: Work, gone: Ref, moved: Mapping[str, list[int]]) -> None:
    for place, numbers in moved.items():
        name, _, column = place.partition(".")
        _point(work, table(name), table(name).c[column], numbers, gone.id)


def _point(
    work: Work, rows: Table, column: ColumnElement[Any], numbers: list[int], target: int
) -> None:
    for start in range(0, len(numbers), 500):
        some = rows.c.id.in_(numbers[start : start + 500])
        work.connection.execute(update(rows).where(some).values({column.key: target}))


def _places(ref: Ref) -> list[tuple[str, Any, ColumnElement[bool]]]:
    """Return where rows say which record they are about: (table, column, condition)."""
    found: list[tuple[str, Any, ColumnElement[bool]]] = []
    for rows in metadata.sorted_tables:
        if rows.name in _STAYS or "id" not in rows.c:
            continue
        if "record_id" in rows.c:
            found.append((rows.name, rows.c.record_id, rows.c.record_kind == ref.kind))
        link = f"{ref.kind}_id"
        if link in rows.c:
            found.append((rows.name, rows.c[link], rows.c.id.is_not(None)))
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
        both = and_(there.c.state.in_(OPEN_STATES), run.c.state.in_(OPEN_STATES))
        clash = or_(clash, both)
    return ~select(there.c.id).where(same, clash).exists()


def _row(work: Work, number: int) -> Any:
    own = table("record_merge")
    found = work.connection.execute(select(own).where(own.c.id == number)).one_or_none()
    if found is None:
        raise NotFound("That merge is not known.")
    return found
