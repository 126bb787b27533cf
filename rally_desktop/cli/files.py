"""Verbs that bring something in from files, or write it out."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import AsJson, Database, answer, verb
from rally_desktop.core.errors import Refused

File = Annotated[Path, typer.Argument(metavar="FILE")]
SHOWN = 20


@verb
def workflow_import(file: File, database: Database = "", as_json: AsJson = False) -> None:
    """Add a workflow from a file (*.rally.json), as a draft."""
    from rally_desktop.engine import publishing
    from rally_desktop.model.graph import Graph
    from rally_desktop.outside.files.workflow import read_definition
    from rally_desktop.services import workflows

    graph = Graph.load(read_definition(file))
    with opened(database) as store:
        number = store.write(workflows.create, graph)
        found = store.read(publishing.problems_of, graph)
    lines = [f"‘{graph.name}’ is workflow {number}, a draft."]
    lines += [f"  {one.severity}: {one.step or 'workflow'}: {one.text}" for one in found]
    facts = {"id": number, "name": graph.name, "problems": [one.text for one in found]}
    answer(facts, as_json, "\n".join(lines))


@verb
def workflow_export(
    number: Annotated[int, typer.Argument(metavar="ID")],
    file: File,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Write a workflow's draft into a file."""
    from rally_desktop.outside.files.workflow import write_definition
    from rally_desktop.services import workflows

    with opened(database) as store:
        graph = store.read(workflows.draft, number).graph
    write_definition(file, graph.dump())
    answer({"id": number, "file": str(file)}, as_json, f"‘{graph.name}’ is in {file}.")


@verb
def workflow_list(database: Database = "", as_json: AsJson = False) -> None:
    """List the workflows, their state and how many are inside."""
    from rally_desktop.services import workflows

    with opened(database) as store:
        rows = store.read(workflows.listed)
    lines = [f"{row.id:4}  {row.state:10} {row.open_runs:6} inside  {row.name}" for row in rows]
    facts = [{"id": row.id, "name": row.name, "state": row.state} for row in rows]
    answer(facts, as_json, "\n".join(lines) or "There are no workflows yet.")


@verb
def contacts_import(
    file: File,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    triggers: Annotated[
        str,
        typer.Option(
            metavar="yes|no|N", help="Whether the rows start workflows, or N contacts an hour do."
        ),
    ] = "yes",
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Import contacts from a CSV file: columns are guessed, duplicates merged by e-mail."""
    from rally_desktop.engine import forecast
    from rally_desktop.outside.files.csv import read_csv
    from rally_desktop.services import imports

    options = imports.Options(triggers=_triggers(triggers))
    entries: list[forecast.Entry] = []
    with opened(database) as store:
        if dry_run:
            done, entries = store.read(forecast.of_import, read_csv(file), None, options)
        else:
            done = imports.import_file(store, file, options=options)
    told = [one for one in done.verdicts if one.reason]
    names = ("created", "updated", "merged", "unchanged", "skipped")
    counts = {name: getattr(done, name) for name in names}
    lines = [f"{count} {name}" for name, count in counts.items() if count] or ["No rows."]
    lines += [f"  row {one.row}: {one.reason}" for one in told[:SHOWN]]
    if len(told) > SHOWN:
        lines.append(f"  and {len(told) - SHOWN} more rows; --json lists them all")
    lines += [f"  {one.says}" for one in entries]
    rows = [{"row": one.row, "outcome": one.outcome, "reason": one.reason} for one in told]
    enters = [asdict(one) for one in entries]
    facts = {**counts, "dry_run": dry_run, "rows": rows, "enters": enters}
    answer(facts, as_json, "\n".join(lines))


def _triggers(said: str) -> Literal["no", "yes"] | int:
    if said.isdecimal():
        return int(said)
    if said == "yes" or said == "no":
        return said
    raise Refused("--triggers is yes, no, or how many contacts an hour, such as 50.")
