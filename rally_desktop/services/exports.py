"""The export of records: what a view shows, into CSV or Excel, and back in without a loss.

A column's heading is what the import guesses it by, and each cell reads as the same value again:
a contact's name is two columns, a linked contact comes with the address.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from rally_desktop.core import schema
from rally_desktop.core.clock import from_micros
from rally_desktop.model import rows
from rally_desktop.model.fields import custom_fields
from rally_desktop.model.ref import ListKind, RecordKind
from rally_desktop.model.store import Store
from rally_desktop.model.work import OWN, Work
from rally_desktop.outside.files.table import headings as unlike
from rally_desktop.outside.files.writing import writing
from rally_desktop.services import audit, cells, grid, import_log, import_rows, users
from rally_desktop.services.headings import FULL_NAME

BATCH = 2000
_EVERYTHING = grid.Query()
REASON, ROW = "Why it was left out", "Row in the file"
Read = Callable[[Any], Any]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Export:
    """What goes out: which records in which order (or ``numbers``, those alone), which columns.

    ``keys`` are those of a grid's columns; without any it is every field that an import takes.
    """

    kind: ListKind
    query: grid.Query = _EVERYTHING
    keys: tuple[str, ...] = ()
    numbers: tuple[int, ...] | None = None
    separator: str = ","
    mark: bool = True


@dataclass(frozen=True)
class _Column:
    """One column: its heading, where it is read, and how what is read becomes a cell."""

    title: str
    source: str
    read: Read | None


def write(
    store: Store,
    path: Path,
    export: Export,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> int | None:
    """Write records into a file and return how many; None where it was cancelled, and no file.

    ``progress`` hears how many are written, and of how many. Raises BadFile.
    """
    numbers, columns = store.read(_plan, export)
    titles = unlike(column.title for column in columns)
    try:
        with writing(path, titles, separator=export.separator, mark=export.mark) as put:
            done = 0
            for start in range(0, len(numbers), BATCH):
                if cancelled and cancelled():
                    raise _Cancelled
                some = numbers[start : start + BATCH]
                found = store.read(_batch, export.kind, columns, some)
                put(found)
                done += len(found[0])
                if progress:
                    progress(start + len(some), len(numbers))
            told = {"records": export.kind, "count": done, "columns": [*titles]}
            store.write(audit.say, "exported", "export", name=path.name, **told)
    except _Cancelled:
        return None
    return done


class _Cancelled(Exception):
    """Somebody wants no more of it."""


def write_rejected(store: Store, job: int, path: Path) -> int:
    """Write the rows that an import refused, as they were, with the reason; return how many."""
    titles, found = import_log.rejected(store, job)
    count = 0
    with writing(path, (REASON, ROW, *titles)) as put:
        while some := list(islice(found, BATCH)):
            put([*zip(*((why, number, *said) for number, said, why in some), strict=True)])
            count += len(some)
        told = {"records": "rows that an import left out", "count": count}
        store.write(audit.say, "exported", "export", name=path.name, **told)
    return count


def write_template(store: Store, path: Path, kind: RecordKind) -> None:
    """Write an empty list whose headings an import understands."""
    offered = store.read(lambda work: _offered(work, kind))
    with writing(path, unlike(offered.values())):
        return


def _offered(work: Work, kind: RecordKind) -> dict[str, str]:
    offered = import_rows.fields(kind, custom_fields(work.connection, kind))
    if kind == "contact":
        offered.pop(FULL_NAME)  # its two parts are there
    return offered


# -- what goes out -----------------------------------------------------------------------------


def _plan(work: Work, export: Export) -> tuple[array[int], list[_Column]]:
    if export.numbers is None:
        numbers = grid.ids(work, export.kind, export.query)
    else:
        numbers = array("q", export.numbers)
    if export.kind == "task":
        titles = {column.key: column.label for column in grid.columns("task")}
        return numbers, [_Column(titles[key], key, None) for key in export.keys]
    offered = _offered(work, export.kind)
    keys = export.keys or tuple(offered)
    names: dict[str, None] = {}
    for key in keys:
        whole = key == "name" and export.kind == "contact"
        names.update(dict.fromkeys(("first_name", "last_name") if whole else (key,)))
    return numbers, [_column(work, export.kind, name, offered) for name in names]


def _column(work: Work, kind: RecordKind, name: str, offered: Mapping[str, str]) -> _Column:
    plain = name.removesuffix("_id")
    if name.startswith(OWN):
        key = name.removeprefix(OWN)
        title = offered.get(name, key)
        return _Column(title, "custom", lambda held: (held or {}).get(key))
    if plain == "tags":
        return _Column("Tags", "tags", None)
    if plain == "owner":
        labels = {user.id: label for label, user in users.by_label(work).items()}
        return _Column("Owner", "owner_id", labels.get)
    if plain in ("company", "contact") and f"{plain}_id" in rows.table(kind).c:
        return _Column(offered[plain], f"{plain}_id", None)
    look = rows.table(kind).columns[plain if plain in rows.table(kind).c else name].info["field"]
    read = _READ.get(type(look))
    return _Column(look.label, name, read)


_READ: Mapping[type, Read] = {
    schema.Moment: lambda micros: None if micros is None else from_micros(micros),
    schema.YesNo: bool,
}


def _batch(
    work: Work, kind: ListKind, columns: Sequence[_Column], numbers: array[int]
) -> list[Sequence[Any]]:
    """Return the cells of some records, column by column; a record that is gone is left out."""
    if kind == "task":
        return _tasks(work, columns, numbers)
    names = ["id", *dict.fromkeys(column.source for column in columns)]
    stored = [name for name in names if name != "tags"]
    found = {row[0]: row for row in _selected(work, kind, stored, numbers)}
    there = [found[number] for number in numbers if number in found]
    taken: dict[str, Sequence[Any]] = dict.fromkeys(stored, ())
    taken.update(zip(stored, zip(*there, strict=True), strict=False))
    if "custom" in taken:
        taken["custom"] = tuple(
            msgspec.json.decode(said) if said else None for said in taken["custom"]
        )
    if "tags" in names:
        taken["tags"] = tuple(map(_tags(work, kind, numbers).get, taken["id"]))
    return [_filled(taken[column.source], column.read) for column in columns]


def _tasks(work: Work, columns: Sequence[_Column], numbers: array[int]) -> list[Sequence[Any]]:
    """Return the cells of some tasks, column by column, as they are listed."""
    found = grid.rows(work, "task", numbers, [column.source for column in columns])
    there = [found[number].cells for number in numbers if number in found]
    return [*zip(*there, strict=True)] if there else [() for _ in columns]


def _filled(values: Sequence[Any], read: Read | None) -> Sequence[Any]:
    return values if read is None else [*map(read, values)]


_LINKS = {
    "company_id": ("company", "coalesce(company.name, '')"),
    "contact_id": (
        "contact",
        "case when linked.email <> '' then trim(trim(linked.first_name || ' ' || linked.last_name)"
        " || ' <' || linked.email || '>') else"
        " coalesce(trim(linked.first_name || ' ' || linked.last_name), '') end",
    ),
}


def _selected(
    work: Work, kind: RecordKind, names: Sequence[str], numbers: array[int]
) -> Sequence[Any]:
    """Return number and columns of records as they are stored, linked ones by their name."""
    listed, joins = [], ""
    for name in names:
        if name in _LINKS:
            there, said = _LINKS[name]
            alias = "linked" if there == "contact" else there
            joins += f" left join {there} {alias} on {alias}.id = own.{name}"
            listed.append(said)
        else:
            listed.append(f'own."{name}"')
    among, key = _among(work, numbers)
    return _plainly(
        work,
        f'select {", ".join(listed)} from "{kind}" own{joins}'
        f" where own.id {among} and own.deleted_at is null",
        key,
    )


def _tags(work: Work, kind: RecordKind, numbers: array[int]) -> dict[int, str]:
    among, key = _among(work, numbers)
    worn: dict[int, tuple[str, ...]] = {}
    for number, name in _plainly(
        work,
        "select record_id, tag.name from record_tag join tag on tag.id = tag_id"
        f" where record_kind = '{kind}' and record_id {among} order by tag.name_key",
        key,
    ):
        worn[number] = (*worn.get(number, ()), name)
    said = {names: cells.tags_cell(names) for names in set(worn.values())}
    return {number: said[names] for number, names in worn.items()}


def _among(work: Work, numbers: array[int]) -> tuple[str, Any]:
    """Return the condition that a number is one of many, and its parameter."""
    if work.connection.dialect.name == "postgresql":
        return "= any(%s)", numbers.tolist()
    return "in (select value from json_each(?))", rows.to_json(numbers.tolist())


def _plainly(work: Work, statement: str, key: Any) -> Sequence[Any]:
    """Return rows as plain tuples, as there may be a million."""
    found = work.connection.exec_driver_sql(statement, (key,))
    assert found.cursor is not None
    return found.cursor.fetchall()
