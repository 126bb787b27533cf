"""Where a card that is moved by hand comes to rest: beside others, in line with them."""

from __future__ import annotations

from collections.abc import Set

from PySide6.QtCore import QPointF

from rally_desktop.canvas.editing import Editing
from rally_desktop.canvas.plan import Box, Spot


class Guides:
    """Snaps a card to what stands around it and shows by which lines."""

    def __init__(self, editor: Editing) -> None:
        self._editor = editor

    def snapped(self, box: Box, corner: QPointF, along: Set[Spot], snapping: bool) -> QPointF:
        """Return where a card dropped at a corner comes to rest; ``along`` moves with it."""
        return corner

    def hide(self) -> None:
        """Show no lines."""
