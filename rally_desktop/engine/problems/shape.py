"""Where the paths of a workflow lead: what is never reached, and what ends by surprise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import msgspec

from rally_desktop.core import schema
from rally_desktop.engine.nodes.base import StepKind
from rally_desktop.engine.problems.problem import Fix, Problem
from rally_desktop.model import joining
from rally_desktop.model.graph import Graph, Place, Step

MOST_VISITS = 500  # a run that goes through more has failed (engine/walk.py)
ELSE, FAILED = "else", "failed"

Kinds = Mapping[str, StepKind]


def shape(graph: Graph, kinds: Kinds) -> Iterator[Problem]:
    """Yield what is wrong with the way the steps are connected."""
    reached = {**graph.reachable(graph.start), **graph.reachable(graph.stop_start)}
    for key in graph.steps:
        if key not in reached:
            fix = Fix("Remove it and what follows it", partial(Graph.removed_after, key=key))
            yield Problem(key, "warning", "No path leads here.", fix)
    for key in reached:
        if kind := kinds.get(key):
            yield from _exits(graph.steps[key], kind)
            yield from _paths(graph.steps[key], kind)
    yield from _stop_actions(graph, kinds)
    yield from _length(graph)


# -- ends --------------------------------------------------------------------------------------


def _exits(step: Step, kind: StepKind) -> Iterator[Problem]:
    known = kind.exits()
    if len(known) == 1 and step.exits.keys() == {known[0][0]}:
        return
    names = {name for name, _ in known}
    for name in step.exits.keys() - names:
        fix = Fix("Take that path away", partial(_without_path, key=step.id, exit_=name))
        text = f"It has no exit ‘{name}’ any more: connect it anew."
        yield Problem(step.id, "error", text, fix)
    yield from _open_ends(step, kind, [way for way in known if way[0] != FAILED])


def _open_ends(step: Step, kind: StepKind, ways: list[tuple[str, str]]) -> Iterator[Problem]:
    open_ends = [(name, label) for name, label in ways if name not in step.exits]
    if kind.shape == "wait" and len(ways) == len(open_ends) == 1:
        yield Problem(step.id, "warning", "Nothing follows this wait.", _ending(step, ways))
    elif len(ways) > 1 and len(open_ends) == len(ways):
        text = "None of its paths leads anywhere."
        yield Problem(step.id, "warning", text, _ending(step, ways))
    elif len(ways) > 1:
        for name, label in open_ends:
            if name != ELSE:
                text = f"Nothing follows on the path ‘{label or name}’."
                yield Problem(step.id, "warning", text, _ending(step, [(name, label)]))


def _ending(step: Step, ways: list[tuple[str, str]]) -> Fix:
    names = tuple(name for name, _ in ways)
    return Fix("Connect it to an End", partial(_ended, key=step.id, exits=names))


def _ended(graph: Graph, key: str, exits: tuple[str, ...]) -> Graph:
    """Return the workflow with exits of a step connected to an End, one that is there if any."""
    end = next((one.id for one in graph.steps.values() if one.kind == "end"), None)
    if end is None:
        end = _fresh(graph, "end")
        graph = graph.with_step(Step(end, "end"))
    for name in exits:
        graph = graph.connected(Place(key, name), end)
    return graph


def _fresh(graph: Graph, word: str) -> str:
    number = 1
    while (key := f"{word}-{number}") in graph.steps:
        number += 1
    return key


# -- paths of a branch -------------------------------------------------------------------------


def _paths(step: Step, kind: StepKind) -> Iterator[Problem]:
    """Look for paths that nobody can ever take, because one before takes them all."""
    for setting in kind.settings():
        if isinstance(setting.field, schema.Paths):
            yield from _shadowed(step, setting.name, getattr(kind, setting.name))


def _shadowed(step: Step, setting: str, paths: tuple[Any, ...]) -> Iterator[Problem]:
    before: list[tuple[str, frozenset[bytes]]] = []
    for path in paths:
        asked = _conditions(path.filter)
        shadow = next((name for name, earlier in before if earlier <= asked), None)
        before.append((path.name, asked))
        if shadow is not None:
            text = f"Nobody ever takes ‘{path.name}’: ‘{shadow}’ above takes them first."
            drop = partial(_without_path, key=step.id, exit_=path.exit, setting=setting)
            fix = Fix(f"Remove ‘{path.name}’", drop)
            yield Problem(step.id, "warning", text, fix, setting)
    if ELSE in step.exits and any(not asked for _, asked in before):
        text = "Nobody ever takes ‘Else’: a path above takes everyone."
        drop = partial(_without_path, key=step.id, exit_=ELSE)
        yield Problem(step.id, "warning", text, Fix("Remove what follows ‘Else’", drop))


def _conditions(stored: Mapping[str, Any] | None) -> frozenset[bytes]:
    """Return the conditions that must all hold, each in one spelling; none takes everyone."""
    if not stored:
        return frozenset()
    if set(stored) == {"all"} and isinstance(stored["all"], (list, tuple)):
        return frozenset().union(*(_conditions(part) for part in stored["all"]))
    return frozenset({msgspec.json.encode(stored, order="deterministic")})


def _without_path(graph: Graph, key: str, exit_: str, setting: str = "") -> Graph:
    """Return the workflow without one exit of a step, and what only it led to."""
    first = graph.steps[key].exits.get(exit_)
    graph = graph.connected(Place(key, exit_), None)
    if first is not None and not graph.entrances(first) and first != graph.stop_start:
        graph = graph.removed_after(first)
    if not setting:
        return graph
    stored = graph.steps[key].settings
    kept = [path for path in stored[setting] if path["exit"] != exit_]
    return graph.with_settings(key, {**stored, setting: kept})


# -- Stop Actions, length ----------------------------------------------------------------------


def _stop_actions(graph: Graph, kinds: Kinds) -> Iterator[Problem]:
    if graph.stop_start is None:
        return
    ahead = graph.reachable(graph.start)
    for key in graph.reachable(graph.stop_start):
        kind = kinds.get(key)
        if kind is not None and kind.shape == "wait":
            text = "Stop Actions are done at once: this wait is passed by."
            yield Problem(
                key,
                "warning",
                text,
                Fix("Remove it", partial(joining.without, keys={key}, kept={})),
            )
        if key in ahead:
            yield Problem(key, "warning", "This step is also one of the Stop Actions.")


def _length(graph: Graph) -> Iterator[Problem]:
    if len(graph.steps) > MOST_VISITS and (longest := _longest(graph)) > MOST_VISITS:
        text = f"A path is {longest:,} steps long; after {MOST_VISITS} the program gives a run up."
        yield Problem(None, "warning", text)


def _longest(graph: Graph) -> int:
    """Return how many steps the longest path has; nothing goes round in a circle."""
    after: dict[str, int] = {}
    waiting = [graph.start] if graph.start else []
    while waiting:
        here = waiting[-1]
        follow = [to for to in graph.steps[here].exits.values() if to not in after]
        if follow:
            waiting += follow
            continue
        waiting.pop()
        ways = graph.steps[here].exits.values()
        after[here] = 1 + max((after[to] for to in ways), default=0)
    return after.get(graph.start or "", 0)
