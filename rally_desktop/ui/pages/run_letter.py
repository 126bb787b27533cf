"""A message of a run that can be recalled, or of which nobody can tell whether it was sent."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.core.message import WAY_OUT
from rally_desktop.core.themes import FIXED
from rally_desktop.engine.reasons import sentence
from rally_desktop.outside.mail import own_html
from rally_desktop.services.run_letters import Letter
from rally_desktop.services.written import Written
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.letter_view import SafeHtml
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.relative_time import exactly

DRAWN = 260  # pixels
LOOKS = {False: "Show the design", True: "Show the text"}


class WrittenBox(QFrame):
    """A message as it was written, word for word; a design can be drawn. ``proof_wanted``."""

    proof_wanted = Signal()

    def __init__(self, theme: Theme, one: Written) -> None:
        super().__init__()
        self.setObjectName("card")
        self._html = one.html
        sent = f", sent {exactly(one.sent_at)}" if one.sent_at else ""
        self.to = PlainLabel(f"To {one.address}{sent}", "small")
        self.subject = PlainLabel(one.subject, "strong")
        self.text = PlainLabel(one.text.strip().replace(WAY_OUT, "(a link of their own)"))
        self.html = SafeHtml()
        self.html.setStyleSheet("QTextBrowser { background: #FFFFFF; color: #1A2230; }")
        self.html.setFixedHeight(DRAWN)
        self.html.hide()
        self.look = button(theme, LOOKS[False], "image", "link")
        self.look.setCheckable(True)
        self.look.setVisible(bool(one.html) and own_html.drawable(one.html))
        self.proof = button(theme, "Proof", "stamp", "link")
        links = QHBoxLayout()
        links.setSpacing(8)
        links.addWidget(self.look)
        links.addWidget(self.proof)
        links.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 8)
        column.setSpacing(4)
        for label in (self.to, self.subject, self.text):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setVisible(bool(label.text()))
            column.addWidget(label)
        column.addWidget(self.html)
        column.addLayout(links)
        self.look.toggled.connect(self._turn)
        self.proof.clicked.connect(self.proof_wanted)

    def _turn(self, drawn: bool) -> None:
        """Draw the design, or show the text."""
        if drawn:
            self.html.show_html(self._html.replace(FIXED, 'width="100%"'))
        self.html.setVisible(drawn)
        self.text.setVisible(not drawn)
        self.look.setText(f" {LOOKS[drawn]}")


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
