"""Search everywhere: records, and what was written about them, by some letters of anything.

A name that is exactly so comes first, then one that begins so, then what says so elsewhere, and
names that are nearly so where nothing else is found; of equals what one opened lately, then one's
own, then what moved last.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from rally_desktop.core.words import Asked, asked
from rally_desktop.model import search_index
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.search_index import Part, Word
from rally_desktop.model.tables import workflow
from rally_desktop.model.work import Work
from rally_desktop.services import search_care, search_hits, search_near, search_plain
from rally_desktop.services.search_asked import Words
from rally_desktop.services.search_hits import Hit, Kind

__all__ = ["Found", "Group", "Hit", "find", "line_of", "named", "workflows"]

POOL = 40  # candidates of a sort: the newest, from which the best are chosen
MOST_COUNTED = 1_000
FEW = 3  # records below which names that are nearly so are looked for
TITLES: Mapping[Kind, str] = {
    "contact": "Contacts",
    "company": "Companies",
    "deal": "Deals",
    "note": "Notes",
    "message": "E-mails",
    "call": "Calls",
    "task": "Tasks",
    "meeting": "Meetings",
}
RECORDS: tuple[RecordKind, ...] = ("contact", "company", "deal")


@dataclass(frozen=True)
class Group:
    """The best of one kind; ``count`` is how many there are, up to ``MOST_COUNTED``."""

    kind: Kind
    hits: tuple[Hit, ...]
    count: int

    @property
    def title(self) -> str:
        """Return what the kind is called."""
        return TITLES[self.kind]

    @property
    def count_said(self) -> str:
        """Return how many there are, in words."""
        most = self.count > MOST_COUNTED
        return f"more than {MOST_COUNTED:,}" if most else f"{self.count:,}"


@dataclass(frozen=True)
class Found:
    """What a search found; ``near`` says that no name begins as it was typed.

    ``waiting`` things are not read in yet; without an index it was looked through the records.
    """

    groups: tuple[Group, ...] = ()
    near: bool = False
    waiting: int = 0
    indexed: bool = True


@dataclass(frozen=True)
class _Search:
    """One search under way."""

    work: Work
    asked: Asked
    words: Words | None
    lately: Collection[Ref]


def find(
    work: Work,
    text: str,
    *,
    limit: int = 5,
    lately: Collection[Ref] = (),
    stale: Callable[[], bool] = lambda: False,
) -> Found:
    """Return what is found, up to ``limit`` of each kind; nothing once it is ``stale``."""
    index = search_index.at_hand(work.connection)
    said = asked(text)
    search = _Search(work, said, Words(work, index, said) if index else None, lately)
    waiting = search_care.waiting(work) if index is not None else 0
    groups: dict[Kind, Group] = {}
    for kind in TITLES if search.asked.words else ():
        if stale():
            groups.clear()
            break
        if group := _group(search, kind, limit):
            groups[kind] = group
    near = {} if stale() or _sure(search, groups) else _near(search, groups, limit)
    groups |= near
    ordered = tuple(groups[kind] for kind in TITLES if kind in groups)
    return Found(ordered, bool(near), waiting, index is not None)


def _sure(search: _Search, groups: Mapping[Kind, Group]) -> bool:
    """Say whether what was found is what was meant, so that nobody made an error in typing."""
    if search.asked.number or "@" in search.asked.typed:
        return True
    named = [hit for kind in RECORDS if kind in groups for hit in groups[kind].hits]
    return len(named) >= FEW or any(hit.rank <= search_hits.BEGINS for hit in named)


def named(work: Work, refs: Collection[Ref]) -> list[Hit]:
    """Return records by their addresses, in the same order; those that are gone are left out."""
    found: dict[Ref, Hit] = {}
    for kind in RECORDS:
        numbers = [ref.id for ref in refs if ref.kind == kind]
        found |= {hit.ref: hit for hit in search_hits.of(work, kind, numbers, asked(""))}
    return [found[ref] for ref in refs if ref in found]


def workflows(work: Work) -> list[tuple[int, str, str]]:
    """Return the numbers and names of the workflows and what each is for, by name."""
    own = workflow.c
    query = select(own.id, own.name, own.purpose).where(own.deleted_at.is_(None))
    rows = work.connection.execute(query.order_by(own.name, own.id))
    return [(row.id, row.name, row.purpose) for row in rows]


def line_of(work: Work, hit: Hit) -> int | None:
    """Return the number of the line of a timeline in which what was found stands."""
    return search_hits.line_of(work, hit) if hit.number else None


# -- what one kind has ---------------------------------------------------------------------------


def _group(search: _Search, kind: Kind, limit: int) -> Group | None:
    if search.words is None:
        pool = search_plain.pool(search.work, kind, search.asked, POOL)
    else:
        pool = _pool(search.words, kind)
    hits = search_hits.of(search.work, kind, pool, search.asked)
    if not hits:
        return None
    best = sorted(hits, key=lambda hit: search_hits.order(hit, search.work, search.lately))
    count = len(hits)
    if search.words is not None and len(pool) >= POOL:
        count = max(count, _counted(search.words, kind))
    return Group(kind, tuple(best[:limit]), count)


def _pool(words: Words, kind: Kind) -> list[int]:
    """Return candidates: names that are so, names that begin so, and what says so."""
    found: dict[int, None] = {}
    parts: tuple[Part, ...] = ("names", "said") if kind in RECORDS else ("said",)
    ask, connection = words.index.found, words.work.connection
    for part in parts:
        for asks in words.stages(part) if len(found) < POOL else ():
            if len(found) < POOL:
                found.update(dict.fromkeys(ask(connection, part, kind, asks, POOL)))
    if kind in RECORDS and (number := words.number()):
        found.update(dict.fromkeys(ask(connection, "said", kind, number, POOL)))
    return list(found)


def _counted(words: Words, kind: Kind) -> int:
    part, asks = words.counted(named=kind in RECORDS)
    return words.index.count(words.work.connection, part, kind, asks, MOST_COUNTED + 1)


# -- names that are nearly so --------------------------------------------------------------------


def _near(search: _Search, groups: Mapping[Kind, Group], limit: int) -> dict[Kind, Group]:
    """Return records whose name is nearly what was typed, after those that were found."""
    meant = [(spellings, _meant(search.work, spellings)) for spellings in search.asked.words]
    if search.words is None or not any(found for _, found in meant):
        return {}
    words = [Word([*spellings, *found]) for spellings, found in meant]
    made: dict[Kind, Group] = {}
    for kind in RECORDS:
        pool = search.words.index.found(search.work.connection, "names", kind, words, POOL)
        before = groups[kind].hits if kind in groups else ()
        known = {hit.ref for hit in before}
        hits = search_hits.of(search.work, kind, pool, search.asked)
        hits = [search_hits.nearly(hit, search.asked) for hit in hits if hit.ref not in known]
        if hits:
            best = sorted(hits, key=lambda hit: search_hits.order(hit, search.work, search.lately))
            shown = (*before, *best)[:limit]
            made[kind] = Group(kind, shown, len(before) + len(hits))
    return made


def _meant(work: Work, spellings: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for spelling in spellings:
        found |= search_near.near(work, spelling)
    return found
