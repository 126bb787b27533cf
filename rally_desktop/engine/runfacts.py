"""What merge fields say of a run: its workflow, what started it, and the day it has come to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rally_desktop.core.days import local
from rally_desktop.engine import clockwork
from rally_desktop.engine.nodes import trigger_kinds
from rally_desktop.model.graph import Graph
from rally_desktop.model.work import Work

About = Mapping[str, Mapping[str, Any]]


def about(work: Work, graph: Graph, trigger: str, record: Mapping[str, Any]) -> About:
    """Return the facts by the first word of their fields; the day is that of the record's zone."""
    kind = next((one.kind for one in graph.triggers if one.id == trigger), "")
    found = trigger_kinds().get(kind)
    today = local(work.now, clockwork.zone_of(work, record)).date()
    return {
        "run": {"workflow": graph.name, "today": today},
        "trigger": {"name": found.title if found is not None else ""},
    }
