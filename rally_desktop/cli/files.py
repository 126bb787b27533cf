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
    from rally_desktop.outside.files.opening import open_table
    from rally_desktop.services import imports

    options = imports.Options(triggers=_triggers(triggers))
    entries: list[forecast.Entry] = []
    with opened(database) as store:
        if dry_run:
            done, entries = forecast.of_import(store, open_table(file), None, options)
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
