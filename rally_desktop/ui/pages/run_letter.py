"""A message of a run that can be recalled, or of which nobody can tell whether it was sent."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.engine.reasons import sentence
from rally_desktop.services.run_letters import Letter
from rally_desktop.services.written import Written
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.relative_time import exactly


class WrittenBox(QFrame):
    """A message as it was written, word for word."""

    def __init__(self, one: Written) -> None:
        super().__init__()
        self.setObjectName("card")
        sent = f", sent {exactly(one.sent_at)}" if one.sent_at else ""
        self.to = PlainLabel(f"To {one.address}{sent}", "small")
        self.subject = PlainLabel(one.subject, "strong")
        self.text = PlainLabel(one.text.strip())
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(4)
        for label in (self.to, self.subject, self.text):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setVisible(bool(label.text()))
            column.addWidget(label)


class LetterLine(QWidget):
    """Says how a message stands, and offers what can be done about it."""

    recalled = Signal()
    decided = Signal(bool)

    def __init__(self, theme: Theme, letter: Letter) -> None:
        super().__init__()
        self.words = PlainLabel(_says(letter))
        self.words.setWordWrap(True)
        self.words.set_tone("warn" if letter.in_doubt or letter.reason else "quiet")
        self.recall = button(theme, "Recall", "undo-2")
        self.arrived = button(theme, "It arrived", "circle-check")
        self.again = button(theme, "Send again", "send")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for each in (self.recall, self.arrived, self.again):
            each.setVisible((each is not self.recall) == letter.in_doubt)
            buttons.addWidget(each)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.words)
        column.addLayout(buttons)
        self.recall.clicked.connect(self.recalled)
        self.arrived.clicked.connect(lambda: self.decided.emit(True))
        self.again.clicked.connect(lambda: self.decided.emit(False))


def _says(letter: Letter) -> str:
    if letter.in_doubt:
        return f"Nobody can tell whether it was sent. {letter.answer}"
    why = f" {sentence(letter.reason)}" if letter.reason else ""
    if letter.state == "retry":
        return f"The server did not take it yet: {letter.answer} Next try {exactly(letter.due_at)}."
    return f"It lies in the outbox and goes out {exactly(letter.due_at)} at the earliest.{why}"
