"""One thing that is wrong with a definition, and the way to put it right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from rally_desktop.model.graph import Graph

Severity = Literal["error", "warning"]

# Stand in ``Problem.step`` for the parts of the whole workflow that are neither step nor trigger.
AUDIENCE, ENTERING = "audience", "entering"
STOP_WHEN, STOPS, STOP_ACTIONS, MESSAGES = "stop_when", "stops", "stop_actions", "messages"


@dataclass(frozen=True)
class Fix:
    """A change that puts a problem right; being another graph, it can be undone."""

    label: str
    apply: Callable[[Graph], Graph]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where: a step's or trigger's id, a part, or None.

    ``setting`` names the setting there that it is about, where it is about one.
    """

    step: str | None
    severity: Severity
    text: str
    fix: Fix | None = field(default=None, compare=False)
    setting: str = field(default="", compare=False)
