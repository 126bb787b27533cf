"""Making the office's own fields: added, renamed, ordered, archived and brought back.

A field's ``name`` never changes: records, filters, workflows, merge fields and imports go by it.
What a person reads is its label. Archived fields keep their values.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from sqlalchemy import ColumnElement, and_, func, select, update

from rally_desktop.core.errors import Refused
from rally_desktop.core.fold import fold
from rally_desktop.model import tables
from rally_desktop.model.changes import RowAdded, RowChanged
from rally_desktop.model.custom import CUSTOM_VALUES, CustomKind, CustomPut, CustomText
from rally_desktop.model.fields import fields_of
from rally_desktop.model.ref import RecordKind
from rally_desktop.model.tables import custom_field
from rally_desktop.model.work import Work
from rally_desktop.services import in_order, settings, workflows

KINDS: tuple[CustomKind, ...] = get_args(CustomKind)
SAID: Mapping[str, str] = {
    "text": "Text", "number": "Number", "date": "Date", "yes_no": "Yes/no", "choice": "Choice",
}  # fmt: skip
MOST = 100  # fields of one kind of record


@dataclass(frozen=True)
class OwnField:
    """One field of the office's own; ``records`` is how many have a value."""

    id: int
    name: str
    label: str
    kind: CustomKind
    options: tuple[str, ...]
    archived: bool
    records: int


@dataclass(frozen=True)
class Option:
    """One option of a choice; not ``offered`` where only records have it still."""

    value: str
    offered: bool
    records: int


def listed(work: Work, kind: RecordKind) -> list[OwnField]:
    """Return the fields of a kind of record in their order, the archived ones last."""
    found = sorted(_rows(work, kind), key=lambda row: row.archived)
    counted = _counts(work, kind, found)
    return [
        OwnField(
            row.id, row.name, row.label, row.kind, tuple(row.options or ()), row.archived, records
        )
        for row, records in zip(found, counted, strict=True)
    ]


def _counts(work: Work, kind: RecordKind, found: Sequence[Any]) -> Sequence[int]:
    """Count the records with a value of each field, in one look at the table."""
    if not found:
        return ()
    own = tables.metadata.tables[kind].c
    has = (func.count(_value(own.custom, row.kind, row.name)) for row in found)
    query = select(*has).where(own.custom.is_not(None), own.deleted_at.is_(None))
    return work.connection.execute(query).one()


def _value(column: ColumnElement[Any], kind: CustomKind, name: str) -> ColumnElement[Any]:
    value = CUSTOM_VALUES[kind](column, name)
    return func.nullif(value, "") if kind in ("text", "choice") else value


def add(work: Work, kind: RecordKind, label: str, type_: str, options: Sequence[str] = ()) -> int:
    """Make a field of one of the five kinds; return its number."""
    if type_ not in KINDS:
        raise Refused("Choose what the field holds.")
    held = _rows(work, kind)
    if len(held) >= MOST:
        raise Refused(f"There are {MOST} fields already. Archived ones can be used again.")
    given = _free_label(work, kind, label)
    number = work.new_id("custom_field")
    row = {"id": number, "record_kind": kind, "name": _name(given, {one.name for one in held})}
    made = list(dict.fromkeys(filter(None, (" ".join(one.split()) for one in options))))
    more = {"label": given, "kind": type_, "options": made if type_ == "choice" else None}
    work.change(RowAdded("custom_field", {**row, **more, "position": len(held)}))
    _tell(work)
    return number


def _name(label: str, taken: set[str]) -> str:
    """Return a name for programs: plain letters where there are any, and nobody else's."""
    plain = re.sub(r"\W+", "_", fold(label)).strip("_")[:50] or "field"
    number, name = 1, plain
    while name in taken:
        number += 1
        name = f"{plain}_{number}"
    return name


def rename(work: Work, number: int, label: str) -> None:
    """Give a field another label; nothing else changes."""
    found = one(work, number)
    given = _free_label(work, found.record_kind, label, but=number)
    work.change(RowChanged("custom_field", number, {"label": given}))
    _tell(work)


def move(work: Work, number: int, place: int) -> None:
    """Put a field at another place among those that are in use."""
    found = one(work, number)
    order = [row.id for row in sorted(_rows(work, found.record_kind), key=lambda r: r.archived)]
    in_order.move(work, "custom_field", order, number, place)
    _tell(work)


def archive(work: Work, number: int) -> None:
    """Take a field out of use; its values stay."""
    one(work, number)
    work.change(RowChanged("custom_field", number, {"archived": True}))
    _tell(work)


def bring_back(work: Work, number: int) -> None:
    """Put an archived field to use again, with the values that it had."""
    found = one(work, number)
    _free_label(work, found.record_kind, found.label, but=number)
    work.change(RowChanged("custom_field", number, {"archived": False}))
    _tell(work)


# -- the options of a choice -------------------------------------------------------------------


def options(work: Work, number: int) -> list[Option]:
    """Return the options in their order, then those that only records have still."""
    found = one(work, number)
    own = tables.metadata.tables[found.record_kind].c
    value = CustomText(own.custom, found.name)
    query = select(value, func.count()).where(own.custom.is_not(None), own.deleted_at.is_(None))
    held: Counter[str] = Counter()
    for said, count in work.connection.execute(query.group_by(value)):
        if said:
            held[said] = count
    offered = tuple(found.options or ())
    made = [Option(said, True, held[said]) for said in offered]
    return made + [Option(said, False, held[said]) for said in sorted(held.keys() - set(offered))]


def add_option(work: Work, number: int, value: str) -> None:
    """Offer one more option, as the last; also one that was offered before."""
    held = _options(work, number)
    offer(work, number, [*held, in_order.free(value, "choice", held)])


def rename_option(work: Work, number: int, value: str, new: str) -> int:
    """Call an option otherwise, on records too; return on how many."""
    found, held = one(work, number), _options(work, number)
    given = in_order.free(new, "choice", (each for each in held if each != value))
    offer(work, number, [given if each == value else each for each in held])
    table = tables.metadata.tables[found.record_kind]
    custom = table.c.custom
    has = and_(custom.is_not(None), CustomText(custom, found.name) == value)
    put = update(table).where(has).values(custom=CustomPut(custom, found.name, given))
    work.touched.add(found.record_kind)
    return work.connection.execute(put).rowcount


def move_option(work: Work, number: int, value: str, place: int) -> None:
    """Put an option at another place."""
    order = [each for each in _options(work, number) if each != value]
    order.insert(max(0, min(place, len(order))), value)
    offer(work, number, order)


def drop_option(work: Work, number: int, value: str) -> list[str]:
    """Offer an option no more; records that have it keep it. Return what was offered before."""
    before = _options(work, number)
    offer(work, number, [each for each in before if each != value])
    return before


def _options(work: Work, number: int) -> list[str]:
    return list(one(work, number).options or ())


def offer(work: Work, number: int, made: Sequence[str]) -> None:
    """Offer these options, in this order."""
    work.change(RowChanged("custom_field", number, {"options": list(made)}))
    _tell(work)


# -- what they share ---------------------------------------------------------------------------


def one(work: Work, number: int) -> Any:
    """Return the row of a field; raise NotFound."""
    return in_order.one(work, "custom_field", number, "field")


def _rows(work: Work, kind: RecordKind) -> Sequence[Any]:
    return in_order.listed(work, "custom_field", custom_field.c.record_kind == kind)


def _free_label(work: Work, kind: RecordKind, label: str, but: int = 0) -> str:
    """Return a label that no other field has, so that a heading of a file means one of them."""
    own = [row.label for row in _rows(work, kind) if not row.archived and row.id != but]
    return in_order.free(label, "field", [*own, *(one.label for one in fields_of(kind).values())])


def _tell(work: Work) -> None:
    """Let the engine read the fields again."""
    settings.count_up(work, workflows.COUNTER)
