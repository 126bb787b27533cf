"""Watching the people inside: what happened to a record may stop its runs or wake them."""

from __future__ import annotations

from collections.abc import Sequence

from rally_desktop.engine import inside, matrix
from rally_desktop.engine.definitions import Definitions, Version
from rally_desktop.engine.intake import Arrival
from rally_desktop.engine.walk import Walk
from rally_desktop.model.changes import RunState
from rally_desktop.model.ref import Ref


def look(walk: Walk, definitions: Definitions, arrivals: Sequence[Arrival]) -> None:
    """Let every new line act upon the runs of its record, in the order of the lines."""
    if not definitions.watched:
        return
    about = [(one, _concerned(walk, definitions, one)) for one in arrivals]
    runs: dict[Ref, list[RunState]] = {}
    for state in inside.open_runs(walk.work, {ref for _, refs in about for ref in refs}):
        runs.setdefault(state.ref, []).append(state)
    for one, refs in about:
        for state in (state for ref in refs for state in runs.get(ref, ())):
            _meet(walk, definitions, state, one)


def _meet(walk: Walk, definitions: Definitions, state: RunState, one: Arrival) -> None:
    """Let a line act upon a run, unless that run caused it, has ended or is held."""
    if state.ended_at is None and state.id != one.run_id:
        version = definitions.version(walk.work, state.version_id)
        if version is not None and state.workflow_id in definitions.moving:
            _act(walk, version, state, one)


def _concerned(walk: Walk, definitions: Definitions, one: Arrival) -> list[Ref]:
    """Return the records whose runs a line may act upon: its own, and the contact of a deal."""
    refs = [one.event.ref]
    if one.event.ref.kind == "deal" and (found := walk.work.find(one.event.ref)):
        refs += [
            Ref(kind, found[f"{kind}_id"])
            for kind in ("contact", "company")
            if found[f"{kind}_id"] is not None
        ]
    return [ref for ref in refs if ref.kind in definitions.watched]


def _act(walk: Walk, version: Version, state: RunState, one: Arrival) -> None:
    if not version.watches:
        return
    if _stops(walk, version, state, one):
        walk.stop(version, state)
    elif action := matrix.action(version.graph, one.event):
        _obey(walk, version, state, action)
    elif state.state == "active" and (exit_ := walk.met(version, state, one.event)) is not None:
        walk.wake(version, state, exit_)


def _stops(walk: Walk, version: Version, state: RunState, one: Arrival) -> bool:
    """Say whether a run is to stop: one of the events it stops on, or what it stops when."""
    if one.event.ref == state.ref and _matches(version, one):
        return True
    found = walk.work.find(state.ref)
    if version.stop_when is None or found is None or found["deleted_at"] is not None:
        return False
    return walk.asking.test(version.stop_when, state.ref, state.trigger)


def _matches(version: Version, one: Arrival) -> bool:
    """Say whether one of the triggers that stop a run listens to this line and fits it."""
    for kind in version.stop_on:
        for activity, field in kind.listens():
            moved = field is None or field in one.event.detail.get("fields", ())
            if activity == one.event.kind and moved and kind.matches(one.event):
                return True
    return False


def _obey(walk: Walk, version: Version, state: RunState, action: matrix.Action) -> None:
    if action == "stop":
        walk.stop(version, state)
    elif state.state in ("active", "in_review"):
        walk.put_aside(state, "paused", "matrix", None)
