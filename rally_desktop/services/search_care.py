"""What keeps the search in order: what waits is read in, all is read anew, one is forgotten.

Whoever searches asks ``services/search.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import delete, func, select

from rally_desktop.core.errors import Refused
from rally_desktop.core.words import words_of
from rally_desktop.model import indexing, search_index, tables
from rally_desktop.model.ref import Ref
from rally_desktop.model.search_index import TEXTS, Word
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.services import records

# Things in one transaction: so few that a write at the screen need not wait for long.
PIECE = {
    "contact": 200, "company": 200, "deal": 200, "note": 50, "message": 25,
    "call": 50, "task": 100, "meeting": 200,
}  # fmt: skip
NO_INDEX = (
    "SQLite comes without full-text search here: install sqlcipher3. Until then every search "
    "looks through all records, and nothing is found that is spelt differently."
)
MADE_LATER = "the index is made when the window opens"


@dataclass(frozen=True)
class State:
    """How the search is: by an index or without, and how much that does not know yet.

    ``able`` says whether there could be an index here.
    """

    indexed: bool
    waiting: int = 0
    able: bool = True


def state(work: Work) -> State:
    """Return how the search is."""
    indexed = search_index.at_hand(work.connection) is not None
    able = indexed or search_index.can(work.connection)
    return State(indexed, waiting(work) if indexed else 0, able)


def waiting(work: Work) -> int:
    """Return how many things the index does not know yet, at most."""
    own = tables.search_pending.c
    query = select(func.sum(own.last_id - own.first_id + 1))
    return int(work.connection.execute(query).scalar() or 0)


def catch_up(work: Work, share: float = 1.0) -> int:
    """Read in a piece of what waits and return how much of it that was; 0 when nothing waits.

    ``share`` makes it smaller, where a whole piece would hold the database for too long.
    """
    index = search_index.at_hand(work.connection)
    own = tables.search_pending
    query = select(own).order_by(own.c.kind, own.c.first_id).limit(1)
    found = work.connection.execute(query.with_for_update(skip_locked=True)).one_or_none()
    if index is None or found is None:
        return 0
    kind, first, last = found
    work.connection.execute(
        delete(own).where(own.c.kind == kind, own.c.first_id == first, own.c.last_id == last)
    )
    stop = _end_of_piece(work, kind, (first, last), max(1, int(PIECE[kind] * share)))
    if stop < last:
        indexing.leave_stretches(work.connection, kind, [(stop + 1, last)])
    indexing.read_in(work.connection, index, kind, first, stop)
    work.touched.add(own.name)
    return stop - first + 1


def _end_of_piece(work: Work, kind: str, ends: tuple[int, int], most: int) -> int:
    """Return up to where there are so many things in a stretch."""
    number = tables.metadata.tables[kind].c.id
    query = select(number).where(number.between(*ends)).order_by(number)
    return work.connection.execute(query.offset(most - 1).limit(1)).scalar() or ends[1]


def read_all(
    store: Store,
    progress: Callable[[int], None],
    stopped: Callable[[], bool] = lambda: False,
    share: float = 1.0,
) -> int:
    """Make the index anew and read everything in; return how much. Others may work meanwhile.

    A ``share`` above 1 is for whoever is alone: larger pieces take less time altogether.
    """
    store.write(_begin)
    done = 0
    while not stopped() and (piece := store.write_patiently(partial(catch_up, share=share))):
        done += piece
        progress(done)
    return done


def _begin(work: Work) -> None:
    if not search_index.can(work.connection):
        raise Refused(NO_INDEX)
    search_index.make_anew(work.connection)


def forget(work: Work, ref: Ref) -> None:
    """Take a record with all that was written about it out of the index, and its name's own words.

    It must be called while the rows still say what is to be forgotten. ``purge`` then clears the
    file of it.
    """
    index = search_index.at_hand(work.connection)
    if index is None:
        return
    for table in (tables.metadata.tables[kind] for kind in TEXTS):
        query = select(table.c.id).where(
            table.c.record_kind == ref.kind, table.c.record_id == ref.id
        )
        index.drop(work.connection, table.name, work.connection.execute(query).scalars().all())
    index.drop(work.connection, ref.kind, [ref.id])
    found = work.find(ref)
    for word in indexing.letters(words_of(records.name_of(ref.kind, found))) if found else ():
        asked = [Word((word,), begins=False)]
        kinds = ("contact", "company", "deal")
        if not any(index.found(work.connection, "names", kind, asked, 1) for kind in kinds):
            own = tables.search_word
            work.connection.execute(delete(own).where(own.c.word == word))


def purge(store: Store, stopped: Callable[[], bool] = lambda: False) -> None:
    """Write the index anew, piece by piece, without what was forgotten."""
    begun = False
    while not stopped() and store.write_patiently(partial(_purge, begun=begun)):
        begun = True


def _purge(work: Work, *, begun: bool) -> bool:
    index = search_index.at_hand(work.connection)
    return index is not None and index.purge(work.connection, begun=begun)
