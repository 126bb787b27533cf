"""A line across a page that says something about all of it and offers what can be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

Tone = Literal["accent", "warn", "bad"]
Answer = tuple[str, Callable[[], object]]


class Strip(QFrame):
    """Hidden until it has something to say."""

    def __init__(self, theme: Theme, icon: str, tone: Tone) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setProperty("tone", tone)
        self._theme, self._icon, self._tone = theme, icon, tone
        self.sign = PlainLabel()
        self.words = PlainLabel()
        self.words.setWordWrap(True)
        self.buttons: list[QPushButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 7, 16, 7)
        self._row.setSpacing(10)
        self._row.addWidget(self.sign)
        self._row.addWidget(self.words, 1)
        theme.changed.connect(self._draw)
        self._draw()
        self.hide()

    def say(self, text: str, *answers: Answer) -> None:
        """Show a text with its buttons, in the place of what was said before."""
        self.words.setText(text)
        self.setAccessibleName(text)
        while self.buttons:
            gone = self.buttons.pop()
            gone.hide()
            gone.deleteLater()
        for words, does in answers:
            made = button(self._theme, words)
            made.clicked.connect(lambda _=False, does=does: does())
            self._row.addWidget(made)
            self.buttons.append(made)
        self.show()

    def _draw(self) -> None:
        self.sign.setPixmap(self._theme.pixmap(self._icon, self._tone, 18))
