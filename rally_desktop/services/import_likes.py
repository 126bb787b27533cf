"""What a dry run says of new rows that look like a record that is there already."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from rally_desktop.core.fold import fold
from rally_desktop.model.ref import RecordKind
from rally_desktop.model.tables import company, contact
from rally_desktop.model.work import Work
from rally_desktop.services import records
from rally_desktop.services.duplicate_keys import COLUMNS, NAMED, NUMBER, bare, keys, numbers
from rally_desktop.services.import_rows import Entry

_BITS = 34  # of a record's number; the rest is what it is known by
_MASK = (1 << _BITS) - 1
_WHY = {"#": NUMBER, "@": "the same domain", "=": "the same name"}
Hit = tuple[int, str]


class Likes:
    """Reads once what everybody is known by, then asks for a batch at a time."""

    def __init__(self, kind: RecordKind) -> None:
        self._kind: RecordKind = kind
        self._signs: array[int] | None = None

    def note(self, work: Work, entries: Sequence[Entry]) -> None:
        """Put a remark on the rows that look like somebody."""
        if self._kind == "deal" or not entries:
            return
        found = dict(self._by_sign(work, entries))
        if self._kind == "contact":
            found = {**_by_name(work, entries), **found}
        names = _names(work, self._kind, {number for number, _ in found.values()})
        for place, (number, why) in found.items():
            if number in names:
                entries[place].notes.append(f"Looks like {names[number]}: {why}.")

    def _by_sign(self, work: Work, entries: Sequence[Entry]) -> Iterator[tuple[int, Hit]]:
        for place, entry in enumerate(entries):
            row = {"first_name": "", "last_name": "", "company_id": None, "domain": "", "name": ""}
            for sign in _signs(self._kind, {**row, "email": "", **entry.values}):
                if self._signs is None:
                    self._signs = _read(work, self._kind)
                if (number := _look_up(self._signs, sign)) is not None:
                    yield place, (number, _WHY[sign[0]])
                    break


def _signs(kind: RecordKind, row: Mapping[str, Any]) -> Iterator[str]:
    if kind == "contact":
        yield from (f"#{number}" for number in numbers(row))
    else:
        yield from (key for key in keys(kind, row) if key[0] != "~")


def _packed(sign: str) -> int:
    return (hash(sign) & (1 << 64 - _BITS) - 1) << _BITS


def _read(work: Work, kind: RecordKind) -> array[int]:
    """Return what all records are known by, in order: eight bytes each."""
    columns = (
        COLUMNS[kind] if kind == "company" else (contact.c.id, contact.c.phone, contact.c.mobile)
    )
    own = columns[0].table.c
    known = (own.phone != "") | (own.mobile != "") if kind == "contact" else own.id > 0
    query: Any = select(*columns).where(own.deleted_at.is_(None), known)
    names, made = [column.name for column in columns], array("Q")
    for row in work.connection.execute(query):
        values = dict(zip(names, row, strict=True))
        made.extend(_packed(sign) | values["id"] for sign in _signs(kind, values))
    return array("Q", sorted(made))


def _look_up(signs: array[int], sign: str) -> int | None:
    first = _packed(sign)
    place = bisect_left(signs, first)
    here = place < len(signs) and signs[place] & ~_MASK == first
    return signs[place] & _MASK if here else None


def _by_name(work: Work, entries: Sequence[Entry]) -> dict[int, Hit]:
    """Return who has the name and works where the row says, in one statement."""
    wanted = {
        (sorted_by, bare(entry.company)): place
        for place, entry in enumerate(entries)
        if entry.company and (sorted_by := _sorted_by(entry))
    }
    if not wanted:
        return {}
    query: Any = (
        select(contact.c.id, contact.c.sort_name, company.c.name)
        .join(company, company.c.id == contact.c.company_id)
        .where(
            contact.c.sort_name.in_({name for name, _ in wanted}), contact.c.deleted_at.is_(None)
        )
    )
    made: dict[int, Hit] = {}
    found: Any = work.connection.execute(query)
    for number, name, firm in found:
        if (place := wanted.get((name, bare(firm)))) is not None:
            made[place] = (number, NAMED)
    return made


def _sorted_by(entry: Entry) -> str:
    """Return what such a contact is sorted by, where the row has both names."""
    names = (entry.values.get("last_name"), entry.values.get("first_name"))
    return " ".join(fold(name) for name in names if name)[:400] if all(names) else ""


def _names(work: Work, kind: RecordKind, ids: Iterable[int]) -> dict[int, str]:
    columns = COLUMNS[kind]
    query: Any = select(*columns).where(columns[0].in_(set(ids)))
    found = (dict(row) for row in work.connection.execute(query).mappings())
    return {row["id"]: records.name_of(kind, row) for row in found}
