"""What a workflow hears and what it causes: enough to find workflows that start each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from rally_desktop.core.fold import fold
from rally_desktop.engine.nodes.base import StepKind, TriggerKind
from rally_desktop.engine.problems.loading import step_of, trigger_of
from rally_desktop.engine.problems.problem import Problem
from rally_desktop.model.graph import Graph
from rally_desktop.model.ref import RecordKind

DEEPEST = 8  # as deep as one event may cause the next (safety.md, Brakes)


class Sign(NamedTuple):
    """A line of the timeline: its kind, the field that changes and its value; None is any."""

    kind: str
    field: str | None = None
    value: str | None = None

    def starts(self, heard: Sign) -> bool:
        """Say whether this line may be one that is listened for."""
        return self.kind == heard.kind and all(
            mine is None or theirs is None or mine == theirs
            for mine, theirs in ((self.field, heard.field), (self.value, heard.value))
        )


@dataclass(frozen=True)
class Outline:
    """One workflow: the lines it hears and those it causes, and whom it hands people to by name."""

    name: str
    record: RecordKind
    hears: frozenset[Sign]
    causes: frozenset[Sign]
    enrols: frozenset[str] = frozenset()

    def starts(self, other: Outline) -> bool:
        """Say whether what this workflow does may start another one."""
        if other.name in self.enrols:
            return True
        return self.record == other.record and any(
            cause.starts(heard) for cause in self.causes for heard in other.hears
        )


def outline_of(graph: Graph) -> Outline:
    """Return the outline of a workflow; what cannot be loaded neither hears nor causes."""
    triggers = (trigger_of(one) for one in graph.triggers)
    made = (step_of(one) for one in graph.steps.values() if not one.disabled)
    steps = [one for one in made if isinstance(one, StepKind)]
    hears = (sign for one in triggers if isinstance(one, TriggerKind) for sign in _heard(one))
    causes = (sign for one in steps for sign in _caused(one))
    enrols = (name for one in steps if (name := enrolled_by(one)))
    return Outline(graph.name, graph.record, frozenset(hears), frozenset(causes), frozenset(enrols))


def enrolled_by(step: StepKind) -> str:
    """Return the name of the workflow that a step enrols in, or an empty text."""
    return getattr(step, "sequence", "") if step.key().startswith("enrol_") else ""


def _heard(kind: TriggerKind) -> Iterator[Sign]:
    for (line, field), value in product(kind.listens(), kind.values()):
        yield Sign(line, field, value)


def _caused(kind: StepKind) -> Iterator[Sign]:
    for line, field, value in kind.causes():
        yield Sign(line, field, None if value is None else fold(value))


def loops(graph: Graph, workflows: Iterable[Outline]) -> Iterator[Problem]:
    """Name each published workflow that this one starts and that leads back to it."""
    own = outline_of(graph)
    others = {one.name: one for one in workflows if one.name != graph.name}
    for one in others.values():
        way = _way(one, own, others) if own.starts(one) else []
        if way:
            names = " → ".join([graph.name, *way, graph.name])
            yield Problem(None, "warning", f"It leads back to itself: {names}. {_held(graph)}")


def _held(graph: Graph) -> str:
    if graph.settings.allow_loops:
        return "It may, a few times a day for each record."
    return "The second time round nobody enters it any more."


def _way(start: Outline, goal: Outline, others: Mapping[str, Outline]) -> list[str]:
    """Return the names on the shortest way from one workflow to another, or an empty list."""
    ways: list[list[str]] = [[start.name]]
    seen = {start.name}
    while ways:
        way = ways.pop(0)
        here = others[way[-1]]
        if here.starts(goal):
            return way
        if len(way) < DEEPEST:
            fresh = [one for one in others.values() if one.name not in seen and here.starts(one)]
            seen |= {one.name for one in fresh}
            ways += [[*way, one.name] for one in fresh]
    return []
