"""The button that opens a letter to whoever a record is about, and marks what was begun."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from rally_desktop.core.errors import NotFound
from rally_desktop.model.ref import Ref
from rally_desktop.services import writing
from rally_desktop.services.writing import Draft
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.letters.composer import open_composer
from rally_desktop.ui.widgets.buttons import button

KEYS = "Ctrl+Shift+E"


class LetterButton(QObject):
    """Of a deal it writes to its contact; where there is nobody it is hidden."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._parent = desk, parent
        self._ref: Ref | None = None
        self.whom: Ref | None = None
        self.button = button(desk.theme, "E-mail", "mail", "quiet")
        self.button.setToolTip(f"Write an e-mail ({KEYS})")
        self.button.clicked.connect(self.write)
        QShortcut(QKeySequence(KEYS), parent).activated.connect(self.write)
        desk.background.changed.connect(self._hear)

    def show_ref(self, ref: Ref) -> None:
        """Write to whom another record is about."""
        self._ref = ref
        self._look()

    def write(self) -> None:
        """Open a letter, as it was left."""
        if self.whom is not None:
            open_composer(self._desk, self._parent, Draft(self.whom))

    @later
    @newest
    async def _look(self) -> None:
        ref = self._ref
        if ref is None:
            return
        try:
            whom, begun = await self._desk.background.read(writing.addressee, ref)
        except NotFound:
            whom, begun = None, False
        if ref == self._ref:
            self.whom = whom
            self.button.setVisible(whom is not None)
            self.button.setText(f" E-mail{' •' if begun else ''}")
            self.button.setAccessibleName(f"Write an e-mail{', begun' if begun else ''}")

    def _hear(self, touched: frozenset[str]) -> None:
        if touched & {"letter_draft", "deal"}:
            self._look()
