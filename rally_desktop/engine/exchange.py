"""Workflows that travel: with the templates they use, into an office that has others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from rally_desktop.core.errors import BadDefinition, RallyError
from rally_desktop.core.schema import Pick
from rally_desktop.engine import document, nodes
from rally_desktop.engine.document import BroughtTemplate
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.model.work import Work
from rally_desktop.services import templates, workflows
from rally_desktop.services.templates import Template


@dataclass(frozen=True)
class Imported:
    """What came in: the workflow's number, and its templates by name; ``renamed`` old → new."""

    id: int
    graph: Graph
    added: tuple[str, ...]
    renamed: Mapping[str, str]


def packed(work: Work, graph: Graph) -> dict[str, Any]:
    """Return a workflow's document with the templates that it uses and the office has."""
    used = set(templates_of(graph))
    brought = [
        msgspec.to_builtins(_text_of(one)) for one in templates.listed(work) if one.name in used
    ]
    made = graph.dump()
    return {**made, "templates": brought} if brought else made


def unpacked(work: Work, stored: Any) -> Imported:
    """Add a workflow from its document as a draft, and the templates that it brings.

    A template that is there already with the same content is used; one that only has the same
    name stays, and what came gets another name. Raises BadDefinition where it cannot be read.
    """
    graph = document.load(stored)
    brought = _brought(stored)
    known = {one.name: _text_of(one) for one in templates.listed(work)}
    renamed: dict[str, str] = {}
    added: list[str] = []
    for one in brought:
        name = _name_for(one, known)
        if name not in known:
            fresh = msgspec.structs.replace(one, name=name)
            _save(work, fresh)
            known[name] = fresh
            added.append(name)
        if name != one.name:
            renamed[one.name] = name
    graph = with_templates(graph, renamed)
    return Imported(workflows.create(work, graph), graph, tuple(added), renamed)


def _save(work: Work, one: BroughtTemplate) -> None:
    try:
        templates.save(work, **msgspec.structs.asdict(one))
    except RallyError as error:
        raise BadDefinition(f"Its template ‘{one.name}’ cannot be used here: {error}") from error


def _brought(stored: Mapping[str, Any]) -> list[BroughtTemplate]:
    try:
        return msgspec.convert(stored.get("templates", []), list[BroughtTemplate])
    except msgspec.ValidationError as error:
        raise BadDefinition(f"Its templates cannot be read: {error}.") from error


def _text_of(one: Template) -> BroughtTemplate:
    named = {name: getattr(one, name) for name in BroughtTemplate.__struct_fields__}
    made = {"text": "" if one.theme else one.text, "html": one.source, "slots": dict(one.slots)}
    return BroughtTemplate(**{**named, **made})


def _name_for(one: BroughtTemplate, known: Mapping[str, BroughtTemplate]) -> str:
    """Return the name of the same template here, or the first that is free."""
    name, number = one.name.strip(), 1
    while name in known and msgspec.structs.replace(one, name=name) != known[name]:
        number += 1
        name = f"{one.name.strip()} ({number})"
    return name


# -- the templates of a workflow ---------------------------------------------------------------


def templates_of(graph: Graph) -> Iterator[str]:
    """Yield the name of each template that a step or trigger refers to."""
    for one in (*graph.triggers, *graph.stop_on, *graph.steps.values()):
        for name in _places(one):
            value = one.settings.get(name)
            yield from value if isinstance(value, list) else [value] if value else []


def with_templates(graph: Graph, renamed: Mapping[str, str]) -> Graph:
    """Return the workflow with its templates called by other names."""
    if not renamed:
        return graph
    return graph.with_(
        triggers=tuple(_renamed(one, renamed) for one in graph.triggers),
        stop_on=tuple(_renamed(one, renamed) for one in graph.stop_on),
        steps={key: _renamed(step, renamed) for key, step in graph.steps.items()},
    )


def _renamed(one: Any, renamed: Mapping[str, str]) -> Any:
    settings = dict(one.settings)
    for name in _places(one):
        value = settings.get(name)
        if isinstance(value, list):
            settings[name] = [renamed.get(each, each) for each in value]
        elif isinstance(value, str):
            settings[name] = renamed.get(value, value)
    return msgspec.structs.replace(one, settings=settings)


def _places(one: Step | Trigger) -> Iterator[str]:
    """Yield the settings in which a kind names a template."""
    kinds = nodes.step_kinds() if isinstance(one, Step) else nodes.trigger_kinds()
    kind = kinds.get(one.kind)
    for setting in kind.settings() if kind else ():
        if isinstance(setting.field, Pick) and setting.field.source == "template":
            yield setting.name
