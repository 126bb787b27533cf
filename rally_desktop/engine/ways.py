"""The exits of a step as people see them, also while its settings are not complete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rally_desktop.core import schema
from rally_desktop.core.errors import BadSettings
from rally_desktop.engine.nodes import step_kinds
from rally_desktop.engine.nodes.base import StepKind
from rally_desktop.model.graph import NEXT, Step

FAILED = "failed"
Exits = tuple[tuple[str, str], ...]


def exits_of(kind: type[StepKind], settings: Mapping[str, Any]) -> Exits:
    """Return every exit that a step of a kind has, with what is written on it."""
    try:
        return kind.load(settings).exits()
    except BadSettings:
        several = (schema.Paths, schema.Shares)
    paths = next((s for s in kind.settings() if isinstance(s.field, several)), None)
    if paths is None:
        return kind.load(kind.example).exits()
    named = [path for path in settings.get(paths.name) or () if isinstance(path, dict)]
    exits = ((str(x.get("exit")), str(x.get("name"))) for x in named)
    return (*exits, ("else", "Else")) if isinstance(paths.field, schema.Paths) else tuple(exits)


def shown_exits(step: Step) -> Exits:
    """Return the exits of a step; the one for failures only where it leads somewhere."""
    kind = step_kinds().get(step.kind)
    if kind is None:
        return tuple((name, name.capitalize()) for name in step.exits) or ((NEXT, ""),)
    exits = exits_of(kind, step.settings)
    return tuple((name, label) for name, label in exits if name != FAILED or name in step.exits)
