"""What is to be said of a template while it is written, a line each, with a place to go to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from rally_desktop.services.template_hints import Hint
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

MOST = 5


class HintList(QWidget):
    """Shows hints; ``wanted`` brings the line of the HTML that one is about."""

    wanted = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.hints: tuple[Hint, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def show_hints(self, hints: Sequence[Hint]) -> None:
        """Show these instead, the first few of many."""
        if tuple(hints) == self.hints:
            return
        self.hints = tuple(hints)
        while (item := self._column.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()
        for hint in self.hints[:MOST]:
            self._column.addWidget(self._row(hint))
        if more := len(self.hints) - MOST:
            if more > 0:
                self._column.addWidget(PlainLabel(f"and {more:,} more", "sub"))
        self.setVisible(bool(self.hints))

    def _row(self, hint: Hint) -> QWidget:
        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        row.setMinimumHeight(26)
        sign = QLabel()
        name, colour = ("triangle-alert", "warn") if hint.tone == "warn" else ("info", "ink3")
        sign.setPixmap(self._theme.pixmap(name, colour, 16))
        words = PlainLabel(hint.text, "sub")
        words.setWordWrap(True)
        if hint.tone == "warn":
            words.set_tone("warn")
        across.addWidget(sign, 0, Qt.AlignmentFlag.AlignVCenter)
        if hint.line:
            place = button(self._theme, f"Line {hint.line}", "", "link")
            place.clicked.connect(lambda: self.wanted.emit(hint.line))
            across.addWidget(place, 0, Qt.AlignmentFlag.AlignVCenter)
        across.addWidget(words, 1, Qt.AlignmentFlag.AlignVCenter)
        return row
