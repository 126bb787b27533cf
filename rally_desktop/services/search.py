"""Search everywhere: contacts, companies, deals, notes and e-mails by some letters of anything.

A name that is exactly so comes first, then one that begins so, then what says so elsewhere, and
names that are nearly so where nothing else is found; of equals what one opened lately, then one's
own, then what moved last.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from rally_desktop.core.words import Asked, asked, variants
from rally_desktop.model import search_index
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.search_index import READY, Index, Part, Word
from rally_desktop.model.tables import workflow
from rally_desktop.model.work import Work
from rally_desktop.services import search_care, search_hits, search_near, search_plain
from rally_desktop.services.search_hits import Hit, Kind

__all__ = ["Found", "Group", "Hit", "find", "line_of", "named", "workflows"]

POOL = 40  # candidates of a sort: the newest, from which the best are chosen
MOST_COUNTED = 1_000
COMMON = 1_000  # a word that so many things have is not taken for the beginning of a longer one
FEW = 3  # records below which names that are nearly so are looked for
TITLES: Mapping[Kind, str] = {
    "contact": "Contacts",
    "company": "Companies",
    "deal": "Deals",
    "note": "Notes",
    "message": "E-mails",
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
    index: Index | None
    asked: Asked
    lately: Collection[Ref]
    common: dict[tuple[Part, tuple[str, ...]], bool] = field(default_factory=dict)


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
    search = _Search(work, index, asked(text), lately)
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


def workflows(work: Work) -> list[tuple[int, str]]:
    """Return the numbers and names of the workflows, by name."""
    own = workflow.c
    query = select(own.id, own.name).where(own.deleted_at.is_(None)).order_by(own.name, own.id)
    return [(row.id, row.name) for row in work.connection.execute(query)]


def line_of(work: Work, hit: Hit) -> int | None:
    """Return the number of the line of a timeline that a note or message stands in."""
    return search_hits.line_of(work, hit) if hit.number else None


# -- what one kind has ---------------------------------------------------------------------------


def _group(search: _Search, kind: Kind, limit: int) -> Group | None:
    if search.index is None:
        pool = search_plain.pool(search.work, kind, search.asked, POOL)
    else:
        pool = _pool(search, search.index, kind)
    hits = search_hits.of(search.work, kind, pool, search.asked)
    if not hits:
        return None
    best = sorted(hits, key=lambda hit: search_hits.order(hit, search.work, search.lately))
    count = len(hits)
    if search.index is not None and len(pool) >= POOL:
        count = max(count, _counted(search, search.index, kind))
    return Group(kind, tuple(best[:limit]), count)


def _pool(search: _Search, index: Index, kind: Kind) -> list[int]:
    """Return candidates: names that are so, names that begin so, and what says so."""
    found: dict[int, None] = {}
    parts: tuple[Part, ...] = ("names", "said") if kind in RECORDS else ("said",)
    for part in parts:
        for words in _stages(search, index, part) if len(found) < POOL else ():
            if len(found) < POOL:
                some = index.found(search.work.connection, part, kind, words, POOL)
                found.update(dict.fromkeys(some))
    if search.asked.number and kind in RECORDS:
        numbers = [Word(variants(search.asked.number))]
        some = index.found(search.work.connection, "said", kind, numbers, POOL)
        found.update(dict.fromkeys(some))
    return list(found)


def _stages(search: _Search, index: Index, part: Part) -> list[list[Word]]:
    """Return what is asked of a part of the index: whole words first, then beginnings."""
    whole = [Word(spellings, begins=False) for spellings in search.asked.words]
    begun = [word._replace(begins=_may_begin(search, index, part, word)) for word in whole]
    return [whole, begun] if begun != whole else [whole]


def _may_begin(search: _Search, index: Index, part: Part, word: Word) -> bool:
    """Say whether a word may be a beginning, too.

    One letter is not where texts are searched; nor is a long word that many things have as it is,
    for then too much would have to be put together.
    """
    shortest, longest = READY[part]
    length = min(map(len, word.spellings))
    if not search.asked.whole.isdisjoint(word.spellings) or length < shortest:
        return False
    if length <= longest:
        return True
    key = (part, tuple(word.spellings))
    if key not in search.common:
        found = index.count(search.work.connection, part, "", [word], COMMON)
        search.common[key] = found == COMMON
    return not search.common[key]


def _counted(search: _Search, index: Index, kind: Kind) -> int:
    shortest = READY["said"][0]
    short = any(len(word[0]) < shortest for word in search.asked.words)
    part: Part = "names" if short and kind in RECORDS else "said"
    words = _stages(search, index, part)[-1]
    return index.count(search.work.connection, part, kind, words, MOST_COUNTED + 1)


# -- names that are nearly so --------------------------------------------------------------------


def _near(search: _Search, groups: Mapping[Kind, Group], limit: int) -> dict[Kind, Group]:
    """Return records whose name is nearly what was typed, after those that were found."""
    index = search.index
    meant = [(spellings, _meant(search.work, spellings)) for spellings in search.asked.words]
    if index is None or not any(found for _, found in meant):
        return {}
    words = [Word([*spellings, *found]) for spellings, found in meant]
    made: dict[Kind, Group] = {}
    for kind in RECORDS:
        pool = index.found(search.work.connection, "names", kind, words, POOL)
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
