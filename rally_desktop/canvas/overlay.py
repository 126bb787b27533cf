"""Values laid over the canvas for a while: numbers, and steps to single out; never in the graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rally_desktop.model.graph import Place


@dataclass(frozen=True)
class Overlay:
    """Texts of the grey pills on cards (by id of step or trigger) and numbers behind labels."""

    cards: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[Place, str] = field(default_factory=dict)


NOTHING = Overlay()
