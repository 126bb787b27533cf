"""Who gets the room at the left of the sheet: what can be added, or the sheet itself."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from rally_desktop.ui.pages.workflow_page import CanvasPage

NARROW = 1000  # a page of this width has room for a palette; a narrower one only if it is wanted
WISH = "palette"


class Room(QObject):
    """Shows what stands at the left of the sheet, or leaves its room to the sheet."""

    def __init__(self, page: CanvasPage, beside: QWidget) -> None:
        super().__init__(page)
        self._page, self._beside = page, beside
        self._wanted: bool | None = None  # here, since the page was opened
        self._covered = False
        page.installEventFilter(self)
        page.canvas.wanted.connect(self._hear)
        self._lay_out()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the width of the page."""
        if event.type() is QEvent.Type.Resize:
            self._lay_out()
        return False

    def cover(self, covered: bool) -> None:
        """Leave the room to what stands in the place of the sheet, or take it again."""
        self._covered = covered
        self._lay_out()

    def _hear(self, command: str) -> None:
        if command == "outline":
            self._want(True)
        elif command == "palette" and self._page.left.isHidden():
            self._page.canvas.say(self._page.draft.locked)  # nothing can be added
        elif command == "palette":
            shown = self._beside.isHidden()
            self._want(shown)
            self._page.desk.preferences.put(WISH, shown)
            word = "shown" if shown else "hidden"
            self._page.canvas.say(f"The steps you can add are {word}.")

    def _want(self, shown: bool) -> None:
        self._wanted = shown
        self._lay_out()

    def _lay_out(self) -> None:
        usual = bool(self._page.desk.preferences.get(WISH, True)) and self._page.width() >= NARROW
        wanted = usual if self._wanted is None else self._wanted
        self._beside.setVisible(wanted and not self._covered)
