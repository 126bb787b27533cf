"""``rally-desktop workflow publish``: the numbers first, then what was answered."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import AsJson, Database, answer, verb
from rally_desktop.cli.workflow import Number

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    from rally_desktop.engine import outlook

    if stale is not None:
        _an_hour(stale)
    asks = sys.stdin.isatty() and not as_json
    with opened(database) as store:
        found = store.read(outlook.look, number)
        waiting = store.read(outlook.due_already, found, lambda: False)
        if not as_json:
            typer.echo("\n".join(_numbers(found, waiting)))
        unsaid = asks and found.count and not found.errors
        way = inside or (_ask_inside() if unsaid else "stay")
        if stale is None:
            stale = _ask_stale() if asks and waiting else "none"
        enter = [] if stale == "none" else waiting
        done = store.write(outlook.go_ahead, found, way, enter, _an_hour(stale))
    ways = {"stayed": done.stayed, "moved": done.moved, "ended": done.ended}
    said = [f"{count:,} {word}" for word, count in ways.items() if count]
    tail = f" Of those inside, {', '.join(said)}." if said else ""
    tail += f" {len(enter):,} of those due already enter." if waiting else ""
    facts = {
        "id": number, "version": int(done), **ways, "due_already": len(waiting),
        "entering": len(enter), "messages_each": found.messages, "changes": found.changes,
        "warnings": [one.text for one in found.problems],
    }  # fmt: skip
    answer(facts, as_json, f"Version {int(done)} of workflow {number} is published.{tail}")


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


def _ask_inside() -> Way:
    from click import Choice

    ways = Choice(["stay", "move", "end"])
    return typer.prompt("What becomes of those inside?", default="stay", type=ways)


def _ask_stale() -> str:
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
