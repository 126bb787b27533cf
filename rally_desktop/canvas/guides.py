"""Where a card that is moved by hand comes to rest: beside others, in line with them."""

from __future__ import annotations

from collections.abc import Set

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem

from rally_desktop.canvas.editing import Editing
from rally_desktop.canvas.plan import Spot
from rally_desktop.canvas.snap import REACH, Guide, snap

ABOVE = 7.0  # everything that stands on the sheet, and below what is carried


class Guides:
    """Snaps a card to what stands around it and shows by which lines."""

    def __init__(self, editor: Editing) -> None:
        self._editor = editor
        self._item: QGraphicsPathItem | None = None

    def snapped(
        self, corner: QPointF, size: tuple[float, float], along: Set[Spot] = frozenset()
    ) -> QPointF:
        """Return where a card dropped at a corner comes to rest; ``along`` moves with it."""
        scene, seen = self._editor.scene, self._editor.view.seen()
        boxes = scene.plan.boxes
        near = scene.tiles.spots_in((seen.left(), seen.top(), seen.right(), seen.bottom()))
        others = [boxes[spot] for spot in near if spot in boxes and spot not in along]
        found = snap(
            (corner.x(), corner.y(), corner.x() + size[0], corner.y() + size[1]),
            [(box.x, box.y, box.x + box.width, box.y + box.height) for box in others],
            REACH / self._editor.view.zoom,
        )
        self._show(found.guides)
        return corner + QPointF(found.across, found.down)

    def hide(self) -> None:
        """Show no lines."""
        self._show(())

    def _show(self, guides: tuple[Guide, ...]) -> None:
        scene = self._editor.scene
        if self._item is not None:
            scene.afloat.remove(self._item)
            self._item = None
        if guides:
            path = QPainterPath()
            for guide in guides:
                path.moveTo(*guide.start)
                path.lineTo(*guide.end)
            self._item = QGraphicsPathItem(path)
            self._item.setPen(scene.look.hairline("accent"))
            scene.afloat.add(self._item, ABOVE)
