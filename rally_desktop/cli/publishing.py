"""``rally-desktop workflow publish``: the numbers first, then what was answered."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import AsJson, Database, answer, verb
from rally_desktop.cli.workflow import Number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rally_desktop.engine.backlog import Waiting
    from rally_desktop.engine.outlook import Outlook

Way = Literal["stay", "move", "end"]


@verb
def workflow_publish(
    number: Number,
    inside: Annotated[
        Way | None,
        typer.Option(help="Who is inside: stays on the old version, moves to the same step, ends."),
    ] = None,
    stale: Annotated[
        str | None,
        typer.Option(
            metavar="none|all|N",
            help="Who is stale or matches already: nobody enters, all do, or so many an hour.",
        ),
    ] = None,
    database: Database = "",
    as_json: AsJson = False,
) -> None:
    """Publish a workflow's draft; what that means is said first.

    What no option answers is asked. Without a terminal those inside stay, and nobody of those
    who are due already enters.
    """
    from rally_desktop.cli.password import unlocked
    from rally_desktop.engine import outlook

    _an_hour("none" if stale is None else stale)  # refused before anything is read
    with opened(database) as store:
        unlocked(store, number)
        found = store.read(outlook.look, number)
        waiting = store.read(outlook.due_already, found, lambda: False)
        if not as_json:
            typer.echo("\n".join(_numbers(found, waiting)))
        asks = not (as_json or found.errors) and sys.stdin.isatty()
        way = inside or _ask_inside(asks and found.count > 0)
        stale = stale or _ask_stale(asks and bool(waiting))
        enter = [] if stale == "none" else waiting
        done = store.write(outlook.go_ahead, found, way, enter, _an_hour(stale))
    facts = {
        "id": number, "version": int(done), "stayed": done.stayed, "moved": done.moved,
        "ended": done.ended, "due_already": len(waiting), "entering": len(enter),
        "messages_each": found.messages, "changes": found.changes,
        "warnings": [one.text for one in found.problems],
    }  # fmt: skip
    answer(facts, as_json, _done(facts))


def _numbers(found: Outlook, waiting: Sequence[Waiting]) -> list[str]:
    """Return what publishing means, a line each."""
    lines = [f"{one.severity}: {one.text}" for one in found.problems]
    lines += [f"change: {line}" for line in found.changes]
    if found.count:
        lines.append(f"{found.count:,} inside; {found.movable:,} at a step that is still there.")
    if found.looks_back:
        most = len(waiting) * found.messages
        tail = f", up to {most:,} messages to them" if most else ""
        lines.append(f"{len(waiting):,} due already{tail}.")
    if count := found.messages:
        lines.append(f"Each who enters is sent at most {count:,} message{'s' * (count != 1)}.")
    return [*lines, *found.brakes]


def _done(facts: Mapping[str, Any]) -> str:
    ways = [f"{facts[way]:,} {way}" for way in ("stayed", "moved", "ended") if facts[way]]
    inside = f" Of those inside, {', '.join(ways)}." if ways else ""
    due = f" {facts['entering']:,} of those due already enter." if facts["due_already"] else ""
    return f"Version {facts['version']} of workflow {facts['id']} is published.{inside}{due}"


def _ask_inside(asks: bool) -> Way:
    from click import Choice

    if not asks:
        return "stay"
    ways = Choice(["stay", "move", "end"])
    return typer.prompt("What becomes of those inside?", default="stay", type=ways)


def _ask_stale(asks: bool) -> str:
    if not asks:
        return "none"
    answer = typer.prompt("Who of those due already enters: none, all, or so many an hour?", "none")
    _an_hour(answer)
    return answer


def _an_hour(stale: str) -> int | None:
    """Return how many an hour were asked for, None for none and all."""
    if stale in ("none", "all"):
        return None
    if stale.isdecimal() and int(stale) > 0:
        return int(stale)
    raise typer.BadParameter("say none, all, or how many an hour", param_hint="--stale")
