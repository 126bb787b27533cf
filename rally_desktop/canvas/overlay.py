"""Values laid over the canvas for a while: numbers, a path, marks; never in the graph."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Literal

from rally_desktop.model.graph import Place

Mark = Literal["", "here", "failed", "added", "removed", "changed"]


@dataclass(frozen=True)
class Overlay:
    """What is laid over the sheet; cards are named by the ids of their steps and triggers.

    Where ``passed`` names some cards all others are drawn faintly, and so are the connectors that
    ``path`` does not name. ``path`` says of the connectors taken when that was.
    """

    cards: Mapping[str, str] = field(default_factory=dict)  # in the pill beside a title
    labels: Mapping[Place, str] = field(default_factory=dict)  # behind the name of an exit
    below: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # under it, with a tone
    heat: Mapping[Place, int] = field(default_factory=dict)  # how many took a connector
    passed: Set[str] | None = None
    path: Mapping[Place, str] = field(default_factory=dict)
    marks: Mapping[str, Mark] = field(default_factory=dict)
    tips: Mapping[str, str] = field(default_factory=dict)
    breakpoints: Set[str] = frozenset()
    current: str = ""  # where a debugger stands
    waits: str = ""  # where somebody waits: that card pulses once

    @property
    def singles_out(self) -> bool:
        """Say whether only some cards are drawn in full."""
        return self.passed is not None

    def only(self, found: Set[str] | None) -> Overlay:
        """Return the overlay with all other cards than these drawn faintly; None is all."""
        return self if found is None else replace(self, passed=found, path={})


NOTHING = Overlay()
