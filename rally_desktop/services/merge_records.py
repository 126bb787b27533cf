"""Records made one: everything moves, the stricter consent stays, and all can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.core.fold import fold
from rally_desktop.model.changes import (
    RecordDeleted,
    RecordRestored,
    RecordsMerged,
    RecordsParted,
    RowAdded,
    RowChanged,
    TagAdded,
    TagRemoved,
)
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.rows import select_rows
from rally_desktop.model.tables import record_merge, user_account
from rally_desktop.model.work import OWN, Work
from rally_desktop.services import (
    contacts,
    merge_rows,
    merge_runs,
    merge_values,
    records,
    scoring,
)

MOST = 5  # records that become one at a time
PAGE = 200


@dataclass(frozen=True)
class Merge:
    """Two records that became one."""

    id: int
    at: datetime
    kept: Ref
    gone: Ref
    undone: bool
    kept_name: str = ""
    gone_name: str = ""
    by: str = ""


def merge(work: Work, kept: Ref, gone: Ref, values: Mapping[str, Any] | None = None) -> int:
    """Make two records one and return the number of the merge.

    ``values`` are fields that somebody chose; where they would loosen a consent they do not.
    The other record goes to the trash. No workflow starts by it: what both are was known before.
    """
    if kept.kind != gone.kind or kept == gone:
        raise Refused("Choose two different records of one kind.")
    work.load(sorted((kept, gone)))
    refuse_gone(work, (kept, gone))
    work.listened = lambda line: False
    before, wanted = merge_values.image(work, kept), _wanted(work, kept, gone, values or {})
    tags = sorted(work.record(gone)["tags"] - work.record(kept)["tags"])
    ended = merge_runs.settle(work, kept, gone)
    moved = merge_rows.move(work, kept, gone)
    number = work.new_id("record_merge")
    work.change(RecordsMerged(kept, gone, number, records.name_of(gone.kind, work.record(gone))))
    work.change(RecordDeleted(gone))  # before the other takes its address, which only one may have
    for tag in tags:
        work.change(TagAdded(kept, tag))
    merge_values.put(work, kept, wanted)
    if kept.kind == "contact" and scoring.of(work).on:
        scoring.work_out(work, [kept.id])  # for what both did
    after = merge_values.image(work, kept)
    fields = {
        name: (before.get(name), after.get(name))
        for name in before.keys() | after.keys()
        if before.get(name) != after.get(name)
    }
    detail = {"fields": fields, "moved": moved, "tags": tags, "ended": ended}
    row = {"id": number, "record_kind": kept.kind, "kept_id": kept.id, "gone_id": gone.id}
    row |= {"at": work.now, "user_id": work.user_id, "undone_at": None, "detail": detail}
    work.change(RowAdded("record_merge", row))
    return number


def merge_all(
    work: Work, kept: Ref, others: Sequence[Ref], picks: Mapping[str, Ref] | None = None
) -> list[int]:
    """Make several records one and return the numbers of the merges.

    ``picks`` says of which of them a field is taken where that is not the usual one.
    """
    everybody = [kept, *others]
    if not 1 < len(set(everybody)) == len(everybody) <= MOST:
        raise Refused(f"Choose two to {MOST} different records.")
    refuse_gone(work, everybody)
    chosen = {name: value_of(work, ref, name) for name, ref in (picks or {}).items()}
    made = [merge(work, kept, one) for one in others[:-1]]
    return [*made, merge(work, kept, others[-1], chosen)]


def value_of(work: Work, ref: Ref, name: str) -> Any:
    """Return what a record says in a field, also in one of the office's own."""
    found = work.record(ref)
    if name.startswith(OWN):
        return (found["custom"] or {}).get(name.removeprefix(OWN))
    return found[name]


def _wanted(work: Work, kept: Ref, gone: Ref, values: Mapping[str, Any]) -> dict[str, Any]:
    own = {name: value for name, value in values.items() if name.startswith(OWN)}
    plain = {name: value for name, value in values.items() if name not in own}
    chosen = {**records.checked(kept.kind, plain), **own}
    made = {**merge_values.merged(work, kept, gone), **chosen}
    made |= merge_values.points(work, kept, gone, made.get("score"))
    return made | merge_values.strict(work, kept, gone, str(made.get("email", "")))


def refuse_gone(work: Work, refs: Iterable[Ref]) -> None:
    """Say what became of a record that is not there: perhaps somebody was quicker."""
    for ref in refs:
        _refuse_gone(work, ref)


def _refuse_gone(work: Work, ref: Ref) -> None:
    found = work.find(ref)
    if found is not None and found["deleted_at"] is None:
        return
    own = record_merge.c
    query = select(own.kept_id, own.user_id).where(
        own.record_kind == ref.kind, own.gone_id == ref.id, own.undone_at.is_(None)
    )
    last = work.connection.execute(query.order_by(own.id.desc()).limit(1)).first()
    if found is None or last is None:
        raise NotFound(f"That {ref.kind} does not exist any more.")
    into = work.find(Ref(ref.kind, last.kept_id))
    name = records.name_of(ref.kind, found)
    other = records.name_of(ref.kind, into) if into else f"another {ref.kind}"
    who = _names(work, [last.user_id]).get(last.user_id, "Somebody")
    raise Refused(f"{who} has merged {name} with {other} already. Look again.")


def undo(work: Work, number: int) -> Ref:
    """Part two records again and return the one that comes back.

    What has changed since on the one that was kept stays; what it took over goes back.
    """
    own = record_merge
    query = select(own).where(own.c.id == number).with_for_update()
    found = work.connection.execute(query).one_or_none()
    if found is None:
        raise NotFound("That merge is not known.")
    if found.undone_at is not None:
        raise Refused("These two were parted again already.")
    kept, gone = Ref(found.record_kind, found.kept_id), Ref(found.record_kind, found.gone_id)
    work.load(sorted((kept, gone)))
    _refuse_parting(work, kept, gone, found.detail["fields"])
    work.listened = lambda line: False
    detail, now = found.detail, merge_values.image(work, kept)
    merge_rows.move_back(work, kept, gone, detail["moved"])
    merge_runs.reopen(work, detail.get("ended", {}))
    back = {name: was for name, (was, made) in detail["fields"].items() if now.get(name) == made}
    merge_values.put(
        work, kept, {name: merge_values.plain(kept.kind, name, old) for name, old in back.items()}
    )
    for tag in detail["tags"]:
        if tag in work.record(kept)["tags"]:
            work.change(TagRemoved(kept, tag))
    work.change(RecordRestored(gone))
    other = work.record(gone)
    work.change(RecordsParted(kept, gone, records.name_of(gone.kind, other)))
    work.change(RowChanged("record_merge", number, {"undone_at": work.now}))
    return gone


def undo_all(work: Work, numbers: Sequence[int]) -> None:
    """Part records again that became one in one go."""
    for number in reversed(numbers):
        undo(work, number)


def _refuse_parting(work: Work, kept: Ref, gone: Ref, fields: Mapping[str, Any]) -> None:
    """Say why two cannot be parted: erased, merged further, or an address that is taken."""
    other, one = work.find(gone), work.find(kept)
    if other is None or one is None:
        raise NotFound("One of the two was erased: there is nothing to bring back.")
    name = records.name_of(kept.kind, one)
    if one["deleted_at"] is not None:
        raise Refused(
            f"{name} is in the trash, or was merged with another {kept.kind} since. "
            "Bring it back first, then undo this."
        )
    if other["deleted_at"] is None:
        raise Refused(f"{records.name_of(gone.kind, other)} was brought back already.")
    taken = contacts.with_email(work, other["email"]) if gone.kind == "contact" else None
    given_back = "email" in fields and one["email"] == fields["email"][1]
    if taken is None or (taken == kept and given_back):
        return
    holder = work.record(taken)
    if fold(holder["email"]) == fold(other["email"]):  # also after what this very work changed
        has = f"{records.name_of('contact', holder)} has the address {other['email']} now."
        raise Refused(f"{has} Change it there first.")


# -- what was merged ---------------------------------------------------------------------------


def history(work: Work, ref: Ref) -> list[Merge]:
    """Return the merges that a record was part of, the newest first."""
    own = record_merge.c
    return _read(work, ref.kind, or_(own.kept_id == ref.id, own.gone_id == ref.id))


def latest(work: Work, kind: RecordKind) -> list[Merge]:
    """Return the latest merges of records of a kind, the newest first."""
    return _read(work, kind)


def _read(work: Work, kind: RecordKind, *conditions: Any) -> list[Merge]:
    own = record_merge.c
    query = (
        select(own.id, own.at, own.kept_id, own.gone_id, own.undone_at, own.user_id)
        .where(own.record_kind == kind, *conditions)
        .order_by(own.id.desc())
        .limit(PAGE)
    )
    found = work.connection.execute(query).all()
    numbers = {number for row in found for number in (row.kept_id, row.gone_id)}
    there = select_rows(work.connection, kind, numbers)
    called = {one["id"]: records.name_of(kind, one) for one in there}
    people = _names(work, [row.user_id for row in found])
    return [
        Merge(
            row.id, row.at, Ref(kind, row.kept_id), Ref(kind, row.gone_id),
            row.undone_at is not None, called.get(row.kept_id, "(erased)"),
            called.get(row.gone_id, "(erased)"), people.get(row.user_id, ""),
        )
        for row in found
    ]  # fmt: skip


def _names(work: Work, numbers: Sequence[int | None]) -> dict[int | None, str]:
    own = user_account.c
    wanted = {number for number in numbers if number is not None}
    found = work.connection.execute(select(own.id, own.name).where(own.id.in_(wanted)))
    return {row.id: row.name for row in found}
