"""``rally-desktop workflow rehearse``: what a workflow would do, before it may do anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import AsJson, Database, answer, verb

if TYPE_CHECKING:
    from rally_desktop.engine.rehearsing.findings import Findings, StepCount
    from rally_desktop.model.graph import Graph
    from rally_desktop.model.store import Store

SHOWN = 20
REPLIES = 10  # per cent
BAR = 40  # characters of the longest bar in the calendar


@verb
def workflow_rehearse(
    what: Annotated[str, typer.Argument(metavar="FILE|ID", help="A file, or a workflow's number.")],
    days: Annotated[int, typer.Option(min=1, help="How many days.")] = 30,
    backtest: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"],
            metavar="FROM",
            help="Tell again what has happened since that day (UTC), with this workflow in force.",
        ),
    ] = None,
    contact: Annotated[
        int | None,
        typer.Option(metavar="ID", help="For this record alone, told step by step."),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(help="Let one message in ten be answered; the number decides which."),
    ] = None,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Try a workflow on a copy of the office: no record changes, no message leaves."""
    from rally_desktop.engine.rehearsal import Plan, rehearse

    since = backtest.replace(tzinfo=UTC) if backtest else None
    with opened(database) as store:
        graph, number = _definition(store, what)
        replies = 0 if seed is None else REPLIES
        plan = Plan(graph, number, days, since, record_id=contact, seed=seed or 0, replies=replies)
        with rehearse(store, plan) as done:
            found = done.findings
    answer(found, as_json, "\n".join(_lines(found)))
    if any(one.severity == "error" for one in found.problems):
        raise typer.Exit(1)


def _definition(store: Store, what: str) -> tuple[Graph, int | None]:
    from rally_desktop.model.graph import Graph
    from rally_desktop.outside.files.workflow import read_definition
    from rally_desktop.services import workflows

    if what.isdecimal():
        return store.read(workflows.draft, int(what)).graph, int(what)
    return Graph.load(read_definition(Path(what))), None


def _lines(found: Findings) -> Iterator[str]:
    yield f"‘{found.workflow}’ from {_day(found.begins)} to {_day(found.ends)}"
    for one in found.problems:
        yield f"  {one.severity}: {one.step or 'workflow'}: {one.text}"
    for said in (*found.assumptions, *(f"Look out: {one}" for one in found.warnings)):
        yield f"  {said}"
    yield ""
    states = f": {_counted(found.states)}" if found.states else ""
    yield f"{found.considered} {_kind(found)}, {found.entered} entered{states}"
    if found.refused:
        yield f"Did not enter: {_counted(found.refused)}"
    yield from _steps(found.steps)
    yield from _messages(found)
    for run in found.runs:
        yield ""
        yield f"{run.record}: {run.state} {run.reason}".rstrip()
        for visit in run.visits:
            yield f"  {_day(visit.at)}  {visit.step:20} {visit.outcome:8} {visit.summary}"


def _steps(steps: tuple[StepCount, ...]) -> Iterator[str]:
    if steps:
        yield ""
        yield f"{'step':24} {'entered':>8} {'waiting':>8} {'done':>8} {'skipped':>8} {'failed':>8}"
    for one in steps:
        counts = " ".join(
            f"{one.outcomes[name]:8}" for name in ("waiting", "done", "skipped", "failed")
        )
        stopped = f"  stopped {one.outcomes['stopped']}" if one.outcomes["stopped"] else ""
        yield f"{(one.title or one.step)[:24]:24} {one.entered:8} {counts}{stopped}"
        if len(one.exits) > 1:
            yield f"{'':26}{_counted(one.exits)}"


def _messages(found: Findings) -> Iterator[str]:
    if found.messages:
        yield ""
        yield f"{found.messages} messages, at most {found.most_messages} to one person"
        most = max(found.sends.values())
        for day, count in found.sends.items():
            yield f"  {day} {count:6} {'▇' * max(1, count * BAR // most)}"
        yield "How many get how many: " + ", ".join(
            f"{people} get {count}" for count, people in found.people_by_messages.items()
        )
        for one in found.worst:
            yield f"  {one.messages:3}  {one.name}"
    if found.unfilled:
        yield ""
        yield f"{found.unfilled_in_all} messages cannot be made:"
    for one in found.unfilled[:SHOWN]:
        yield f"  {one.record} at ‘{one.step}’: {one.said}"
    if found.unfilled_in_all > SHOWN:
        yield f"  and {found.unfilled_in_all - SHOWN} more; --json lists them"


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())


def _kind(found: Findings) -> str:
    plural = "companies" if found.record == "company" else f"{found.record}s"
    return found.record if found.considered == 1 else plural


def _day(moment: str) -> str:
    return moment[:16].replace("T", " ")
