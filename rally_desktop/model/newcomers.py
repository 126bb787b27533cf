"""New records as rows, worked out column by column: what many have in common is done once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Boolean

from rally_desktop.core.fold import fold
from rally_desktop.model import rows
from rally_desktop.model.change import Change
from rally_desktop.model.ref import Ref

SORTED_BY: Mapping[str, tuple[str, ...]] = {
    "contact": ("last_name", "first_name", "email"),
    "company": ("name",),
    "deal": ("name",),
}
SEARCHED_IN: Mapping[str, tuple[str, ...]] = {
    "contact": ("first_name", "last_name", "email", "phone", "mobile", "city"),
    "company": ("name", "domain", "phone", "city"),
    "deal": ("name",),
}


class Newcomer(NamedTuple):
    """A new record: its columns that say something, its tags, and where it came from."""

    ref: Ref
    values: Mapping[str, Any]
    tags: Sequence[str] = ()
    source: str = ""


class RecordsBrought(Change, frozen=True):
    """Many records came to be at once, as a list brings them.

    It comes to the very rows and lines that a RecordCreated and a TagAdded for each of them
    would, in the same order; but the work does not know these records until they are written.
    """

    records: Sequence[Newcomer]


def in_columns(
    kind: str, numbers: Sequence[int], records: Sequence[Mapping[str, Any]], now: datetime
) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Return the columns in which any of the records says something, and their rows in them."""
    named = {"created_at", "updated_at"}.union(*records) - {"id"}
    given = {
        name: [record.get(name, nothing) for record in records]
        for name, nothing in {**blank(kind), "created_at": now, "updated_at": now}.items()
        if name in named
    }
    said = {
        name: _stored(kind, name, values)
        for name, values in {**given, **_derived(kind, given, len(records))}.items()
        if values.count(blank(kind)[name]) < len(values)
    }
    return ("id", *said), list(zip(numbers, *said.values(), strict=True))


def filled(kind: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a record that say something."""
    return {name: record[name] for name, empty in blank(kind).items() if record[name] != empty}


@cache
def blank(kind: str) -> Mapping[str, Any]:
    """Return a record with nothing filled in: texts empty, yes-or-nos no, the rest unknown."""
    return {
        column.name: None
        if column.server_default is None
        else (False if isinstance(column.type, Boolean) else "")
        for column in rows.table(kind).columns
    }


def _stored(kind: str, name: str, values: list[Any]) -> list[Any]:
    """Return values as the driver stores them; what all have in common is converted once."""
    convert = rows.writers(kind)[name]
    if convert is None:
        return values
    if values.count(values[0]) == len(values):
        return [convert(values[0])] * len(values)
    return [convert(value) for value in values]


def _derived(kind: str, given: Mapping[str, list[Any]], count: int) -> dict[str, list[Any]]:
    """Return the columns that are worked out from others."""
    folded = {name: _folded(given[name]) for name in SEARCHED_IN[kind] if name in given}
    made: dict[str, list[Any]] = {
        "sort_name": [name[:400] for name in _joined(folded, SORTED_BY[kind], count)],
        "search_text": _joined(folded, SEARCHED_IN[kind], count),
    }
    if kind == "contact" and "email" in folded:
        made["email_key"] = [key or None for key in folded["email"]]
    return made


def _folded(texts: list[Any]) -> list[str]:
    """Return the folded form of every text; of those that come again it is worked out once."""
    if len(known := {*texts}) * 2 > len(texts):
        return [fold(text) if text else "" for text in texts]
    forms = {text: fold(text) if text else "" for text in known}
    return [forms[text] for text in texts]


def _joined(folded: Mapping[str, list[str]], names: Iterable[str], count: int) -> list[str]:
    parts = [folded[name] for name in names if name in folded]
    if not parts:
        return [""] * count
    return [" ".join(filter(None, said)) for said in zip(*parts, strict=True)]
