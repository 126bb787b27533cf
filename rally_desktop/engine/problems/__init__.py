"""What is wrong with a definition, before it may touch anyone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from rally_desktop.core.errors import RallyError
from rally_desktop.engine import nodes
from rally_desktop.engine.nodes.base import Node, StepKind, TriggerKind
from rally_desktop.engine.problems.conduct import conduct
from rally_desktop.engine.problems.loading import step_of, trigger_of
from rally_desktop.engine.problems.office import Office, office_of
from rally_desktop.engine.problems.outline import loops
from rally_desktop.engine.problems.problem import AUDIENCE, STOP_WHEN, Fix, Problem, Severity
from rally_desktop.engine.problems.settings import bad, conditions, settings
from rally_desktop.engine.problems.shape import shape
from rally_desktop.model.graph import Graph

__all__ = ["AUDIENCE", "STOP_WHEN", "Fix", "Office", "Problem", "Severity", "check", "office_of"]

Kind = TypeVar("Kind", bound=Node)


def check(graph: Graph, office: Office) -> list[Problem]:
    """Return everything wrong with a definition, errors first; errors forbid publishing."""
    triggers = {one.id: trigger_of(one) for one in (*graph.triggers, *graph.stop_on)}
    steps = {key: step_of(step) for key, step in graph.steps.items()}
    sound_triggers = _sound(triggers, TriggerKind)
    sound_steps = _sound(steps, StepKind)
    found = [
        *conduct(graph, sound_steps, sound_triggers, office),
        *_unsound(graph, {**triggers, **steps}),
        *_each(graph, sound_triggers.items(), "trigger", office),
        *_each(graph, sound_steps.items(), "step", office),
        *shape(graph, sound_steps),
        *_filters(graph, office),
        *loops(graph, office.workflows),
    ]
    return sorted(found, key=lambda problem: problem.severity)


def _sound(made: dict[str, Kind | RallyError], base: type[Kind]) -> dict[str, Kind]:
    return {key: kind for key, kind in made.items() if isinstance(kind, base)}


def _unsound(graph: Graph, made: dict[str, Node | RallyError]) -> Iterator[Problem]:
    """Name what could not even be loaded."""
    known = {**nodes.trigger_kinds(), **nodes.step_kinds()}
    for one in (*graph.triggers, *graph.stop_on, *graph.steps.values()):
        if isinstance(error := made[one.id], RallyError):
            yield from bad(one.id, error, known.get(one.kind))


def _each(
    graph: Graph, kinds: Iterable[tuple[str, Node]], word: str, office: Office
) -> Iterator[Problem]:
    for key, kind in kinds:
        if not kind.fits(graph.record):
            yield Problem(key, "error", f"This {word} is not for a {graph.record}.")
        yield from settings(key, kind, graph, office)


def _filters(graph: Graph, office: Office) -> Iterator[Problem]:
    for key, stored in ((AUDIENCE, graph.audience), (STOP_WHEN, graph.stop_when)):
        for text in conditions(stored, graph, office):
            yield Problem(key, "error", text)
