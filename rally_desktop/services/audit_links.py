"""The links of the audit log's chain with their lines: read, and worked out again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import Row, select

from rally_desktop.core.clock import to_micros
from rally_desktop.model import chain
from rally_desktop.model.chain import Link, Stored
from rally_desktop.model.tables import activity, audit_forgotten, audit_link, record_merge
from rally_desktop.model.work import Work

_LINE = "id, at, kind, record_kind, record_id, user_id, run_id, chain, detail"


def read(row: Row[Any]) -> Link:
    """Return a link as it is stored."""
    number, at, *told = tuple(row)
    return Link(number, to_micros(at), *told)


def after(work: Work, number: int, limit: int) -> list[Link]:
    """Return the links that follow one, in order."""
    column = audit_link.c.id
    query = select(audit_link).where(column > number).order_by(column).limit(limit)
    return [read(row) for row in work.connection.execute(query)]


def holding(work: Work, numbers: Collection[int]) -> Iterator[Link]:
    """Yield the links that hold some of these lines."""
    wanted = sorted(numbers)
    if not wanted:
        return
    link = audit_link.c
    near = select(audit_link).where(link.first <= wanted[-1], link.last >= wanted[0])
    for row in work.connection.execute(near).all():
        found = read(row)
        for low, high in found.ranges():
            place = bisect_left(wanted, low)
            if place < len(wanted) and wanted[place] <= high:
                yield found
                break


def lines(work: Work, links: Iterable[Link]) -> dict[int, Stored]:
    """Return the lines that links hold, by number, as they are stored."""
    found: dict[int, Stored] = {}
    postgres = work.connection.dialect.name == "postgresql"
    mark = "%s" if postgres else "?"
    for low, high in _joined(pair for link in links for pair in link.ranges()):
        stored = work.connection.exec_driver_sql(
            f"select {_LINE} from activity where id between {mark} and {mark}", (low, high)
        )
        found.update((row[0], tuple(row)) for row in stored.all())
    return found


def forgotten(work: Work, low: int, high: int) -> dict[int, bytes]:
    """Return the digests of what erased lines said, by number."""
    gone = audit_forgotten.c
    query = select(gone.activity_id, gone.digest).where(gone.activity_id.between(low, high))
    return {number: bytes.fromhex(kept) for number, kept in work.connection.execute(query)}


def said(work: Work, link: Link) -> list[bytes]:
    """Return the digest of what each line of a link says; empty where a line is missing."""
    held, gone = lines(work, [link]), forgotten(work, link.first, link.last)
    if not fits(link, held, gone):
        held = as_written(work, link, held)
    return leaves(link, held, gone)


def leaves(link: Link, held: Mapping[int, Stored], gone: Mapping[int, bytes]) -> list[bytes]:
    """Return the digest of what each line of a link says; of erased ones what was kept."""
    numbers = link.numbers()
    salts = chain.keys(link.salt, len(numbers))
    return [
        gone.get(number) or (chain.leaves([held[number]], [salt])[0] if number in held else b"")
        for number, salt in zip(numbers, salts, strict=True)
    ]


def fits(link: Link, held: Mapping[int, Stored], gone: Mapping[int, bytes]) -> bool:
    """Say whether the lines of a link are those that were put into it."""
    numbers = link.numbers()
    try:
        there = [held[number] for number in numbers]
    except KeyError:
        return False
    salts = chain.keys(link.salt, len(numbers))
    said = leaves(link, held, gone) if gone else chain.leaves(there, salts)
    return chain.digest(there, said) == link.digest


def as_written(work: Work, link: Link, held: Mapping[int, Stored]) -> dict[int, Stored]:
    """Return a link's lines about whom they were written, before records were merged."""
    merges = _merges(work)
    made: dict[int, Stored] = {}
    for number in link.numbers():
        if (line := held.get(number)) is not None:
            record = merges.get((line[3], number), line[4])
            made[number] = (*line[:4], record, *line[5:])
    return made


def _merges(work: Work) -> dict[tuple[str, int], int]:
    """Return about which record lines were before the first merge that moved them.

    Only a merge that the chain itself tells of counts.
    """
    if (known := work.memo.get(_merges)) is not None:
        return known
    line, merge = activity.c, record_merge.c
    told = work.connection.execute(
        select(line.record_kind, line.record_id, line.detail).where(line.kind == "merged")
    )
    numbers = {(row[0], msgspec.json.decode(row[2]).get("merge")) for row in told}
    found: dict[tuple[str, int], int] = {}
    query = select(merge.id, merge.record_kind, merge.gone_id, merge.detail).order_by(merge.id)
    for number, kind, gone, detail in work.connection.execute(query):
        if (kind, number) in numbers and detail:
            for moved in detail.get("moved", {}).get("activity.record_id", ()):
                found.setdefault((kind, moved), gone)
    work.memo[_merges] = found
    return found


def _joined(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join ranges that follow each other, so that they are read with one statement."""
    low = high = 0
    for first, last in ranges:
        if high and first == high + 1:
            high = last
            continue
        if high:
            yield low, high
        low, high = first, last
    if high:
        yield low, high
