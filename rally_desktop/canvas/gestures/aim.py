"""Choosing a '+' or a card by keys: arrows lead from one to the next, Enter takes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from rally_desktop.canvas.gesture import Gesture, Pointer
from rally_desktop.canvas.route import Point
from rally_desktop.canvas.scene import Target

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor

WAYS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
ASIDE = 3.0  # how much farther something aside counts than something straight ahead


class Aim(Gesture):
    """Goes among some targets; ``show`` hears which one is aimed at, None at the end."""

    def __init__(
        self,
        editor: FlowEditor,
        targets: Sequence[Target],
        first: Target,
        show: Callable[[Target | None], None],
        take: Callable[[Target], None],
    ) -> None:
        self._editor = editor
        self._targets = targets
        self._here = first
        self._show, self._take = show, take

    def start(self, at: Pointer) -> None:
        """Aim at the first; the keys come to the sheet from now on."""
        self._editor.view.setFocus()
        self._aim(self._here)

    def key(self, event: QKeyEvent) -> None:
        """Go on by an arrow, the first or last by Home and End, take by Enter."""
        if event.key() in WAYS:
            self._aim(self._next(*WAYS[event.key()]))
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._aim(self._targets[0 if event.key() == Qt.Key.Key_Home else -1])
        elif event.key() in ENTER:
            view = self._editor.view
            view.finish(view.last)

    def finish(self, at: Pointer) -> None:
        """Take what is aimed at."""
        self._take(self._here)
        self._show(None)

    def cancel(self) -> None:
        """Aim at nothing any more."""
        self._show(None)

    def _aim(self, target: Target) -> None:
        self._here = target
        self._show(target)
        where = self._editor.where(target)
        if where is not None:
            self._editor.view.show_rect(where)

    def _next(self, across: int, down: int) -> Target:
        """Return the nearest target in a direction, or the present one."""
        x, y = self._middle(self._here)
        best, least = self._here, float("inf")
        for target in self._targets:
            there_x, there_y = self._middle(target)
            ahead = (there_x - x) * across + (there_y - y) * down
            aside = abs((there_x - x) * down) + abs((there_y - y) * across)
            if ahead > 1 and ahead + ASIDE * aside < least:
                best, least = target, ahead + ASIDE * aside
        return best

    def _middle(self, target: Target) -> Point:
        where = self._editor.where(target)
        return (where.center().x(), where.center().y()) if where is not None else (0.0, 0.0)
