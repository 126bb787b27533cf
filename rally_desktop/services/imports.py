"""The import of records from a list: dry run, batches, duplicates, a verdict for every row.

A row that cannot be taken never stops the others. Contacts are known by their e-mail address,
companies by their name, deals by name and whom they are with; what a list says again fills what
is empty, unless it is told to replace.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from rally_desktop.core import collector
from rally_desktop.core.errors import Refused, UnknownField
from rally_desktop.model.fields import custom_fields
from rally_desktop.model.ref import RecordKind
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.outside.files.opening import open_table
from rally_desktop.outside.files.table import Row, Table
from rally_desktop.services import import_log, import_rows
from rally_desktop.services.headings import FULL_NAME, guess_mapping
from rally_desktop.services.import_batches import Importer, Taken
from rally_desktop.services.import_result import Options, Result, Verdict

__all__ = ["Options", "Result", "Verdict", "fields", "guessed", "import_file", "try_out"]

_NEEDED: Mapping[RecordKind, tuple[frozenset[str], str]] = {
    "contact": (
        frozenset(("email", "first_name", "last_name", FULL_NAME)), "a name or an e-mail address"
    ),
    "company": (frozenset(("name",)), "the name of a company"),
    "deal": (frozenset(("name",)), "the name of a deal"),
}  # fmt: skip
Mapped = Mapping[str, str]
Progress = Callable[[int], None]
Cancelled = Callable[[], bool]


def fields(work: Work, kind: RecordKind = "contact") -> dict[str, str]:
    """Return what a column can be mapped to, the office's own fields too, by name with label."""
    return import_rows.fields(kind, custom_fields(work.connection, kind))


def guessed(work: Work, headers: Sequence[str], kind: RecordKind = "contact") -> dict[str, str]:
    """Return the mapping that was last used for these very headings, else the one guessed."""
    offered = fields(work, kind)
    if (kept := import_log.remembered(work, kind, headers)) is not None:
        return {h: name for h, name in kept.items() if h in headers and name in offered}
    return guess_mapping(headers, kind, offered)


def try_out(
    store: Store,
    table: Table,
    mapping: Mapped | None = None,
    options: Options | None = None,
    *,
    heard: Callable[[Work], object] | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Result:
    """Find out what an import would do, with a verdict for every row; nothing is changed.

    ``heard`` is given the work of each batch before it is thrown away.
    """
    importer = _importer(store, table, mapping, options or Options(), every=True)
    importer.one_by_one = heard is not None  # who hears of a work asks it about each record

    def tried(work: Work, rows: Sequence[Row]) -> Taken:
        taken = importer.take(work, rows)
        if heard:
            heard(work)
        return taken

    return _gone_through(importer, table, lambda rows: store.read(tried, rows), progress, cancelled)


def import_file(
    store: Store,
    source: Table | str | Path,
    mapping: Mapped | None = None,
    options: Options | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Result:
    """Import a list, one transaction a batch, so that others can work meanwhile.

    Without a mapping it is remembered or guessed. Raises BadFile and Refused before anything
    is changed; what was done before ``cancelled`` said yes is kept.
    """
    table = open_table(source) if isinstance(source, str | Path) else source
    given = options or Options()
    named = replace(given, source=given.source or table.path.name)
    importer = _importer(store, table, mapping, named)
    job = store.write(import_log.begin, given.kind, named.source, table.headers)
    used = {table.headers[place]: name for place, name in importer.columns.items()}
    store.write(import_log.remember, given.kind, table.headers, used)

    def taken(work: Work, rows: Sequence[Row]) -> Taken:
        made = importer.take(work, rows)
        import_log.add_batch(work, job, made.rejected)
        return made

    def write(rows: Sequence[Row]) -> Taken:
        return store.write_patiently(lambda work: taken(work, rows))

    result = _gone_through(importer, table, write, progress, cancelled)
    result.job = job
    store.write(import_log.end, job, {**result.counts(), "cancelled": result.cancelled})
    return result


def _importer(
    store: Store, table: Table, mapping: Mapped | None, options: Options, *, every: bool = False
) -> Importer:
    if isinstance(options.triggers, int) and options.triggers < 1:
        raise Refused("At least one record an hour must trigger, or none at all.")
    if mapping is None:
        mapping = store.read(guessed, table.headers, options.kind)
    columns = _columns(table.headers, mapping, options.kind, store.read(fields, options.kind))
    return Importer(store.engine.dialect.name, columns, options, every=every)


def _gone_through(
    importer: Importer,
    table: Table,
    take: Callable[[Sequence[Row]], Taken],
    progress: Progress | None,
    cancelled: Cancelled | None,
) -> Result:
    rows = iter(table.rows())
    while True:
        with collector.at_rest():
            batch = list(islice(rows, importer.size.rows))
            if not batch:
                return importer.result
            if cancelled and cancelled():
                importer.result.cancelled = True
                return importer.result
            taken = take(batch)
            importer.keep(taken)
            importer.size.learn(taken.watch.seconds())
        if progress:
            progress(importer.result.rows)


def _columns(
    headers: Sequence[str], mapping: Mapped, kind: RecordKind, known: Mapping[str, str]
) -> dict[int, str]:
    """Return {place: field}; raise UnknownField or Refused where the mapping makes no sense."""
    for heading, name in mapping.items():
        if name not in known:
            raise UnknownField(name, list(known))
        if heading not in headers:
            raise Refused(f"The list has no column ‘{heading}’. Map its columns again.")
    taken = list(mapping.values())
    if doubled := {name for name in taken if taken.count(name) > 1}:
        raise Refused(f"Two columns are mapped to {known[doubled.pop()]}. Choose one of them.")
    needed, said = _NEEDED[kind]
    if not needed & {*taken}:
        raise Refused(f"None of the columns is {said}. Map one of them.")
    return {headers.index(heading): name for heading, name in mapping.items()}
