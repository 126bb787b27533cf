"""What can be taken back: the changes of a cell, of a block of cells, of a deed over many records.

What a record was before and became is noted in bytes, small enough to note a million records. To
undo puts each old value back unless somebody has changed it since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from rally_desktop.core.errors import RallyError, Refused
from rally_desktop.core.fold import fold
from rally_desktop.model import changes
from rally_desktop.model.ref import ListKind, Ref
from rally_desktop.model.work import OWN, Recorded, Work
from rally_desktop.services import (
    cells,
    contacts,
    deals,
    entry,
    own_fields,
    records,
    task_edits,
)


class Before(msgspec.Struct, array_like=True):
    """A record or a task: fields as (before, after), tags put on (true) or off, if it went."""

    kind: ListKind
    id: int
    fields: dict[str, tuple[Any, Any]] = {}
    tags: dict[str, bool] = {}
    deleted: bool = False


@dataclass(frozen=True)
class Undone:
    """How many records are as they were, and how many kept something changed since."""

    back: int = 0
    kept: int = 0

    def __add__(self, other: Undone) -> Undone:
        return Undone(self.back + other.back, self.kept + other.kept)

    def says(self) -> str:
        """Say it in one sentence."""
        if self.kept:
            return f"Undone, but {_many(self.kept)} kept what was changed there since."
        return "Undone." if self.back == 1 else f"Undone in {_many(self.back)}."


def _many(count: int) -> str:
    return f"{count:,} record{'s' * (count != 1)}"


_WHO = ("first_name", "last_name", "email")  # a contact is called by one of them

# -- cells -----------------------------------------------------------------------------------


def put(work: Work, ref: Ref, values: Mapping[str, Any]) -> bool:
    """Set cells of a record by the keys of their columns; say whether anything differed."""
    typed: dict[str, Any] = {}
    for key, value in values.items():
        if key == "name" and ref.kind == "contact":
            typed["first_name"], typed["last_name"] = cells.full_name(str(value or ""))
        elif key != "tags":
            typed[entry.typed(key)] = value
    if ref.kind == "contact" and _is_nobody({**work.record(ref), **typed}):
        raise Refused("A contact needs a name or an e-mail address.")
    changed = bool(typed) and entry.update(work, ref, typed)
    return _wear(work, ref, values.get("tags")) or changed


def _is_nobody(values: Mapping[str, Any]) -> bool:
    return not any(str(values[name] or "").strip() for name in _WHO)


def _wear(work: Work, ref: Ref, said: Any) -> bool:
    """Let a record wear exactly the tags that were typed in, separated by commas."""
    if said is None:
        return False
    wanted = {fold(tag): tag for tag in cells.tags(str(said))}
    worn = {fold(tag): tag for tag in work.record(ref)["tags"]}
    for key in worn.keys() - wanted.keys():
        records.remove_tag(work, ref, worn[key])
    for key in wanted.keys() - worn.keys():
        records.add_tag(work, ref, wanted[key])
    return worn.keys() != wanted.keys()


def put_cell(work: Work, ref: Ref, key: str, value: Any) -> bytes:
    """Set one cell; return what takes it back, nothing where it was so already."""
    if ref.kind == task_edits.KIND:
        moved = task_edits.put(work, ref.id, {entry.typed(key): value})
        return noted_tasks({ref.id: moved} if moved else {})
    since = len(work.recorded)
    put(work, ref, {key: value})
    return noted(work.recorded[since:])


def take_tag(work: Work, ref: Ref, name: str) -> bytes:
    """Take a tag off; return what puts it on again."""
    since = len(work.recorded)
    records.remove_tag(work, ref, name)
    return noted(work.recorded[since:])


# -- taking back -----------------------------------------------------------------------------


def noted(recorded: Iterable[Recorded]) -> bytes:
    """Return what takes changes back that a work has recorded; nothing where there is nothing."""
    found: dict[Ref, Before] = {}
    for change, _, _ in recorded:
        ref = getattr(change, "ref", None)
        if isinstance(ref, Ref) and isinstance(change, _KNOWN):
            _note(found.setdefault(ref, Before(ref.kind, ref.id, {}, {})), change)
    return msgspec.msgpack.encode(list(found.values())) if found else b""


def noted_tasks(moved: Mapping[int, Mapping[str, tuple[Any, Any]]]) -> bytes:
    """Return what takes changes of tasks back; nothing where there is nothing."""
    found = [Before("task", number, {**fields}) for number, fields in moved.items()]
    return msgspec.msgpack.encode(found) if found else b""


_KNOWN = (
    changes.FieldsSet, changes.StageMoved, changes.TagAdded, changes.TagRemoved,
    changes.RecordDeleted,
)  # fmt: skip


def _note(before: Before, change: Any) -> None:
    moved: Mapping[str, tuple[Any, Any]] = {}
    if isinstance(change, changes.FieldsSet):
        moved = change.fields
    elif isinstance(change, changes.StageMoved):
        moved = {"stage": (change.old, change.new)}
    elif isinstance(change, changes.RecordDeleted):
        before.deleted = True
    else:
        before.tags[change.tag] = isinstance(change, changes.TagAdded)
    for name, (old, new) in moved.items():
        before.fields[name] = (before.fields.get(name, (old,))[0], new)


def read(note: bytes) -> list[Before]:
    """Return what is in a note."""
    return msgspec.msgpack.decode(note, type=list[Before])


def undo(work: Work, note: bytes) -> Undone:
    """Put back what a note holds, save what was changed since."""
    found = read(note)
    work.load(Ref(one.kind, one.id) for one in found if one.kind != "task")
    done = [_put_back(work, one) for one in found]
    return Undone(sum(done), len(done) - sum(done))


def _put_back(work: Work, before: Before) -> bool:
    """Put one record back; say whether nothing of it was changed since."""
    try:
        if before.kind == "task":
            return task_edits.put_back(work, before.id, before.fields)
        ref = Ref(before.kind, before.id)
        if before.deleted:
            entry.restore_many(work, before.kind, [before.id])
        whole = _put_fields(work, ref, before.fields)
        return _put_tags(work, ref, before.tags) and whole
    except RallyError:
        # Gone, its address taken, its owner not there any more: it stays as it is.
        return False


def _put_fields(work: Work, ref: Ref, fields: Mapping[str, tuple[Any, Any]]) -> bool:
    found = work.record(ref)
    held = {**found, **{f"{OWN}{name}": value for name, value in (found["custom"] or {}).items()}}
    old = {name: old for name, (old, new) in fields.items() if held.get(name) == new}
    email = old.get("email")
    if email and contacts.with_email(work, email) not in (None, ref):
        del old["email"]
    own = {name: value for name, value in old.items() if name.startswith(OWN)}
    stage = old.get("stage") if ref.kind == "deal" else None
    plain = {k: v for k, v in old.items() if k not in own and not (stage and k == "stage")}
    records.set_fields(work, ref, plain)
    own_fields.put(work, ref, own)
    if stage:
        deals.move(work, ref, stage)
    return old.keys() == fields.keys()


def _put_tags(work: Work, ref: Ref, tags: Mapping[str, bool]) -> bool:
    put_back = [
        (records.remove_tag if added else records.add_tag)(work, ref, tag)
        for tag, added in tags.items()
    ]
    return all(put_back)
