"""One thing that is wrong with a definition, and the way to put it right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from rally_desktop.model.graph import Graph

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Fix:
    """A change that puts a problem right; being another graph, it can be undone."""

    label: str
    apply: Callable[[Graph], Graph]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where: a step's or trigger's id, or None for the whole."""

    step: str | None
    severity: Severity
    text: str
    fix: Fix | None = field(default=None, compare=False)
