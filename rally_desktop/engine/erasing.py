"""A person erased, and trash emptied: runs end, messages are settled, then the rows go.

Both go on in short transactions, so that nobody waits; an erasure that was interrupted is gone on
with by the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar, cast

from sqlalchemy import select

from rally_desktop.engine import control
from rally_desktop.model.changes import RowRemoved
from rally_desktop.model.ref import RECORD_KINDS, RecordKind, Ref
from rally_desktop.model.store import Store
from rally_desktop.model.tables import run
from rally_desktop.model.tables.workflow import OPEN_STATES
from rally_desktop.model.wiping import wipe
from rally_desktop.model.work import Work
from rally_desktop.services import (
    audit,
    privacy,
    remains,
    scrubbing,
    search_care,
    template_versions,
    trash,
)
from rally_desktop.services.privacy import Erasure

T = TypeVar("T")
AT_ONCE = 100  # rows of the office, or records, in one transaction
LINES = 2_000  # of a timeline
RUNS = 500
Progress = Callable[[int, int], None]
Stopped = Callable[[], bool]


@dataclass(frozen=True)
class Outcome:
    """How an erasure ended; where it ``waits`` for a server, the engine ends it by itself.

    ``wiped`` says that the bytes of what was deleted are gone from the database's files.
    """

    waits: bool
    wiped: bool
    changed: int


@dataclass
class Emptied:
    """What came of deleting for good; ``left`` could not go yet."""

    gone: int = 0
    left: int = 0
    called_off: bool = False


# -- one person ----------------------------------------------------------------------------------


def erase(store: Store, ref: Ref, progress: Progress | None = None) -> Outcome:
    """Erase a person everywhere; ``progress`` hears how much has been looked through, of what."""
    return go_on(store, store.write(begin, ref), progress)


def begin(work: Work, ref: Ref) -> Erasure:
    """Send nothing more to a person, end the runs, and let nobody bring them back."""
    one = privacy.begin(work, ref)
    control.stop(work, privacy.open_runs(work, ref.id), privacy.REASON)
    work.listened = lambda line: False  # nobody is to hear of it, least of all a workflow
    return one


def go_on(store: Store, one: Erasure, progress: Progress | None = None) -> Outcome:
    """Look through the whole office for a person, then take the person's own rows away."""
    found, numbers = store.read(privacy.spread, one.contact)
    pieces, changed = store.read(scrubbing.stretches), 0
    for place, piece in enumerate(pieces):
        keys = store.read(scrubbing.hits, piece, found, numbers)
        for some in _parted(keys):
            changed += store.write_patiently(
                lambda work, some=some, piece=piece: scrubbing.scrub(
                    work, piece.table, some, found, numbers
                )
            )
        if progress:
            progress(place + 1, len(pieces))
    while store.write_patiently(lambda work: remains.thin(work, "contact", numbers, LINES)):
        continue
    done = store.write_patiently(lambda work: _finish(work, one))
    return Outcome(not done, done and _wipe(store), changed)


def settle(store: Store, one: Erasure) -> bool:
    """End an erasure that waited for a server; say whether it is over."""
    done = store.write_patiently(lambda work: _finish(work, one))
    return done and _wipe(store)


def _wipe(store: Store) -> bool:
    """Let neither the index of the search nor the files keep what was deleted."""
    search_care.purge(store)
    return store.alone(wipe)


def _finish(work: Work, one: Erasure) -> bool:
    work.listened = lambda line: False
    return privacy.finish(work, one)


def _parted(keys: Sequence[T]) -> Iterable[Sequence[T]]:
    return (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE))


# -- the trash -----------------------------------------------------------------------------------


def empty(
    store: Store,
    items: Iterable[tuple[str, int]],
    progress: Callable[[int], None] | None = None,
    stopped: Stopped = lambda: False,
) -> Emptied:
    """Delete things in the trash for good; what is not there any more is passed over."""
    done = Emptied()
    for kind, some in _batches(items):
        if stopped():
            done.called_off = True
            break
        gone = _remove(store, kind, some)
        done.gone += gone
        done.left += len(some) - gone
        if progress:
            progress(done.gone + done.left)
    if done.gone:
        store.write(audit.say, "trash_emptied", "trash", count=done.gone)
    return done


def _batches(items: Iterable[tuple[str, int]]) -> Iterator[tuple[str, Sequence[int]]]:
    for kind, group in groupby(items, key=lambda item: item[0]):
        for some in _parted([number for _, number in group]):
            yield kind, some


def _remove(store: Store, kind: str, numbers: Sequence[int]) -> int:
    if kind in RECORD_KINDS:
        known = cast(RecordKind, kind)
        return store.write_patiently(lambda work: _remove_records(work, known, numbers))
    if kind == "workflow":
        return sum(_remove_workflow(store, number) for number in numbers)
    return store.write_patiently(lambda work: _remove_rows(work, kind, numbers))


def _remove_records(work: Work, kind: RecordKind, numbers: Sequence[int]) -> int:
    """Take records away whose messages are settled; the others stay for another time."""
    there = [number for number in numbers if trash.is_there(work, kind, number)]
    within = select(run.c.id).where(
        run.c.record_kind == kind, run.c.record_id.in_(there), run.c.state.in_(OPEN_STATES)
    )
    control.stop(work, work.connection.execute(within).scalars().all(), "gone")
    work.listened = lambda line: False
    remains.cancel(work, kind, there, "gone")
    settled = [number for number in there if not remains.unsettled(work, kind, [number])]
    remains.clear(work, kind, settled)
    return len(settled)


def _remove_rows(work: Work, kind: str, numbers: Sequence[int]) -> int:
    there = [number for number in numbers if trash.is_there(work, kind, number)]
    for number in there:
        if kind in trash.WRITTEN:
            remains.clear_written(work, kind, number)
        else:
            work.change(RowRemoved(kind, number))
        if kind == "template":
            template_versions.forget(work, number)
    return len(there)


def _remove_workflow(store: Store, number: int) -> bool:
    if not store.read(trash.is_there, "workflow", number):
        return False
    while not store.write_patiently(lambda work: remains.clear_workflow(work, number, RUNS)):
        continue
    return True
