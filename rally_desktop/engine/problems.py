"""What is wrong with a definition, before it may touch anyone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rally_desktop.core import schema
from rally_desktop.core.errors import BadSettings, RallyError
from rally_desktop.core.filter import parse
from rally_desktop.core.merge import compile_template, unknown_fields
from rally_desktop.engine import nodes
from rally_desktop.engine.definitions import load_step, load_trigger
from rally_desktop.engine.nodes.base import Node
from rally_desktop.model.fields import fields_of
from rally_desktop.model.graph import Graph
from rally_desktop.model.work import Work
from rally_desktop.services import lists, merging

AUDIENCE = "audience"  # stands in ``Problem.step`` for the filter that is no step
# What the engine looks up by name; a value of any other list is only text that is compared.
_LOOKED_UP = ("template", "user", "stage", "pipeline", "lifecycle_stage", "mail_account")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where: a step's or trigger's id, or None for the whole."""

    step: str | None
    severity: Literal["error", "warning"]
    text: str


@dataclass(frozen=True)
class Office:
    """What a definition may refer to: the office's lists, by source."""

    lists: Mapping[str, frozenset[str]]


def office_of(work: Work) -> Office:
    """Return what definitions of this office may refer to."""
    return Office({source: frozenset(lists.of(work, source)) for source in _LOOKED_UP})


def check(graph: Graph, office: Office) -> list[Problem]:
    """Return everything wrong with a definition, errors first; errors forbid publishing."""
    found = [
        *_whole(graph),
        *_triggers(graph, office),
        *_steps(graph, office),
        *_filters(graph),
    ]
    return sorted(found, key=lambda problem: problem.severity)


def _whole(graph: Graph) -> Iterator[Problem]:
    if not graph.name.strip():
        yield Problem(None, "error", "The workflow needs a name.")
    if not graph.triggers:
        yield Problem(None, "error", "Nothing starts the workflow: choose a trigger.")
    if graph.start is None:
        yield Problem(None, "error", "The workflow has no steps yet.")
    reached = {**graph.reachable(graph.start), **graph.reachable(graph.stop_start)}
    for key in graph.steps:
        if key not in reached:
            yield Problem(key, "warning", "No path leads here.")


def _triggers(graph: Graph, office: Office) -> Iterator[Problem]:
    for trigger in graph.triggers:
        try:
            kind = load_trigger(trigger.kind, trigger.settings)
        except RallyError as error:
            yield from _bad(trigger.id, error, nodes.trigger_kinds().get(trigger.kind))
            continue
        if graph.record not in kind.records:
            yield Problem(trigger.id, "error", f"This trigger is not for a {graph.record}.")
        yield from _references(trigger.id, kind, office)
        yield from _fields(trigger.id, kind, graph)


def _steps(graph: Graph, office: Office) -> Iterator[Problem]:
    for key, step in graph.steps.items():
        try:
            kind = load_step(step.kind, step.settings)
        except RallyError as error:
            yield from _bad(key, error, nodes.step_kinds().get(step.kind))
            continue
        if graph.record not in kind.records:
            yield Problem(key, "error", f"This step is not for a {graph.record}.")
        known = {name for name, _ in kind.exits()}
        for name in step.exits.keys() - known:
            yield Problem(key, "error", f"It has no exit ‘{name}’ any more: connect it anew.")
        yield from _references(key, kind, office)
        yield from _fields(key, kind, graph)


def _bad(key: str, error: RallyError, kind: type[Node] | None) -> Iterator[Problem]:
    """Say each problem by the label that the form shows for its setting."""
    labels = {one.name: one.field.label for one in kind.settings()} if kind else {}
    if isinstance(error, BadSettings):
        for name, what in error.problems.items():
            label = labels.get(name) or name.replace("_", " ").capitalize()
            yield Problem(key, "error", f"{label} {what}.")
    else:
        yield Problem(key, "error", str(error))


def _references(key: str, kind: Node, office: Office) -> Iterator[Problem]:
    """Look for templates, users and stages that the office does not have."""
    for setting in kind.settings():
        field, value = setting.field, getattr(kind, setting.name)
        if not isinstance(field, schema.Pick) or field.source not in office.lists or not value:
            continue
        known = office.lists[field.source]
        for name in value if field.many else (value,):
            if name not in known:
                yield Problem(key, "error", f"{field.label} ‘{name}’ does not exist.")


def _fields(key: str, kind: Node, graph: Graph) -> Iterator[Problem]:
    """Look for merge fields and branch conditions that cannot be read."""
    for setting in kind.settings():
        field, value = setting.field, getattr(kind, setting.name)
        try:
            if isinstance(field, schema.Text) and field.merge:
                compile_template(value, html=False)
                for unknown in unknown_fields(value, merging.known_fields()):
                    yield Problem(key, "error", str(unknown))
            elif isinstance(field, schema.Paths):
                for path in value:
                    _read(path.filter, graph)
            elif isinstance(field, schema.Pick) and field.source == "field":
                yield from _unknown(key, value if field.many else (value,), graph)
        except RallyError as error:
            yield Problem(key, "error", str(error))


def _unknown(key: str, names: Any, graph: Graph) -> Iterator[Problem]:
    for name in names:
        if name and name not in fields_of(graph.record):
            yield Problem(key, "error", f"There is no field ‘{name}’.")


def _filters(graph: Graph) -> Iterator[Problem]:
    for key, stored in ((AUDIENCE, graph.audience), ("stop_when", graph.stop_when)):
        try:
            _read(stored, graph)
        except RallyError as error:
            yield Problem(key, "error", str(error))


def _read(stored: Any, graph: Graph) -> None:
    if stored:
        parse(stored, fields_of(graph.record))
