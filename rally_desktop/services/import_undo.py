"""The way back: a whole import undone, its updates included.

It goes through the batches backwards: what a record said before comes back, and what the import
made goes to the trash. What somebody has changed since stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import select

from rally_desktop.core import collector
from rally_desktop.core.errors import Refused
from rally_desktop.model import tables
from rally_desktop.model.changes import (
    FieldsSet,
    RecordDeleted,
    RowChanged,
    RowRemoved,
    StageMoved,
)
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.store import Store
from rally_desktop.model.work import OWN, Work
from rally_desktop.services import import_log, records
from rally_desktop.services.import_batches import Size, Watch

KEPT_NAMES = 200
# A record and a moment at which the import itself, or its undoing, wrote on its timeline.
Touch = tuple[str, int, datetime]
# Lines that the program writes by itself after a record came in.
_BY_ITSELF = (
    "score_band", "notified", "enrolled", "run_ended", "email_queued", "email_sent",
    "email_failed", "email_doubted", "sms_queued", "sms_sent", "sms_failed", "sms_doubted",
)  # fmt: skip


@dataclass
class Undone:
    """What undoing an import did; ``kept`` are records that somebody has changed since."""

    removed: int = 0
    restored: int = 0
    kept: int = 0
    names: list[str] = field(default_factory=list)
    cancelled: bool = False

    def say(self) -> str:
        """Say it in a sentence."""
        said = [f"{self.removed:,} removed"] if self.removed else []
        said += [f"{self.restored:,} brought back to what they were"] if self.restored else []
        whole = f"The import is undone: {' and '.join(said) or 'there was nothing to change'}."
        if not self.kept:
            return whole
        one = self.kept == 1
        stay = "1 record stays" if one else f"{self.kept:,} records stay"
        return f"{whole} {stay} as somebody has changed {'it' if one else 'them'} since."


@dataclass
class _Part(Undone):
    """What one transaction undid; ``finished`` says whether that was the last of its batch."""

    watch: Watch = field(default_factory=Watch)
    finished: bool = False


def undo(
    store: Store,
    job: int,
    progress: Callable[[int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Undone:
    """Undo a whole import, its updates included, in short transactions.

    ``progress`` hears how many records are done. Where it is stopped half-way the rest can be
    undone later.
    """
    found = store.read(import_log.found, job)
    if found.undone_at is not None:
        raise Refused("This import was undone already.")
    whole, ours, size = Undone(), set[Touch](), Size(store.engine.dialect.name)
    left = store.read(import_log.batches, job)
    while left:
        if cancelled and cancelled():
            whole.cancelled = True
            return whole
        with collector.at_rest():
            part = store.write_patiently(partial(_undo_some, left[-1], size.rows, ours))
            size.learn(part.watch.seconds())
        _add(whole, part)
        if part.finished:
            left.pop()
        if progress:
            progress(whole.removed + whole.restored + whole.kept)
    store.write(lambda work: work.change(RowChanged("import_job", job, {"undone_at": work.now})))
    return whole


def _add(whole: Undone, part: Undone) -> None:
    whole.removed += part.removed
    whole.restored += part.restored
    whole.kept += part.kept
    whole.names += part.names[: KEPT_NAMES - len(whole.names)]


def _undo_some(batch: int, most: int, ours: set[Touch], work: Work) -> _Part:
    """Undo so much of a batch, what it moved before what it made; keep what is left of it."""
    own = tables.import_batch.c
    at, detail = work.connection.execute(select(own.at, own.detail).where(own.id == batch)).one()
    work.listened = lambda line: False  # no workflow starts; runs end where they find nobody
    work.large = True
    done, moved, made = _Part(), detail["moved"], detail["made"]
    work.load(Ref(kind, number) for kind, number, *_ in moved[:most])
    for kind, number, fields, tags in moved[:most]:
        ours |= {(kind, number, at), (kind, number, work.now)}
        _put_back(work, Ref(kind, number), fields, tags, done)
    room = most - len(moved[:most])
    for kind in ("deal", "contact", "company"):
        _remove(work, kind, made.get(kind, [])[:room], (at, ours), done)
        made[kind], room = made.get(kind, [])[room:], max(0, room - len(made.get(kind, [])))
    left = {"made": made, "moved": moved[most:], "rejected": detail["rejected"]}
    done.finished = not left["moved"] and not any(made.values())
    if done.finished and not detail["rejected"]:
        work.change(RowRemoved("import_batch", batch))
    else:
        work.change(RowChanged("import_batch", batch, {"detail": left}))
    return done


def _put_back(
    work: Work, ref: Ref, fields: Mapping[str, Sequence[Any]], tags: Sequence[str], done: Undone
) -> None:
    found = work.find(ref)
    if found is None or found["deleted_at"] is not None:
        return
    moved, back = _way_back(work, ref, fields)
    if stage := back.pop("stage", None):
        work.change(StageMoved(ref, stage[0], stage[1], found["pipeline"]))
    if back:
        work.change(FieldsSet(ref, back))
    taken = [tag for tag in tags if records.remove_tag(work, ref, tag)]
    done.restored += bool(back or stage or taken)
    if moved:
        _stays(work, ref, done)


def _way_back(
    work: Work, ref: Ref, fields: Mapping[str, Sequence[Any]]
) -> tuple[bool, dict[str, tuple[Any, Any]]]:
    """Return whether somebody has moved one of the fields since, and how the others go back."""
    found = work.record(ref)
    now = {**found, **{f"{OWN}{name}": value for name, value in (found["custom"] or {}).items()}}
    still = {n: old for n, (old, new) in fields.items() if msgspec.to_builtins(now.get(n)) == new}
    back = {
        name: (now.get(name), _plain(ref.kind, name, old))
        for name, old in still.items()
        if not _gone(work, name, old)
    }
    return len(still) < len(fields), back


def _gone(work: Work, name: str, number: Any) -> bool:
    """Say whether the record that a link pointed to before is not there any more."""
    if name not in ("company_id", "contact_id") or number is None:
        return False
    there = work.find(Ref("company" if name == "company_id" else "contact", number))
    return there is None or there["deleted_at"] is not None


def _plain(kind: RecordKind, name: str, value: Any) -> Any:
    """Return a value out of JSON in its column's type again."""
    return value if name.startswith(OWN) else records.checked(kind, {name: value})[name]


def _remove(
    work: Work,
    kind: RecordKind,
    numbers: Sequence[int],
    made: tuple[datetime, set[Touch]],
    done: Undone,
) -> None:
    there = work.records(kind, numbers)
    touched = _touched(work, kind, list(there), *made) | _needed(work, kind, list(there))
    for number in there:
        ref = Ref(kind, number)
        if number in touched:
            _stays(work, ref, done)
        else:
            work.change(RecordDeleted(ref))
            done.removed += 1


def _stays(work: Work, ref: Ref, done: Undone) -> None:
    done.kept += 1
    if len(done.names) < KEPT_NAMES:
        done.names.append(records.name_of(ref.kind, work.record(ref)))


def _touched(
    work: Work, kind: RecordKind, numbers: list[int], at: datetime, ours: set[Touch]
) -> set[int]:
    """Return the records on whose timeline somebody, not the program, has written since."""
    own = tables.activity.c
    # Not asked for the time: that index would lead through all that came after.
    query = select(own.record_id, own.at).where(
        own.record_kind == kind,
        own.record_id.in_(numbers),
        own.run_id.is_(None),
        own.kind.not_in(_BY_ITSELF),
    )
    found = work.connection.execute(query.distinct())
    return {n for n, moment in found if moment > at and (kind, n, moment) not in ours}


def _needed(work: Work, kind: RecordKind, numbers: list[int]) -> set[int]:
    """Return the companies, or contacts, that records which stay belong to."""
    found: set[int] = set()
    for name in ("contact", "deal"):
        own = tables.metadata.tables[name].c
        if f"{kind}_id" not in own or name == kind:
            continue
        link = own[f"{kind}_id"]
        query = select(own.id, link).where(link.in_(numbers), own.deleted_at.is_(None))
        linked = {Ref(name, number): to for number, to in work.connection.execute(query)}
        work.load(linked)
        for ref, to in linked.items():
            one = work.find(ref)
            if one is not None and one["deleted_at"] is None and one[f"{kind}_id"] == to:
                found.add(to)
    return found
