"""A connector on its way: from a port or a card to the pointer, or from where it was."""

from __future__ import annotations

from rally_desktop.canvas.items.wire import WireItem
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.plan import Wire
from rally_desktop.canvas.route import Point, straight
from rally_desktop.canvas.strokes import POINTED, Stroke

ABOVE = 8.0
ROUND_BY = 22.0  # how far it runs on before it turns back up


class Thread(WireItem):
    """Runs between two points wherever they are, above all cards or below them."""

    def __init__(self, look: Look, stroke: Stroke = POINTED, above: float = ABOVE) -> None:
        self._above = above
        super().__init__(Wire(None, ((0.0, 0.0), (0.0, 1.0))), look, stroke)

    def run(self, look: Look, above: Point, below: Point) -> None:
        """Run from one point down to another."""
        self.change(Wire(None, loose(above, below)), look, self.stroke)

    def show_at_all(self, shown: bool) -> None:
        """Come into sight or go, head and all."""
        for part in filter(None, (self, self.head)):
            part.setVisible(shown)

    def draw(self, look: Look, stroke: Stroke = POINTED) -> None:
        """Draw it at its height."""
        super().draw(look, stroke)
        for part in filter(None, (self, self.head)):
            part.setZValue(self._above)


def loose(above: Point, below: Point) -> tuple[Point, ...]:
    """Return the corners on the way from one point to another, which may lie higher."""
    (x, y), (to_x, to_y) = above, below
    if to_y > y + 2 * ROUND_BY:
        return straight(above, below)
    middle = (x + to_x) / 2 if abs(to_x - x) > 4 * ROUND_BY else min(x, to_x) - 8 * ROUND_BY
    low, high = y + ROUND_BY, to_y - ROUND_BY
    return (above, (x, low), (middle, low), (middle, high), (to_x, high), below)
