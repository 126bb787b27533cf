"""What to know before a letter is sent, line by line, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from rally_desktop.engine.letter_desk import Remark
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

_SIGNS = {"bad": "circle-alert", "warn": "triangle-alert", "quiet": "info"}
_COLOURS = {"bad": "bad", "warn": "warn", "quiet": "ink3"}


class Remarks(QFrame):
    """The lines; hidden while there is nothing to say. ``corrected`` brings wrong and meant."""

    corrected = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName("Before you send")
        self.shown: tuple[Remark, ...] = ()
        self._lines: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.hide()

    def show_remarks(self, remarks: Sequence[Remark]) -> None:
        """Say what there is to say now."""
        if tuple(remarks) == self.shown:
            return
        self.shown = tuple(remarks)
        for line in self._lines:
            line.hide()
            line.deleteLater()
        self._lines = [self._line(one) for one in self.shown]
        for line in self._lines:
            self._column.addWidget(line)
        self.setVisible(bool(self.shown))

    def _line(self, remark: Remark) -> QWidget:
        line = QWidget()
        sign = QLabel()
        sign.setPixmap(self._theme.pixmap(_SIGNS[remark.tone], _COLOURS[remark.tone], 16))
        words = PlainLabel(remark.text, "sub")
        words.set_tone(remark.tone)
        words.setWordWrap(True)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(sign)
        row.addWidget(words, 1)
        if remark.fix is not None:
            wrong, meant = remark.fix
            does = button(self._theme, "Correct it", kind="link")
            does.clicked.connect(lambda: self.corrected.emit(wrong, meant))
            row.addWidget(does)
        return line


class News(QFrame):
    """A strip for what happened while one writes: a reply that came, a change elsewhere."""

    def __init__(self, theme: Theme, *answers: str) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setProperty("tone", "accent")
        self.words = PlainLabel()
        self.words.setWordWrap(True)
        self.buttons = [button(theme, words, kind="link") for words in answers]
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 6, 20, 6)
        row.setSpacing(10)
        row.addWidget(self.words, 1)
        for made in self.buttons:
            row.addWidget(made)
        self.hide()

    def say(self, words: str) -> None:
        """Say it; nothing hides the strip."""
        self.words.setText(words)
        self.setAccessibleName(words)
        self.setVisible(bool(words))
