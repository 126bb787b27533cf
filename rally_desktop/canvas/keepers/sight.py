"""What all keepers draw by: the plan, the look, the overlay, and which squares are near."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from rally_desktop.canvas.look import Look
from rally_desktop.canvas.overlay import NOTHING, Overlay
from rally_desktop.canvas.plan import Plan, Slot
from rally_desktop.canvas.strokes import Stroke, Strokes
from rally_desktop.canvas.tiles import Tile, Tiles
from rally_desktop.model.graph import Graph


@dataclass
class Sight:
    """One for a stage; its keepers read it whenever they make or paint an item.

    ``closed`` says that nothing can be added, so that no '+' is drawn.
    """

    scene: QGraphicsScene
    look: Look
    scale: float = 1.0
    plan: Plan = field(default_factory=lambda: Plan(Graph()))
    tiles: Tiles = field(default_factory=lambda: Tiles(Plan(Graph())))
    overlay: Overlay = NOTHING
    strokes: Strokes = field(default_factory=lambda: Strokes(Plan(Graph()), NOTHING))
    near: frozenset[Tile] = frozenset()
    hot: Slot | None = None
    focused: Slot | None = None
    marked: Mapping[Slot, Stroke] = field(default_factory=dict)
    closed: bool = False

    @property
    def pixels(self) -> float:
        """Return how many pixels of the screen one unit of the sheet is."""
        return self.look.ratio * self.scale

    def take(self, plan: Plan, tiles: Tiles) -> None:
        """Look at another plan."""
        self.plan, self.tiles = plan, tiles
        self.strokes = Strokes(plan, self.overlay)

    def lay(self, overlay: Overlay) -> None:
        """Look at the plan below another overlay."""
        self.overlay = overlay
        self.strokes = Strokes(self.plan, overlay)

    def drop(self, items: dict[Any, Any], wanted: Container[object]) -> None:
        """Take items off the scene that are not wanted any more."""
        for key in [key for key in items if key not in wanted]:
            item: QGraphicsItem = items.pop(key)
            self.scene.removeItem(item)
