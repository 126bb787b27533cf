"""The stop matrix: what an event of the timeline does to the runs of a record (semantics, 10)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from rally_desktop.engine.nodes.base import Event
from rally_desktop.model.graph import Graph

Action = Literal["stop", "pause", "go_on"]

# What sequences do unless their settings say otherwise; other workflows go on.
SEQUENCES: Mapping[str, Action] = MappingProxyType({"reply": "stop"})


def of(graph: Graph) -> Mapping[str, Action]:
    """Return what each event does to the runs of a workflow, those that do nothing left out."""
    default = SEQUENCES if graph.purpose == "sequence" else {}
    chosen: dict[str, Action] = {**default, **graph.settings.stops}
    return {event: action for event, action in chosen.items() if action != "go_on"}


def action(graph: Graph, event: Event) -> Action | None:
    """Return what a line of the timeline does to a run; None where it does nothing."""
    known = {"email_received": "reply"}.get(event.kind)
    return of(graph).get(known) if known else None
