"""The trash: what was deleted, by whom and when; taken out again, or kept for so many days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)

from rally_desktop.core.errors import NotFound, RallyError, Refused
from rally_desktop.core.fold import fold
from rally_desktop.model.changes import FieldsSet, NoteRestored
from rally_desktop.model.ref import RECORD_KINDS, RecordKind, Ref
from rally_desktop.model.rows import table
from rally_desktop.model.store import Store
from rally_desktop.model.tables import activity, note, record_merge, user_account
from rally_desktop.model.work import Work
from rally_desktop.services import (
    contacts,
    merge_records,
    records,
    tasks,
    templates,
    trash_keeping,
    workflows,
)

PAGE = 200
KINDS = ("contact", "company", "deal", "note", "task", "workflow", "template")
# What is written about a record, and what of it says what it is; the rest has a name.
WRITTEN: Mapping[str, str] = {"note": "text", "task": "title"}
_LONGEST = 120  # characters of a note


class Place(NamedTuple):
    """Where a page of the trash ended: the moment, the kind and the number of its last line."""

    at: datetime
    kind: str
    id: int


@dataclass(frozen=True)
class Item:
    """One thing in the trash; ``ref`` is the record that it is, or that it is about.

    ``about`` is the name of that record, or a contact's own address; ``merge`` the number of the
    merge by which a record became part of another, ``into``.
    """

    kind: str
    id: int
    name: str
    at: datetime
    by: str = ""
    ref: Ref | None = None
    about: str = ""
    merge: int | None = None
    into: str = ""

    @property
    def place(self) -> Place:
        """Return where it lies."""
        return Place(self.at, self.kind, self.id)


@dataclass
class Restored:
    """What came back: the records that it is, or is about; and why the rest did not."""

    refs: list[Ref | None] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)

    def add(self, other: Restored) -> None:
        """Add what came back in another piece."""
        self.refs += other.refs
        self.left += other.left


class Taken(Refused):
    """Another contact has the address by now."""

    def __init__(self, name: str, address: str, other: Ref) -> None:
        super().__init__(f"{name} has the address {address} by now.")
        self.name, self.address, self.other = name, address, other


# -- looking ------------------------------------------------------------------------------------


def listed(
    work: Work,
    *,
    kinds: Collection[str] = (),
    text: str = "",
    after: Place | None = None,
    limit: int = PAGE,
) -> tuple[Item, ...]:
    """Return a page of what lies in the trash, what came there last first."""
    found: list[Item] = []
    for kind in kinds or KINDS:
        query = _in_trash(kind, _columns(kind), text).order_by(
            table(kind).c.deleted_at.desc(), table(kind).c.id.desc()
        )
        if after is not None:
            query = query.where(_beyond(kind, after))
        found += [
            _item(kind, row) for row in work.connection.execute(query.limit(limit)).mappings()
        ]
    found.sort(key=lambda one: one.place, reverse=True)
    return tuple(_told(work, found[:limit]))


def count(work: Work, *, kinds: Collection[str] = (), text: str = "") -> int:
    """Return how much lies in the trash."""
    queries = (_in_trash(kind, [func.count()], text) for kind in kinds or KINDS)
    return sum(work.connection.execute(query).scalar_one() for query in queries)


def expired(work: Work, limit: int) -> list[tuple[str, int]]:
    """Return what has lain in the trash for longer than the office keeps it, the oldest first."""
    days = trash_keeping.of(work).days
    return older(work, work.now - timedelta(days=days), limit) if days else []


def older(work: Work, moment: datetime, limit: int) -> list[tuple[str, int]]:
    """Return what came into the trash before a moment, the oldest of each kind first."""
    found = work.connection.execute(_older(), {"moment": moment, "most": limit})
    ordered = sorted(map(tuple, found))
    return [(KINDS[place], number) for place, _, number in ordered[:limit]]


@cache
def _older() -> CompoundSelect[Any]:
    """Return one statement for all kinds: it is asked once a minute, mostly for nothing."""
    made: list[Select[Any]] = []
    for place, kind in enumerate(KINDS):
        own = table(kind).c
        query = select(literal_column(str(place), Integer).label("place"), own.deleted_at, own.id)
        query = query.where(own.deleted_at.is_not(None), own.deleted_at < bindparam("moment"))
        query = query.order_by(own.deleted_at, own.id).limit(bindparam("most", type_=Integer))
        made.append(select(query.subquery()))
    return union_all(*made)


def count_before(work: Work, moment: datetime) -> int:
    """Return how much came into the trash before a moment."""
    queries = (
        _in_trash(kind, [func.count()], "").where(table(kind).c.deleted_at < moment)
        for kind in KINDS
    )
    return sum(work.connection.execute(query).scalar_one() for query in queries)


def pages(store: Store, **asked: Any) -> Iterator[list[tuple[str, int]]]:
    """Yield all that ``listed`` would list, a page at a time; it may go meanwhile."""
    after: Place | None = None
    while some := store.read(listed, **asked, after=after):
        after = some[-1].place
        yield [(one.kind, one.id) for one in some]


def pages_before(store: Store, moment: datetime) -> Iterator[list[tuple[str, int]]]:
    """Yield what came into the trash before a moment, a page at a time, while some goes."""
    before: list[tuple[str, int]] = []
    while (some := store.read(older, moment, PAGE)) and some != before:
        before = some
        yield some


def is_there(work: Work, kind: str, number: int) -> bool:
    """Say whether something lies in the trash."""
    own = table(kind).c
    query = select(own.id).where(own.id == number, own.deleted_at.is_not(None))
    return work.connection.execute(query).first() is not None


# -- taking out ---------------------------------------------------------------------------------


def restore(work: Work, kind: str, number: int) -> Ref | None:
    """Take one thing out of the trash; return the record that it is, or is about.

    A record that became part of another is parted from it again. Raises Taken where another
    contact has the address by now, and NotFound where it is not there any more.
    """
    if kind not in KINDS or not is_there(work, kind, number):
        raise NotFound("That is not in the trash any more.")
    if kind in RECORD_KINDS:
        return _restore_record(work, Ref(cast(RecordKind, kind), number))
    if kind == "note":
        return _restore_note(work, number)
    if kind == "task":
        return tasks.reopen(work, number)
    if kind == "workflow":
        workflows.restore(work, number)
    else:
        templates.restore(work, number)
    return None


def _restore_record(work: Work, ref: Ref) -> Ref:
    merged = _merges(work, ref.kind, [ref.id]).get(ref.id)
    found = work.find(ref)
    if ref.kind == "contact" and found is not None and merged is None:
        other = contacts.with_email(work, found["email"])
        if other is not None:
            name = records.name_of("contact", work.record(other))
            raise Taken(name, found["email"], other)
    if merged is not None:
        return merge_records.undo(work, merged[0])
    records.restore(work, ref)
    return ref


def _restore_note(work: Work, number: int) -> Ref:
    query = select(note.c.record_kind, note.c.record_id).where(note.c.id == number)
    ref = Ref(*work.connection.execute(query).one())
    work.change(NoteRestored(ref, number))
    return ref


def restore_without_address(work: Work, number: int) -> Ref:
    """Take a contact out of the trash whose address somebody else has by now, without it."""
    ref = Ref("contact", number)
    found = work.find(ref)
    if found is None or found["deleted_at"] is None:
        raise NotFound("That contact is not in the trash any more.")
    records.restore(work, ref)
    if found["email"]:
        work.change(FieldsSet(ref, {"email": (found["email"], "")}))
    return ref


def restore_into(work: Work, number: int, other: Ref) -> Ref:
    """Let a contact in the trash become part of the one that has its address by now."""
    ref = restore_without_address(work, number)
    merge_records.merge(work, other, ref)
    return other


def restore_many(work: Work, items: Sequence[tuple[str, int]]) -> Restored:
    """Take several things out of the trash; those that cannot come back stay, and it says why."""
    done = Restored()
    for kind, number in items:
        try:
            done.refs.append(restore(work, kind, number))
        except RallyError as error:
            done.left[str(error)] += 1
    return done


# -- parts --------------------------------------------------------------------------------------


def _columns(kind: str) -> list[ColumnElement[Any]]:
    own = table(kind).c
    if kind == "contact":
        named = [own.first_name, own.last_name, own.email]
    elif kind in WRITTEN:
        named = [own[WRITTEN[kind]].label("said"), own.record_kind, own.record_id]
    else:
        named = [own.name]
    return [own.id, own.deleted_at, *named]


def _in_trash(kind: str, columns: Sequence[ColumnElement[Any]], text: str) -> Select[Any]:
    rows = table(kind)
    query = select(*columns).select_from(rows).where(rows.c.deleted_at.is_not(None))
    for word in text.split():
        query = query.where(_says(kind, word))
    return query


def _says(kind: str, word: str) -> ColumnElement[bool]:
    own = table(kind).c
    if kind in RECORD_KINDS:
        return own.search_text.contains(fold(word), autoescape=True)
    column = own[WRITTEN.get(kind, "name")]
    spellings = {word, word.lower(), word.upper(), word.capitalize()}
    return or_(*(column.icontains(one, autoescape=True) for one in sorted(spellings)))


def _beyond(kind: str, place: Place) -> ColumnElement[bool]:
    own = table(kind).c
    if kind > place.kind:
        return own.deleted_at < place.at
    further = own.deleted_at < place.at if kind == place.kind else true()
    # The plain bound comes first: by it the index is gone along in order.
    return and_(own.deleted_at <= place.at, or_(further, own.id < place.id))


def _item(kind: str, row: Mapping[Any, Any]) -> Item:
    number, at = row["id"], row["deleted_at"]
    if kind in WRITTEN:
        words = " ".join(row["said"].split())
        name = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
        return Item(kind, number, name, at, ref=Ref(row["record_kind"], row["record_id"]))
    if kind in RECORD_KINDS:
        ref = Ref(cast(RecordKind, kind), number)
        told = row["email"] if kind == "contact" else ""
        return Item(kind, number, records.name_of(kind, row), at, ref=ref, about=told)
    return Item(kind, number, row["name"], at)


def _told(work: Work, items: list[Item]) -> Iterable[Item]:
    """Add who deleted things, which records became part of others, and what notes are about."""
    work.load(one.ref for one in items if one.ref and one.kind in WRITTEN)
    for kind in KINDS:
        numbers = [one.id for one in items if one.kind == kind]
        by = _WHO[kind](work, kind, numbers) if numbers and kind in _WHO else {}
        into = _merges(work, kind, numbers) if numbers and kind in RECORD_KINDS else {}
        for place, one in enumerate(items):
            if one.kind == kind:
                merge, name = into.get(one.id, (None, ""))
                told = replace(one, by=by.get(one.id, ""), about=_about(work, one))
                items[place] = replace(told, merge=merge, into=name)
    return items


def _about(work: Work, one: Item) -> str:
    """Return the name of the record that it is about, or what else tells a thing apart."""
    found = work.find(one.ref) if one.ref and one.kind in WRITTEN else None
    return records.name_of(one.ref.kind, found) if one.ref and found else one.about


def _who_records(work: Work, kind: str, numbers: Collection[int]) -> Mapping[int, str]:
    """Return who deleted records, by the last line of each timeline that says so."""
    rows, line = table(kind), activity.alias("line").c
    last = (
        select(line.id)
        .where(line.record_kind == kind, line.record_id == rows.c.id, line.kind == "deleted")
        .order_by(line.id.desc())
        .limit(1)
        .correlate(rows)
        .scalar_subquery()
    )
    query = (
        select(rows.c.id, user_account.c.name)
        .select_from(rows)
        .join(activity, activity.c.id == last)
        .join(user_account, user_account.c.id == activity.c.user_id)
        .where(rows.c.id.in_(numbers))
    )
    return {row[0]: row[1] for row in work.connection.execute(query)}


def _who_user(work: Work, kind: str, numbers: Collection[int]) -> Mapping[int, str]:
    """Return who deleted what only its own user can delete, or what keeps the user by number."""
    rows = table(kind)
    number = rows.c.user_id if kind == "note" else rows.c.deleted_by
    query = select(rows.c.id, user_account.c.name).join(user_account, user_account.c.id == number)
    found = work.connection.execute(query.where(rows.c.id.in_(numbers)))
    return {row[0]: row[1] for row in found}


_WHO: Mapping[str, Callable[[Work, str, Collection[int]], Mapping[int, str]]] = {
    **dict.fromkeys(RECORD_KINDS, _who_records),
    **dict.fromkeys(("note", "task", "workflow"), _who_user),
}


def _merges(work: Work, kind: str, numbers: Collection[int]) -> dict[int, tuple[int, str]]:
    """Return by which merge records became part of others, and what those are called."""
    own = record_merge.c
    query = select(own.gone_id, own.id, own.kept_id).where(
        own.record_kind == kind, own.gone_id.in_(numbers), own.undone_at.is_(None)
    )
    found = work.connection.execute(query.order_by(own.id)).all()
    kept = {row.kept_id for row in found}
    names = work.records(cast(RecordKind, kind), kept) if kept else {}
    return {
        row.gone_id: (row.id, records.name_of(kind, names[row.kept_id]))
        for row in found
        if row.kept_id in names
    }
