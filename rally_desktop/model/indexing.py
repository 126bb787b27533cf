"""What keeps the index of the search as things are: a little at once, a lot a while later.

A write of some hundred things reads them into the index itself. A larger one only leaves their
numbers behind, which the engine reads in piece by piece; so an import is not held up by it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from rally_desktop.core.words import numbers_of, words_of
from rally_desktop.model import search_index, tables
from rally_desktop.model.search_index import CODES, TEXTS, Entry, Index

Rows = Mapping[tuple[str, tuple[str, ...]], Sequence[Sequence[Any]]]

AT_ONCE = 300
LONGEST_TEXT = 20_000  # of a note, an e-mail, a call …: what comes after is not searched
LEFT = frozenset({"search_pending"})
LEAST_LETTERS = 4  # of a word in which a typing error is looked for


# What an entry depends on.
_MOVES = frozenset({"search_text", "text", "title", "description", "deleted_at"})


def written(
    inserts: Rows, moved: Mapping[tuple[str, Any], Mapping[str, Any]], removals: Rows
) -> dict[str, set[int]]:
    """Return the numbers, by kind, of what a batch wrote and the search is about."""
    found: dict[str, set[int]] = {}
    for rows in (inserts, removals):
        for (name, columns), values in rows.items():
            if name in CODES and "id" in columns:
                place = columns.index("id")
                found.setdefault(name, set()).update(row[place] for row in values)
    for (name, number), values in moved.items():
        if name in CODES and not _MOVES.isdisjoint(values):
            found.setdefault(name, set()).add(number)
    return found


def keep(
    connection: Connection, touched: Mapping[str, Collection[int]], *, later: bool = False
) -> frozenset[str]:
    """Keep the index as it should be after things were written: numbers by kind.

    ``later``: what was written is part of something large, so it is read in when there is time.
    Returns the tables that this touched.
    """
    if not touched:
        return frozenset()
    index = search_index.at_hand(connection)
    if index is not None and not later and sum(map(len, touched.values())) <= AT_ONCE:
        for kind, numbers in touched.items():
            _read_some(connection, index, kind, numbers)
    elif index is not None or search_index.there(connection):
        leave(connection, touched)
        return LEFT
    return frozenset()


def leave(connection: Connection, touched: Mapping[str, Collection[int]]) -> None:
    """Leave numbers behind to be read in later."""
    for kind, numbers in touched.items():
        leave_stretches(connection, kind, list(stretches(numbers)))


def leave_stretches(connection: Connection, kind: str, ends: Collection[tuple[int, int]]) -> None:
    """Leave all numbers of stretches, each from its first to its last, to be read in later."""
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    if rows := [(kind, *each) for each in ends]:
        connection.exec_driver_sql(
            "insert into search_pending (kind, first_id, last_id)"
            f" values ({mark}, {mark}, {mark}) on conflict do nothing",
            rows,
        )


def stretches(numbers: Collection[int]) -> Iterable[tuple[int, int]]:
    """Return the first and the last number of each row without a gap."""
    placed = enumerate(sorted(numbers))
    for _, one in groupby(placed, key=lambda pair: pair[1] - pair[0]):
        found = [number for _, number in one]
        yield found[0], found[-1]


def read_in(connection: Connection, index: Index, kind: str, first: int, last: int) -> None:
    """Read a stretch of things into the index; nobody can change them until that is committed."""
    number = tables.metadata.tables[kind].c.id
    query = _query(kind).where(number.between(first, last)).with_for_update()
    rows = connection.execute(query).all()
    index.drop_between(connection, kind, first, last)
    _put(connection, index, kind, rows)


def _read_some(connection: Connection, index: Index, kind: str, numbers: Collection[int]) -> None:
    """Read things into the index as they are now; those that are gone are taken out."""
    number = tables.metadata.tables[kind].c.id
    rows = connection.execute(_query(kind).where(number.in_(numbers))).all()
    index.drop(connection, kind, set(numbers).difference(row.id for row in rows))
    _put(connection, index, kind, rows)


def _query(kind: str) -> Select[Any]:
    """Return a query for what things of a kind say, without those in the trash."""
    own = tables.metadata.tables[kind].c
    query = select(own.id, *(own[name] for name in _COLUMNS[kind]))
    return query.where(own.deleted_at.is_(None)) if "deleted_at" in own else query


def _put(connection: Connection, index: Index, kind: str, rows: Sequence[Row[Any]]) -> None:
    entries = [_MADE[kind](kind, row) for row in rows]
    _learn(connection, entries)
    index.put(connection, entries)


def letters(words: Iterable[str]) -> set[str]:
    """Return the words in which a typing error is looked for."""
    return {word for word in words if len(word) >= LEAST_LETTERS and word.isalpha()}


def _learn(connection: Connection, entries: Iterable[Entry]) -> None:
    """Keep the words of names; in order, so that two writers never wait for each other."""
    words = sorted(letters(word for one in entries for word in one.names))
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    if words:
        connection.exec_driver_sql(
            f"insert into search_word (word, backwards) values ({mark}, {mark})"
            " on conflict do nothing",
            [(word, word[::-1]) for word in words],
        )


# -- what each kind says -----------------------------------------------------------------------

_COLUMNS: Mapping[str, Sequence[str]] = {
    "contact": ("first_name", "last_name", "email", "city", "phone", "mobile"),
    "company": ("name", "domain", "city", "phone"),
    "deal": ("name",),
    "note": ("text",),
    "message": ("subject", "text"),
    "call": ("text",),
    "task": ("title", "description"),
    "meeting": ("title",),
}


def _contact(kind: str, row: Row[Any]) -> Entry:
    said = words_of(row.first_name, row.last_name, row.email, row.city)
    names = words_of(row.first_name, row.last_name)
    return Entry(kind, row.id, names, said + numbers_of(row.phone, row.mobile))


def _company(kind: str, row: Row[Any]) -> Entry:
    said = words_of(row.name, row.domain, row.city)
    return Entry(kind, row.id, words_of(row.name), said + numbers_of(row.phone))


def _deal(kind: str, row: Row[Any]) -> Entry:
    words = words_of(row.name)
    return Entry(kind, row.id, words, words)


def _text(kind: str, row: Row[Any]) -> Entry:
    _, *texts = row
    return Entry(kind, row.id, (), words_of(*(text[:LONGEST_TEXT] for text in texts)))


_MADE: Mapping[str, Callable[[str, Row[Any]], Entry]] = {
    "contact": _contact, "company": _company, "deal": _deal,
    **dict.fromkeys(TEXTS, _text),
}  # fmt: skip
