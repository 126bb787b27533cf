"""Records that are probably the same: by address, by number, by name and company."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select

from rally_desktop.core.errors import Refused
from rally_desktop.core.fold import fold
from rally_desktop.model import search_index
from rally_desktop.model.changes import RowAdded
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.search_index import Word
from rally_desktop.model.tables import company, distinct_pair
from rally_desktop.model.work import Work
from rally_desktop.services import records, search_asked
from rally_desktop.services.duplicate_keys import (
    COLUMNS,
    SURENESS,
    Verdict,
    address_of,
    compare,
    keys,
    numbers,
)

KINDS: tuple[RecordKind, ...] = ("contact", "company")
"""The kinds of which two records can become one."""
MOST_ALIKE = 20  # what more than so many share is no sign: the number of a switchboard
MOST_GROUPS = 5_000
CHUNK = 20_000
PARTS = 64  # of the keys, each put in order by itself: so few are in memory at a time
_BITS = 26  # of a place among the records; the rest is the key's hash
_NEAR = 200
Progress = Callable[[int], None]
Cancelled = Callable[[], bool]
Row = dict[str, Any]


@dataclass(frozen=True)
class Like:
    """A record that may be the one somebody is writing down, and why."""

    ref: Ref
    name: str
    about: str
    why: str

    def says(self) -> str:
        """Say it in a sentence."""
        about = f" ({self.about})" if self.about else ""
        return f"Looks like {self.name}{about}: {self.why}."


@dataclass(frozen=True)
class Group:
    """Records that are probably one, the oldest first; what they share, and how sure it is."""

    ids: tuple[int, ...]
    why: tuple[str, ...]
    sure: str
    safe: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """The groups, the surest first; ``count`` is of all, of which so many are at hand."""

    groups: tuple[Group, ...] = ()
    count: int = 0
    looked_at: int = 0
    cancelled: bool = False


def how_many(work: Work, kind: RecordKind) -> int:
    """Return how many records there are to look through."""
    own = COLUMNS[kind][0].table.c
    query = select(func.count()).where(own.deleted_at.is_(None))
    return work.connection.execute(query).scalar_one()


def find(
    work: Work,
    kind: RecordKind,
    progress: Progress = lambda _: None,
    cancelled: Cancelled = lambda: False,
) -> Found:
    """Look through all records of a kind; those that somebody called different are left out."""
    parts, places = [array("Q") for _ in range(PARTS)], array("q")
    for count, row in enumerate(_all(work, kind), start=1):
        for key in keys(kind, row):
            sign = hash(key) & (1 << 64 - _BITS) - 1
            parts[sign % PARTS].append(sign << _BITS | len(places))
        places.append(row["id"])
        if count % CHUNK == 0:
            progress(count)
            if cancelled():
                return Found(looked_at=count, cancelled=True)
    progress(len(places))
    links: dict[tuple[int, int], Verdict] = {}
    apart = _apart(work, kind)
    for part in parts:
        if cancelled():
            return Found(looked_at=len(places), cancelled=True)
        _link(work, kind, {*_pairs(part, places)} - apart - links.keys(), links)
    groups = _grouped(links)
    shown = _named(work, kind, groups[:MOST_GROUPS])
    return Found(tuple(shown), len(groups), len(places))


def _link(
    work: Work,
    kind: RecordKind,
    pairs: set[tuple[int, int]],
    links: dict[tuple[int, int], Verdict],
) -> None:
    """Add those pairs that are alike, of those that share a key."""
    rows = _rows_of(work, kind, {number for pair in pairs for number in pair})
    for low, high in pairs:
        if low in rows and high in rows and (said := compare(kind, rows[low], rows[high])):
            links[low, high] = said


def _pairs(part: array[int], places: array[int]) -> Iterator[tuple[int, int]]:
    for ids in _sharing(part, places):
        yield from combinations(ids, 2)


def _sharing(part: array[int], places: array[int]) -> Iterator[list[int]]:
    """Yield the records that share a key, unless so many do that it says nothing."""
    mask, key, ids = (1 << _BITS) - 1, -1, list[int]()
    for packed in sorted(part):
        if packed >> _BITS != key:
            if 1 < len(ids) <= MOST_ALIKE:
                yield sorted(set(ids))
            key, ids = packed >> _BITS, []
        ids.append(places[packed & mask])
    if 1 < len(ids) <= MOST_ALIKE:
        yield sorted(set(ids))


def _grouped(links: Mapping[tuple[int, int], Verdict]) -> list[Group]:
    """Join what is alike into groups, however many steps lead from one to the other."""
    above: dict[int, int] = {}

    def head(number: int) -> int:
        while above.setdefault(number, number) != number:
            above[number] = above[above[number]]
            number = above[number]
        return number

    for low, high in links:
        one, other = sorted((head(low), head(high)))
        above[other] = one
    members: defaultdict[int, set[int]] = defaultdict(set)
    said: defaultdict[int, dict[tuple[int, int], Verdict]] = defaultdict(dict)
    for pair, verdict in links.items():
        members[head(pair[0])] |= {*pair}
        said[head(pair[0])][pair] = verdict
    groups = [_group(sorted(members[number]), said[number]) for number in members]
    return sorted(groups, key=lambda group: (SURENESS.index(group.sure), group.ids))


def _group(ids: list[int], said: Mapping[tuple[int, int], Verdict]) -> Group:
    """Return a group; it is as sure as its weakest link, and safe where each is with the first."""
    sure = max((verdict.sure for verdict in said.values()), key=SURENESS.index)
    why = tuple(dict.fromkeys(reason for pair in sorted(said) for reason in said[pair].why))
    with_first = [said.get((ids[0], other)) for other in ids[1:]]
    return Group(tuple(ids), why, sure, all(one is not None and one.safe for one in with_first))


def still_safe(work: Work, kind: RecordKind, group: Group) -> bool:
    """Say whether a group is as safe as when it was found."""
    rows = _rows_of(work, kind, group.ids)
    first = rows.get(group.ids[0])
    if first is None or len(rows) != len(group.ids):
        return False
    said = [compare(kind, first, rows[number]) for number in group.ids[1:]]
    return all(one is not None and one.safe for one in said)


def _named(work: Work, kind: RecordKind, groups: list[Group]) -> Iterator[Group]:
    rows = _rows_of(work, kind, {number for group in groups for number in group.ids})
    for group in groups:
        names = tuple(name_of(kind, rows[number]) for number in group.ids)
        yield Group(group.ids, group.why, group.sure, group.safe, names)


def name_of(kind: RecordKind, row: Mapping[str, Any]) -> str:
    """Return what a person calls a record."""
    return records.name_of(kind, row)


# -- while somebody writes one down ------------------------------------------------------------


def like(
    work: Work, kind: RecordKind, values: Mapping[str, Any], but: Ref | None = None
) -> list[Like]:
    """Return records that are probably the one being typed in; for a form to warn.

    ``values`` are as typed, with the company by its name; ``but`` is the record itself.
    """
    typed = {column.name: "" for column in COLUMNS[kind]} | dict(values)
    if kind == "contact" and not typed["company_id"]:
        typed["company_id"] = _company(work, str(values.get("company") or ""))
    found: dict[int, tuple[Row, Verdict]] = {}
    for row in _near(work, kind, typed):
        verdict = compare(kind, typed, row)
        if verdict is not None and (but is None or row["id"] != but.id):
            found[row["id"]] = (row, verdict)
    ranked = sorted(found.values(), key=lambda one: (SURENESS.index(one[1].sure), one[0]["id"]))
    firms = _firms(work, {row.get("company_id") for row, _ in ranked[:3]})
    return [
        Like(
            Ref(kind, row["id"]), name_of(kind, row), firms.get(row.get("company_id"), ""),
            said.why[0],
        )
        for row, said in ranked[:3]
    ]  # fmt: skip


def _near(work: Work, kind: RecordKind, typed: Mapping[str, Any]) -> Iterator[Row]:
    """Yield whatever may be the same, each way by one quick look."""
    own = COLUMNS[kind][0].table.c
    if address := address_of(kind, typed):
        name, at, domain = address.rpartition("@")
        if kind == "company":
            yield from _some(work, kind, own.domain.in_((domain, f"www.{domain}")))
        elif at:
            yield from _some(work, kind, own.email_key == address)
            ends = own.email_key.endswith(f"{at}{domain}", autoescape=True)
            yield from _some(work, kind, _begins(work, own.email_key, f"{name}+") & ends)
    for number in numbers(typed):
        yield from numbered(work, kind, number)
    if kind == "company" and fold(typed["name"]):
        yield from _some(work, kind, _begins(work, own.sort_name, fold(typed["name"])[:5]))
    if kind == "contact" and typed["company_id"]:
        yield from _some(work, kind, own.company_id == typed["company_id"])


def _some(work: Work, kind: RecordKind, condition: ColumnElement[bool]) -> list[Row]:
    """Return the first that fulfil a condition, in whatever order is the quickest."""
    own = COLUMNS[kind][0].table.c
    query = select(*COLUMNS[kind]).where(own.deleted_at.is_(None), condition).limit(_NEAR)
    return _read(work, kind, query)


def numbered(work: Work, kind: RecordKind, number: str) -> Iterator[Row]:
    """Yield who has a telephone number, however it is written.

    The index of the search knows; what that does not know yet is looked through.
    """
    own = COLUMNS[kind][0].table.c
    index = search_index.at_hand(work.connection)
    if index is None:
        yield from _some(work, kind, _ends(work, own, number))
        return
    asked = [Word((number,), begins=False)]
    found = index.found(work.connection, "said", kind, asked, _NEAR)
    yield from _some(work, kind, own.id.in_(found))
    if (unread := search_asked.unknown(work, kind)) is not None:
        yield from _some(work, kind, own.id.in_(unread) & _ends(work, own, number))


def _ends(work: Work, own: Any, number: str) -> ColumnElement[bool]:
    """Ask whether a telephone number ends so, whatever signs stand between its digits."""
    written = [own.phone, own.mobile] if "mobile" in own else [own.phone]
    made = []
    for column in written:
        digits: Any = column
        for sign in " -().+/\u00a0":
            digits = func.replace(digits, sign, "")
        # The last digit first: that is quick to see, and leaves a tenth.
        made.append(column.endswith(number[-1]) & digits.endswith(number))
    return or_(*made)


def _begins(work: Work, column: Any, text: str) -> ColumnElement[bool]:
    if work.connection.dialect.name == "sqlite":  # finds it by the index
        return (column >= text) & (column < f"{text}\U0010ffff")
    return column.startswith(text, autoescape=True)


def _company(work: Work, name: str) -> int | None:
    if not fold(name):
        return None
    own = company.c
    query = select(own.id).where(own.sort_name == fold(name)[:400], own.deleted_at.is_(None))
    return work.connection.execute(query.limit(1)).scalar()


def _firms(work: Work, ids: Iterable[int | None]) -> dict[int | None, str]:
    own = company.c
    wanted = {number for number in ids if number}
    found = work.connection.execute(select(own.id, own.name).where(own.id.in_(wanted)))
    return {row.id: row.name for row in found}


# -- not the same ------------------------------------------------------------------------------


def keep_apart(work: Work, one: Ref, other: Ref) -> None:
    """Remember that two records that look alike are not the same."""
    if one.kind != other.kind or one == other:
        raise Refused("Only two records of one kind can be kept apart.")
    low, high = sorted((one.id, other.id))
    if (low, high) not in _apart(work, one.kind):
        row = {"record_kind": one.kind, "low_id": low, "high_id": high, "at": work.now}
        work.change(RowAdded("distinct_pair", {**row, "user_id": work.user_id}))


def keep_all_apart(work: Work, refs: Iterable[Ref]) -> None:
    """Remember that of several records no two are the same."""
    for one, other in combinations(refs, 2):
        keep_apart(work, one, other)


def let_together(work: Work, refs: Iterable[Ref]) -> None:
    """Forget that somebody called these records different."""
    own = distinct_pair.c
    for one, other in combinations(refs, 2):
        low, high = sorted((one.id, other.id))
        same = (own.record_kind == one.kind, own.low_id == low, own.high_id == high)
        work.connection.execute(delete(distinct_pair).where(*same))
    work.touched.add("distinct_pair")


def _apart(work: Work, kind: RecordKind) -> set[tuple[int, int]]:
    own = distinct_pair.c
    query = select(own.low_id, own.high_id).where(own.record_kind == kind)
    return {(row[0], row[1]) for row in work.connection.execute(query)}


# -- reading -----------------------------------------------------------------------------------


def _all(work: Work, kind: RecordKind) -> Iterator[Row]:
    last = 0
    while found := _rows(work, kind, last, []):
        yield from found
        last = found[-1]["id"]


def _rows(work: Work, kind: RecordKind, after: int, conditions: Iterable[Any]) -> list[Row]:
    columns = COLUMNS[kind]
    own = columns[0].table.c
    query = (
        select(*columns)
        .where(own.deleted_at.is_(None), own.id > after, *conditions)
        .order_by(own.id)
        .limit(CHUNK)
    )
    return _read(work, kind, query)


def _read(work: Work, kind: RecordKind, query: Any) -> list[Row]:
    names = [column.name for column in COLUMNS[kind]]
    return [dict(zip(names, row, strict=True)) for row in work.connection.execute(query)]


def _rows_of(work: Work, kind: RecordKind, ids: Iterable[int]) -> dict[int, Row]:
    wanted, made = sorted(set(ids)), dict[int, Row]()
    own = COLUMNS[kind][0].table.c
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        made |= {row["id"]: row for row in _rows(work, kind, 0, [own.id.in_(some)])}
    return made
