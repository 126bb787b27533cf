"""Verbs that bring something in from files, or write it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import AsJson, Database, answer, verb
from rally_desktop.core.errors import Refused

if TYPE_CHECKING:
    from rally_desktop.engine.forecast import Entry
    from rally_desktop.model.ref import RecordKind
    from rally_desktop.services.imports import Result

File = Annotated[Path, typer.Argument(metavar="FILE")]
Kind = Annotated[str, typer.Option(metavar="contact|company|deal", help="What the list holds.")]
SHOWN = 20
OUTCOMES = ("created", "updated", "merged", "unchanged", "skipped")


@verb
def workflow_import(file: File, database: Database = "", as_json: AsJson = False) -> None:
    """Add a workflow from a file (*.rally.json), with its templates, as a draft."""
    from rally_desktop.cli.workflow import problem_facts, problem_lines
    from rally_desktop.engine import exchange, publishing
    from rally_desktop.outside.files.workflow import read_definition

    stored = read_definition(file)
    with opened(database) as store:
        done = store.write(exchange.unpacked, stored)
        found = store.read(publishing.problems_of, done.graph)
    lines = [f"‘{done.graph.name}’ is workflow {done.id}, a draft."]
    lines += [f"  Its template ‘{name}’ is new here." for name in done.added]
    lines += [
        f"  ‘{old}’ is another template here, so it now uses ‘{new}’."
        for old, new in done.renamed.items()
    ]
    lines += [f"  {line}" for line in problem_lines(found)]
    facts = {
        "id": done.id, "name": done.graph.name, "templates": done.added,
        "renamed": dict(done.renamed), "problems": problem_facts(found),
    }  # fmt: skip
    answer(facts, as_json, "\n".join(lines))


@verb
def workflow_export(
    number: Annotated[int, typer.Argument(metavar="ID")],
    file: File,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Write a workflow's draft, and the templates that it uses, into a file."""
    from rally_desktop.cli.password import unlocked
    from rally_desktop.engine import exchange
    from rally_desktop.outside.files.workflow import write_definition
    from rally_desktop.services import workflows

    with opened(database) as store:
        unlocked(store, number)
        graph = store.read(workflows.draft, number).graph
        packed = store.read(exchange.packed, graph)
    write_definition(file, packed)
    answer({"id": number, "file": str(file)}, as_json, f"‘{graph.name}’ is in {file}.")


@verb
def contacts_import(
    file: File,
    kind: Kind = "contact",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    triggers: Annotated[
        str,
        typer.Option(
            metavar="yes|no|N", help="Whether the rows start workflows, or N records an hour do."
        ),
    ] = "yes",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Let the list replace what is known.")
    ] = False,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Import a list (CSV, Excel, vCard): columns are guessed, rows about the same become one."""
    from rally_desktop.engine import forecast
    from rally_desktop.outside.files.opening import open_table
    from rally_desktop.services import imports

    options = imports.Options(_kind(kind), overwrite=overwrite, triggers=_triggers(triggers))
    entries: list[Entry] = []
    with opened(database) as store:
        if dry_run:
            done, entries = forecast.of_import(store, open_table(file), None, options)
        else:
            done = imports.import_file(store, file, options=options)
    rows = [
        {"row": one.row, "outcome": one.outcome, "reason": one.reason}
        for one in done.verdicts
        if one.reason
    ]
    enters = [asdict(one) for one in entries]
    facts = {**done.counts(), "import": done.job, "dry_run": dry_run}
    facts |= {"rows": rows, "enters": enters}
    answer(facts, as_json, "\n".join(_lines(done, entries)))


def _lines(done: Result, entries: Sequence[Entry]) -> list[str]:
    counts = done.counts()
    told = [one for one in done.verdicts if one.reason]
    lines = [f"{counts[name]} {name}" for name in OUTCOMES if counts[name]] or ["No rows."]
    lines += [f"  row {one.row}: {one.reason}" for one in told[:SHOWN]]
    if len(told) > SHOWN:
        lines.append(f"  and {len(told) - SHOWN} more rows; --json lists them all")
    lines += [f"  {one.says}" for one in entries]
    if done.job:
        lines.append(f"  «contacts import-undo {done.job}» takes it all back.")
    return lines


@verb
def contacts_import_undo(
    number: Annotated[int, typer.Argument(metavar="IMPORT")],
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Undo a whole import, updates included; what somebody changed since stays."""
    from rally_desktop.services import import_undo

    with opened(database) as store:
        done = import_undo.undo(store, number)
    answer(asdict(done), as_json, done.say())


@verb
def contacts_import_refused(
    number: Annotated[int, typer.Argument(metavar="IMPORT")],
    file: File,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Write the rows that an import left out, with the reasons, to be mended and imported."""
    from rally_desktop.services import exports

    with opened(database) as store:
        count = exports.write_rejected(store, number, file)
    answer({"file": str(file), "rows": count}, as_json, f"{count} rows are in {file}.")


@verb
def contacts_export(
    file: File, kind: Kind = "contact", database: Database = "", as_json: AsJson = False
) -> None:
    """Export all records of a kind into a file (.csv or .xlsx) that can be imported again."""
    from rally_desktop.services import exports

    with opened(database) as store:
        count = exports.write(store, file, exports.Export(_kind(kind)))
    answer({"file": str(file), "records": count}, as_json, f"{count} records are in {file}.")


def _kind(said: str) -> RecordKind:
    if said == "contact" or said == "company" or said == "deal":
        return said
    raise Refused("--kind is contact, company or deal.")


def _triggers(said: str) -> Literal["no", "yes"] | int:
    if said.isdecimal():
        return int(said)
    if said == "yes" or said == "no":
        return said
    raise Refused("--triggers is yes, no, or how many contacts an hour, such as 50.")
