"""What stands in the window before an office is open: progress, or what went wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

WORDS_AFTER = 300  # milliseconds; what is quicker than that needs no words
WIDTH = 460


class Opening(QWidget):
    """Says that the office is being opened, once that takes a noticeable time."""

    def __init__(self, office: str) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAccessibleName("Opening the office")
        words = PlainLabel(f"Opening {office} …")
        words.set_tone("quiet")
        bar = QProgressBar(maximum=0, textVisible=False)
        bar.setAccessibleName("Progress")
        bar.setFixedWidth(220)
        layout = QVBoxLayout(self)
        layout.setSpacing(14)
        layout.addStretch(1)
        for part in (words, bar):
            layout.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
            part.hide()
            QTimer.singleShot(WORDS_AFTER, part, part.show)
        layout.addStretch(1)


class Trouble(QWidget):
    """Says why the office could not be opened, and what to do about it."""

    again = Signal()
    another = Signal()

    def __init__(self, theme: Theme, office: str, problem: str) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAccessibleName("The office could not be opened")
        sign = QLabel()
        sign.setPixmap(theme.pixmap("database", "bad", 32))
        heading = PlainLabel("The office could not be opened", "heading")
        where = PlainLabel(office, "sub")
        self.problem = PlainLabel(problem)
        self.problem.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.retry = button(theme, "Try again", "rotate-cw", "primary")
        self.choose = button(theme, "Choose another file…", "folder-open")
        self.retry.clicked.connect(self.again)
        self.choose.clicked.connect(self.another)
        does = QHBoxLayout()
        does.setSpacing(8)
        does.addWidget(self.retry)
        does.addWidget(self.choose)
        does.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(8)
        for label in (sign, heading, where, self.problem):
            column.addWidget(label)
            if isinstance(label, PlainLabel):
                label.setWordWrap(True)
                label.setFixedWidth(WIDTH)
        column.addSpacing(12)
        column.addLayout(does)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addLayout(column)
        across.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addLayout(across)
        layout.addStretch(3)
