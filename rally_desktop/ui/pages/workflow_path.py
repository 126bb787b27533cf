"""The path of one run through a workflow, as it lies over the canvas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from rally_desktop.canvas.overlay import Mark, Overlay
from rally_desktop.model.graph import NEXT, START, STOP, Graph, Place
from rally_desktop.services.runs import OPEN_STATES, RunRow, Visit


def path_of(graph: Graph, row: RunRow, visits: Sequence[Visit]) -> Overlay:
    """Return what a run passed, when it took which connector, and where it stands."""
    marks: dict[str, Mark] = {visit.key: "failed" for visit in visits if visit.outcome == "failed"}
    below: dict[str, tuple[str, str]] = {}
    waits = ""
    if visits and row.state in OPEN_STATES:
        last = visits[-1]
        waits = last.key if marks.get(last.key) != "failed" else ""
        marks.setdefault(last.key, "here")
        if last.until is not None:
            below[last.key] = (f"→ {_brief(last.until, last.at)}", "talk")
    return Overlay(
        below=below,
        passed=frozenset({visit.key for visit in visits} | {row.trigger}),
        path={place: moment(at) for place, at in _taken(graph, visits)},
        marks=marks,
        tips={visit.key: visit.summary for visit in visits},
        waits=waits,
    )


def _taken(graph: Graph, visits: Sequence[Visit]) -> Iterator[tuple[Place, datetime]]:
    """Yield every connector that leads from one visit to the next; jumps take none."""
    if visits:
        first = Place(START, NEXT)
        if graph.target(first) == visits[0].key:
            yield first, visits[0].at
    for before, after in pairwise(visits):
        if before.key not in graph.steps:
            continue
        place = Place(before.key, before.exit or NEXT)
        if graph.target(place) == after.key:
            yield place, after.at
        elif graph.stop_start == after.key:
            yield Place(STOP, NEXT), after.at


def _brief(until: datetime, since: datetime) -> str:
    """Say the time of day, or the day where that is another."""
    ends, began = until.astimezone(), since.astimezone()
    return f"{ends:%H:%M}" if ends.date() == began.date() else f"{ends.day} {ends:%b}"


def moment(at: datetime) -> str:
    """Say a moment in a few letters: 2 Jun 09:00."""
    local = at.astimezone()
    return f"{local.day} {local:%b %H:%M}"
