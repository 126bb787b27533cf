"""The lines of a day: a part with its heading, and one thing to look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel


class Part(QFrame):
    """Some lines under one heading, and a way to the others of ``count``."""

    all_wanted = Signal()

    def __init__(
        self, theme: Theme, heading: str, lines: Sequence[QWidget], count: int, tone: str = "plain"
    ) -> None:
        super().__init__(objectName="card")
        self.heading = heading
        self.lines = lines
        self.setAccessibleName(f"{heading}, {count}")
        head = PlainLabel(f"{heading} · {count:,}", "strong")
        head.set_tone(tone)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addWidget(head)
        for line in lines:
            column.addWidget(line)
        self.more = button(theme, f"Show {count - len(lines):,} more", kind="link")
        self.more.setVisible(count > len(lines))
        self.more.clicked.connect(self.all_wanted)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)


class DayLine(QWidget):
    """What it is, a word about it, and a button that goes there."""

    def __init__(
        self, theme: Theme, text: str, about: str, when: str, opens: Callable[[], None] | None
    ) -> None:
        super().__init__()
        self._theme = theme
        self.text = PlainLabel(text)
        self.text.setWordWrap(True)
        said = " · ".join(filter(None, (about, when)))
        below = PlainLabel(said, "sub")
        below.set_tone("quiet")
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self.text)
        words.addWidget(below)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addLayout(words, 1)
        if opens is not None:
            self.add_button("Open", opens).setAccessibleName(f"Open {text}")

    def add_button(self, words: str, does: Callable[[], object]) -> QPushButton:
        """Add a button at the right."""
        made = button(self._theme, words)
        made.clicked.connect(lambda: does())
        self._row.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
        return made

    @staticmethod
    def around(
        theme: Theme, line: QWidget, record: str, opens: Callable[[], None] | None
    ) -> QWidget:
        """Put below a line whom it is about, as a link that goes there."""
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(line)
        if opens is not None and record:
            link = button(theme, record, kind="link")
            link.setStyleSheet("QPushButton { padding: 0 4px 0 0; }")  # below the words above it
            link.clicked.connect(lambda: opens())
            column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        return whole
