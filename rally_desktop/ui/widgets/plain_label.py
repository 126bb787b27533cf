"""Labels that show text as it is, never as markup: names and subjects come from strangers."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from rally_desktop.canvas.plain_text import PlainText
from rally_desktop.ui import fonts


class PlainLabel(PlainText):
    """A label for any text, in the type and the tones of the theme."""

    def __init__(self, text: str = "", role: str = "body", parent: QWidget | None = None) -> None:
        super().__init__(text, role, fonts.font(role), parent)

    def set_tone(self, tone: str) -> None:
        """Colour the text: ``plain``, ``quiet``, ``ok``, ``warn``, ``bad`` or ``accent``."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)


class ShortLabel(PlainLabel):
    """One line that ends in … where it does not fit; the tip has the whole text."""

    def __init__(self, text: str = "", role: str = "body", parent: QWidget | None = None) -> None:
        self._whole = ""
        super().__init__(text, role, parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:
        """Show a text, as much of it as fits."""
        self._whole = text
        self._fit()

    def whole(self) -> str:
        """Return the whole text."""
        return self._whole

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the text to the new width."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Return the height of a line; the width may shrink to nothing."""
        return QSize(0, super().minimumSizeHint().height())

    def _fit(self) -> None:
        line = " ".join(self._whole.split())
        shown = QFontMetrics(self.font()).elidedText(
            line, Qt.TextElideMode.ElideRight, max(0, self.width())
        )
        super().setText(shown)
        self.setToolTip(_unmarked(self._whole) if shown != line else "")
        self.setAccessibleName(self._whole)


def _unmarked(text: str) -> str:
    """Return a tip that Qt does not take for markup, whatever it holds."""
    return text.replace("&", "&amp;").replace("<", "&lt;").join(("<qt>", "</qt>"))
