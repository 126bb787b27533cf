"""Several steps taken out at once: what led to them leads to what followed them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

import msgspec

from rally_desktop.model.graph import START, STOP, Graph, Place, dropped, swept


def ways_out(graph: Graph, keys: Set[str]) -> dict[str, tuple[Place, ...]]:
    """Return, for each of the steps that is entered from outside, the connectors that lead on.

    They leave one of the steps and lead to one that is not among them, in the order in which
    they are found from there.
    """
    return {head: tuple(_leaving(graph, keys, head)) for head in _entered(graph, keys)}


def targets(graph: Graph, ways: Iterable[Place]) -> list[str]:
    """Return the steps that some connectors lead to, each once."""
    return list(dict.fromkeys(target for way in ways if (target := graph.target(way))))


def without(graph: Graph, keys: Set[str], kept: Mapping[str, str | None]) -> Graph:
    """Return the workflow without some steps, and without what only they led to.

    ``kept`` names, for steps entered from outside with several ways on, the step that is to
    follow instead, or None; where it is silent the first does.
    """
    instead: dict[str, str | None] = {}
    for head, ways in ways_out(graph, keys).items():
        first = next(iter(targets(graph, ways)), None)
        instead[head] = kept.get(head, first)
    return swept(dropped(_led(graph, keys, instead), set(keys)), graph)


def _led(graph: Graph, gone: Set[str], instead: Mapping[str, str | None]) -> Graph:
    """Return the workflow with all that led to a step leading to another instead."""
    steps = dict(graph.steps)
    for key, step in graph.steps.items():
        if key not in gone and not instead.keys().isdisjoint(step.exits.values()):
            exits = {name: instead.get(to, to) for name, to in step.exits.items()}
            kept = {name: to for name, to in exits.items() if to is not None}
            steps[key] = msgspec.structs.replace(step, exits=kept)
    start, stop = (instead.get(at, at) if at else at for at in (graph.start, graph.stop_start))
    return graph.with_(steps=steps, start=start, stop_start=stop)


def _entered(graph: Graph, keys: Set[str]) -> dict[str, None]:
    found: dict[str, None] = {}
    for place in graph.places():
        outside = place.source in (START, STOP) or place.source not in keys
        target = graph.target(place)
        if outside and target is not None and target in keys:
            found[target] = None
    return found


def _leaving(graph: Graph, keys: Set[str], head: str) -> Iterable[Place]:
    seen, waiting = {head}, [head]
    while waiting:
        here = waiting.pop()
        inner: list[str] = []
        for name, to in graph.steps[here].exits.items():
            if to not in keys:
                yield Place(here, name)
            elif to not in seen:
                seen.add(to)
                inner.append(to)
        waiting += reversed(inner)
