"""What a draft changes against the published version, in words, for whoever publishes it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from rally_desktop.core.conditions import Fields
from rally_desktop.engine.phrases import audience_said, rules_said, step_said, stops_said, titled
from rally_desktop.engine.phrases import sentence as said_of
from rally_desktop.model.graph import NEXT, Graph


def changes(before: Graph, after: Graph, fields: Fields) -> list[str]:
    """Return the differences, one line each: whom it is for, its steps, its rules."""
    lines = [*_heading(before, after), *_triggers(before, after)]
    lines += _sentences(audience_said(before, fields), audience_said(after, fields))
    lines += _steps(before, after)
    lines += _sentences(
        [*rules_said(before.settings), *stops_said(before, fields)],
        [*rules_said(after.settings), *stops_said(after, fields)],
    )
    if not lines and _essence(before) != _essence(after):
        lines.append("Settings of the workflow as a whole.")
    return lines


def _heading(before: Graph, after: Graph) -> Iterator[str]:
    if before.name != after.name:
        yield f"Renamed from ‘{before.name}’ to ‘{after.name}’"
    if before.record != after.record:
        yield f"About another kind of record: {after.record}"


def _triggers(before: Graph, after: Graph) -> Iterator[str]:
    was = {one.id: one for one in before.triggers}
    now = {one.id: one for one in after.triggers}
    for key in was | now:
        if key not in was:
            yield f"Added trigger: {said_of(now[key])}"
        elif key not in now:
            yield f"Removed trigger: {said_of(was[key])}"
        elif was[key] != now[key]:
            yield _changed("trigger", said_of(was[key]), said_of(now[key]))


def _steps(before: Graph, after: Graph) -> Iterator[str]:
    for key, step in after.steps.items():
        was = before.steps.get(key)
        if was is None:
            yield f"Added: {step_said(step)}"
        elif was is not step and msgspec.structs.replace(was, exits=step.exits) != step:
            yield _changed("", step_said(was), step_said(step))
    for key, step in before.steps.items():
        if key not in after.steps:
            yield f"Removed: {step_said(step)}"
    yield from _ways(before, after)


def _ways(before: Graph, after: Graph) -> Iterator[str]:
    """Say where what was there before follows another step that was there before."""
    kept = before.steps.keys() & after.steps.keys()
    for key, step in after.steps.items():
        if key not in kept:
            continue
        was = before.steps[key].exits
        for name in was.keys() & step.exits.keys():
            old, new = was[name], step.exits[name]
            if old != new and {old, new} <= kept:
                way = "" if name == NEXT else f" ({_label(name)})"
                yield f"After ‘{titled(step)}’{way} comes ‘{titled(after.steps[new])}’ now"


def _sentences(before: list[str], after: list[str]) -> Iterator[str]:
    yield from (f"Now: {line}" for line in after if line not in before)
    yield from (f"No longer: {line}" for line in before if line not in after)


def _changed(what: str, was: str, now: str) -> str:
    word = f"Changed {what}".rstrip()
    return f"{word}: {now}" if was == now else f"{word}: {was} → {now}"


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _essence(graph: Graph) -> Graph:
    """Leave away what nobody notices: where cards stand, and the number of the document."""
    return graph.with_(layout={}, id="", description="")
