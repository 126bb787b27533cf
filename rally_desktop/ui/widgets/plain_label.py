"""Labels that show text as it is, never as markup: names and subjects come from strangers."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from rally_desktop.canvas.plain_text import PlainText
from rally_desktop.ui import fonts

HIGH = 10_000  # pixels, more than any text in two lines needs


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

    def fitting(self, line: str) -> str:
        """Return as much of a line as there is room for."""
        metrics = QFontMetrics(self.font())
        return metrics.elidedText(line, Qt.TextElideMode.ElideRight, max(0, self.width()))

    def _fit(self) -> None:
        line = " ".join(self._whole.split())
        shown = self.fitting(line)
        super().setText(shown)
        self.setToolTip(_unmarked(self._whole) if shown != line else "")
        self.setAccessibleName(self._whole)


class TwoLines(ShortLabel):
    """Two lines at most, in the height of these, whatever is said; the tip has the whole text."""

    def __init__(self, text: str = "", role: str = "body", parent: QWidget | None = None) -> None:
        super().__init__(text, role, parent)
        self.setWordWrap(True)
        self.setFixedHeight(2 * QFontMetrics(self.font()).lineSpacing())

    def fitting(self, line: str) -> str:
        """Return as many words as two lines have room for."""
        words = line.split()
        if self._fits(line):
            return line
        fits = bisect_left(
            range(len(words)), True, key=lambda count: not self._fits(_begun(words, count))
        )
        return _begun(words, fits - 1) if fits > 1 else super().fitting(line)

    def _fits(self, line: str) -> bool:
        metrics, wrap = QFontMetrics(self.font()), Qt.TextFlag.TextWordWrap
        room = QRect(0, 0, self.width(), HIGH)
        needed = metrics.boundingRect(room, wrap, line)
        return needed.height() <= self.height() and needed.width() <= self.width()


def _begun(words: Sequence[str], count: int) -> str:
    return f"{' '.join(words[:count])} …"


def _unmarked(text: str) -> str:
    """Return a tip that Qt does not take for markup, whatever it holds."""
    return text.replace("&", "&amp;").replace("<", "&lt;").join(("<qt>", "</qt>"))
