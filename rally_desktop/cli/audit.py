"""``rally-desktop audit``: who changed what, and whether the log is as it was written."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rally_desktop.cli.data import existing
from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import AsJson, Database, answer, verb

if TYPE_CHECKING:
    from rally_desktop.services.audit_check import Verdict
    from rally_desktop.services.audit_list import Wanted

Since = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From this day on: 2026-03-31.")
]
Until = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Up to this day, not included.")
]
Text = Annotated[str, typer.Option(metavar="WORDS", help="Lines with these words alone.")]


@verb
def audit_list(
    since: Since = None,
    until: Until = None,
    text: Text = "",
    limit: Annotated[int, typer.Option(help="At most so many.", min=1)] = 50,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """List who changed what, the newest first."""
    from rally_desktop.services import audit_list as log

    with opened(existing(database)) as store:
        numbers = store.read(log.numbers, _wanted(since, until, text))
        found = store.read(log.lines, numbers[:limit])
    said = [f"{one.at.astimezone():%Y-%m-%d %H:%M:%S}  {one.who} {one.said}" for one in found]
    answer([asdict(one) for one in found], as_json, "\n".join(said) or "There is nothing.")


@verb
def audit_export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Ending in .csv or .xlsx.")],
    since: Since = None,
    until: Until = None,
    text: Text = "",
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Write the audit log, or a part of it, into a CSV or Excel file."""
    from rally_desktop.services import audit_export as out

    with opened(existing(database)) as store:
        count = out.write(store, file, _wanted(since, until, text)) or 0
    answer({"file": str(file), "lines": count}, as_json, f"{count:,} lines are in {file}.")


@verb
def audit_check(
    accept: Annotated[
        bool, typer.Option("--accept", help="An older copy was put back on purpose: go on from it.")
    ] = False,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Look whether any line was changed, taken out, put in or cut off since it was written."""
    from rally_desktop.model.place import heads_file
    from rally_desktop.outside.heads import Heads
    from rally_desktop.services import audit_check as log

    heads = Heads(heads_file())
    with opened(existing(database)) as store:
        if accept:
            log.accept(store, heads)
        found = log.check(store, heads, None if as_json else _progress)
        if found is not None and found.broken is None:
            log.advance(store, heads)
    if found is None:
        return
    answer(asdict(found), as_json, said(found))
    if found.broken is not None:
        raise typer.Exit(1)


def said(found: Verdict) -> str:
    """Return in words what a check found."""
    if found.broken is not None:
        when = f"{found.broken.at.astimezone():%Y-%m-%d %H:%M:%S}: " if found.broken.at else ""
        advice = {
            "older": "If that was meant: rally-desktop audit check --accept",
            "replaced": "If that was meant: rally-desktop audit check --accept",
        }.get(found.broken.kind, "Restore a backup from before, and ask who had the database.")
        return f"The audit log is not as it was written. {when}{found.broken.said}. {advice}"
    until = f", up to {found.until.astimezone():%Y-%m-%d %H:%M:%S}" if found.until else ""
    erased = f"; {found.erased:,} of them were erased" if found.erased else ""
    kept = "" if found.kept else " This computer had not seen it before, and keeps its end now."
    return f"{found.lines:,} lines are as they were written{until}{erased}.{kept}"


def _progress(done: int, total: int) -> None:
    typer.echo(f"\r{done:,} of {total:,} lines", nl=False, err=True)
    if done >= total:
        typer.echo("\r" + " " * 40 + "\r", nl=False, err=True)


def _wanted(since: datetime | None, until: datetime | None, text: str) -> Wanted:
    from rally_desktop.services.audit_list import Wanted

    local = (day.astimezone() if day else None for day in (since, until))
    return Wanted(text=text, since=next(local), until=next(local))
