"""Records that are probably the same: by address, by number, by name and company."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sqlalchemy import select

from rally_desktop.core.errors import Refused
from rally_desktop.core.fold import fold
from rally_desktop.model.changes import RowAdded
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.tables import company, contact, distinct_pair
from rally_desktop.model.work import Work

PHONE_DIGITS = 9  # of a telephone number without its country: as many as any two are told apart by
LEAST_DIGITS = 7
MOST_ALIKE = 20  # what more than so many share is no sign: the number of a switchboard
CHUNK = 20_000
ADDRESS, NUMBER, NAMED = "the same address", "the same number", "the same name and company"
Progress = Callable[[int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class Group:
    """Records that are probably one, the oldest first, and what they share."""

    ids: tuple[int, ...]
    why: tuple[str, ...]


def like(work: Work, kind: RecordKind, values: Mapping[str, Any]) -> list[tuple[Ref, str]]:
    """Return records that are probably the one being typed in, and why; for a form to warn."""
    wanted = dict(_keys(kind, {"id": 0, **_BLANK[kind], **values}))
    found: dict[int, str] = {}
    for row in _rows(work, kind, 0, _near(kind, values)):
        for key, why in _keys(kind, row):
            if key in wanted and row["id"] not in found:
                found[row["id"]] = why
    return [(Ref(kind, number), why) for number, why in sorted(found.items())]


def find(
    work: Work,
    kind: RecordKind,
    progress: Progress = lambda _: None,
    cancelled: Cancelled = lambda: False,
) -> list[Group]:
    """Look through all records of a kind; those that somebody called different are left out."""
    alike: defaultdict[int, list[int]] = defaultdict(list)  # hashes: a million keys fit
    reasons: dict[int, str] = {}
    for count, row in enumerate(_all(work, kind), start=1):
        for key, why in _keys(kind, row):
            alike[hash(key)].append(row["id"])
            reasons[hash(key)] = why
        if count % CHUNK == 0:
            progress(count)
            if cancelled():
                return []
    shared = {key: ids for key, ids in alike.items() if 1 < len(ids) <= MOST_ALIKE}
    apart = _apart(work, kind)
    return _grouped(shared, reasons, apart)


def keep_apart(work: Work, one: Ref, other: Ref) -> None:
    """Remember that two records that look alike are not the same."""
    if one.kind != other.kind or one == other:
        raise Refused("Only two records of one kind can be kept apart.")
    low, high = sorted((one.id, other.id))
    if (low, high) not in _apart(work, one.kind):
        row = {"record_kind": one.kind, "low_id": low, "high_id": high, "at": work.now}
        work.change(RowAdded("distinct_pair", {**row, "user_id": work.user_id}))


def _grouped(
    shared: Mapping[int, list[int]], reasons: Mapping[int, str], apart: set[tuple[int, int]]
) -> list[Group]:
    """Join what shares anything into groups, however many steps lead from one to the other."""
    above: dict[int, int] = {}

    def head(number: int) -> int:
        while above.setdefault(number, number) != number:
            above[number] = above[above[number]]
            number = above[number]
        return number

    why: defaultdict[int, set[str]] = defaultdict(set)
    for key, ids in shared.items():
        for low, high in combinations(sorted(ids), 2):
            if (low, high) not in apart:
                above[head(high)] = head(low)
                why[low].add(reasons[key])
                why[high].add(reasons[key])
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for number in sorted(why):
        groups[head(number)].append(number)
    return [
        Group(tuple(ids), tuple(sorted({said for one in ids for said in why[one]})))
        for ids in groups.values()
    ]


# -- what a record is known by -----------------------------------------------------------------

_COLUMNS: Mapping[RecordKind, tuple[Any, ...]] = {
    "contact": (
        contact.c.id, contact.c.first_name, contact.c.last_name, contact.c.email,
        contact.c.phone, contact.c.mobile, contact.c.company_id,
    ),
    "company": (company.c.id, company.c.name, company.c.domain, company.c.phone),
}  # fmt: skip
_BLANK: Mapping[RecordKind, Mapping[str, Any]] = {
    kind: {column.name: "" for column in columns} for kind, columns in _COLUMNS.items()
}


def _keys(kind: RecordKind, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what a record shares with its like, and how that is said."""
    if address := _address(row.get("email") or row.get("domain") or ""):
        yield f"@{address}", ADDRESS
    for name in ("phone", "mobile"):
        if number := _digits(row.get(name) or ""):
            yield f"#{number}", NUMBER
    if kind == "company" and (name := fold(row["name"])):
        yield f"={_bare(name)}", NAMED
    if kind == "contact":
        name = fold(f"{row['first_name']} {row['last_name']}".strip())
        if " " in name and row["company_id"]:
            yield f"={name}|{row['company_id']}", NAMED


def _address(text: str) -> str:
    """Return an address as its mailbox: without what follows a plus, or www before a domain."""
    name, at, domain = fold(text).rpartition("@")
    return f"{name.partition('+')[0]}{at}{domain.removeprefix('www.')}"


def _digits(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    return digits[-PHONE_DIGITS:] if len(digits) >= LEAST_DIGITS else ""


_FORMS = re.compile(r"\b(ltd|limited|inc|llc|gmbh|ag|sa|sarl|srl|bv|oy|ab|plc|co|corp)\b\.?")


def _bare(name: str) -> str:
    """Return a company's name without its legal form, where anything is left."""
    return " ".join(re.sub(r"[^\w\s]", " ", _FORMS.sub(" ", name)).split()) or name


# -- reading -----------------------------------------------------------------------------------


def _all(work: Work, kind: RecordKind) -> Iterator[Mapping[str, Any]]:
    last = 0
    while found := _rows(work, kind, last, []):
        yield from found
        last = found[-1]["id"]


def _rows(
    work: Work, kind: RecordKind, after: int, conditions: Iterable[Any]
) -> list[dict[str, Any]]:
    columns = _COLUMNS[kind]
    own = columns[0].table.c
    query = (
        select(*columns)
        .where(own.deleted_at.is_(None), own.id > after, *conditions)
        .order_by(own.id)
        .limit(CHUNK)
    )
    names = [column.name for column in columns]
    return [dict(zip(names, row, strict=True)) for row in work.connection.execute(query)]


def _near(kind: RecordKind, values: Mapping[str, Any]) -> list[Any]:
    """Return a condition that whoever may be the same fulfils, quick to look up."""
    own = _COLUMNS[kind][0].table.c
    words = [_address(str(values.get("email") or values.get("domain") or "")).partition("@")[0]]
    words += [str(values.get(name) or "")[-4:] for name in ("phone", "mobile")]
    words += [fold(str(values.get("last_name") or values.get("name") or ""))]
    holds = [own.search_text.contains(word, autoescape=True) for word in words if word.strip()]
    if not holds:
        return [own.id < 0]
    condition = holds[0]
    for one in holds[1:]:
        condition = condition | one
    return [condition]


def _apart(work: Work, kind: RecordKind) -> set[tuple[int, int]]:
    own = distinct_pair.c
    query = select(own.low_id, own.high_id).where(own.record_kind == kind)
    return {(row[0], row[1]) for row in work.connection.execute(query)}
