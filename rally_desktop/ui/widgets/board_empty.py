"""What stands below the stages of a board on which there is no deal."""

from __future__ import annotations

from PySide6.QtCore import Signal

from rally_desktop.services.grid import Query
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.empty_panel import EmptyPanel


class BoardEmpty(EmptyPanel):
    """Says what to do first: add a deal, or take the filter away that hides them all."""

    create_wanted = Signal()
    clear_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._narrowed = False
        self.pressed.connect(self._press)
        self.hide()

    def show_for(self, query: Query) -> None:
        """Speak of a board that shows what matches a query, and that is nothing."""
        self._narrowed = bool(query.filter or query.text.strip())
        if self._narrowed:
            words = "No deal of this pipeline matches the filter. Try fewer conditions."
            self.say("search", "Nothing found", words, "Show everything")
        else:
            words = "A deal is something you hope to win. Drag it on as you come nearer to that."
            self.say("handshake", "No deals yet", words, "New deal")
        self.show()

    def _press(self) -> None:
        (self.clear_wanted if self._narrowed else self.create_wanted).emit()
