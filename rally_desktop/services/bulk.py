"""One deed over many records: in batches of one transaction each, called off at any time.

What was done before it was called off stays done and can be taken back with the rest. The engine
and the screen go on meanwhile: whoever works at the screen is let in between two batches.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rally_desktop.core.errors import RallyError
from rally_desktop.model.ref import ListKind, RecordKind, Ref, listed
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.services import audit, edits, entry, records, task_edits
from rally_desktop.services.edits import Undone

BATCH = 500
Stopped = Callable[[], bool]
One = Callable[[Ref], bool]


@dataclass
class Done:
    """What a deed came to: ``refused`` counts why records were left as they were.

    ``looked_at`` grows while it goes on; ``notes`` take back what was done.
    """

    wanted: int = 0
    looked_at: int = 0
    changed: int = 0
    gone: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    called_off: bool = False
    notes: list[bytes] = field(default_factory=list)

    @property
    def unchanged(self) -> int:
        """Return how many were so already."""
        return self.looked_at - self.changed - self.gone - self.refused.total()


class Deed:
    """What is done to each record; ``begin`` is called once a batch and returns the doing.

    ``said`` is what the audit log calls it, with the name of the field or the tag.
    """

    def __init__(self, begin: Callable[[Work], One], *said: str) -> None:
        self._begin = begin
        self.said = said

    def __call__(self, work: Work, refs: Sequence[Ref]) -> tuple[int, Counter[str]]:
        """Do it to one batch; return how many it changed, and why others were refused."""
        one, changed, refused = self._begin(work), 0, Counter[str]()
        for ref in refs:
            try:
                changed += one(ref)
            except RallyError as error:
                refused[str(error)] += 1
        return changed, refused


Batchwise = Callable[[Work, Sequence[Ref]], tuple[int, Counter[str]]]


def setting(kind: RecordKind, name: str, value: Any) -> Deed:
    """Set a field as typed in."""

    def begin(work: Work) -> One:
        values = entry.resolved(work, kind, {name: value})
        return lambda ref: entry.put(work, ref, values)

    return Deed(begin, "set", name)


def tagging(tag: str) -> Deed:
    """Put a tag on."""
    return Deed(lambda work: lambda ref: records.add_tag(work, ref, tag), "tagged", tag)


def untagging(tag: str) -> Deed:
    """Take a tag off."""
    return Deed(lambda work: lambda ref: records.remove_tag(work, ref, tag), "untagged", tag)


def deleting() -> Deed:
    """Put into the trash."""

    def begin(work: Work) -> One:
        def one(ref: Ref) -> bool:
            records.delete(work, ref)
            return True

        return one

    return Deed(begin, "deleted")


def run(
    store: Store,
    kind: ListKind,
    numbers: array[int],
    does: Batchwise,
    done: Done,
    stopped: Stopped,
) -> Done:
    """Do a deed to many records; ``done`` tells how far it is, also where it raises."""
    done.wanted = len(numbers)
    for start in range(0, len(numbers), BATCH):
        if stopped():
            done.called_off = True
            break
        some = numbers[start : start + BATCH]
        changed, refused, there, note = store.write_patiently(
            lambda work, some=some: _batch(work, kind, some, does)
        )
        done.looked_at += len(some)
        done.changed += changed
        done.gone += len(some) - there
        done.refused += refused
        if note:
            done.notes.append(note)
    if done.changed:
        said = does.said if isinstance(does, (Deed, task_edits.Deeds)) else ()
        store.write_patiently(lambda work: _tell(work, kind, done.changed, said))
    return done


def _tell(work: Work, kind: ListKind, count: int, said: Sequence[str]) -> None:
    deed, name = (*said, "", "")[:2]
    audit.say(work, "bulk_edited", "bulk", records=kind, count=count, deed=deed, name=name)


def _batch(
    work: Work, kind: ListKind, numbers: array[int], does: Batchwise
) -> tuple[int, Counter[str], int, bytes]:
    if kind == "task":
        there = task_edits.existing(work, numbers)
        changed, refused = does(work, [listed(kind, number) for number in there])
        return changed, refused, len(there), edits.noted_tasks(work.memo[task_edits.KIND])
    found = work.records(kind, numbers)
    since = len(work.recorded)
    changed, refused = does(work, [Ref(kind, number) for number in found])
    return changed, refused, len(found), edits.noted(work.recorded[since:])


def undo(store: Store, notes: Sequence[bytes], far: Done, stopped: Stopped) -> Undone:
    """Take a deed back, the last batch first; what was called off can be gone on with."""
    undone = Undone()
    left = list(notes)
    far.wanted, far.notes = sum(len(edits.read(note)) for note in left), left
    while left and not stopped():
        undone += store.write_patiently(lambda work: edits.undo(work, left[-1]))
        far.looked_at += len(edits.read(left.pop()))
    far.called_off = bool(left)
    if far.looked_at:
        store.write_patiently(
            lambda work: audit.say(work, "bulk_undone", "bulk", count=far.looked_at)
        )
    return undone
