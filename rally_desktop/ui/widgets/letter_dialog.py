"""A conversation to read: its messages at the left, the chosen one whole, and ways to answer it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from rally_desktop.model.ref import Ref
from rally_desktop.services import letters
from rally_desktop.services.letters import Correspondence, Letter
from rally_desktop.services.writing import Kind
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.letter_heads import LetterHeads
from rally_desktop.ui.widgets.letter_pane import LetterPane
from rally_desktop.ui.widgets.plain_label import PlainLabel

# How a message is answered: what it is called, its picture, its key.
ANSWERS: dict[Kind, tuple[str, str, str]] = {
    "reply": ("Reply", "reply", "R"),
    "reply_all": ("Reply all", "reply-all", "A"),
    "forward": ("Forward", "forward", "F"),
}
ALONE, TOGETHER, HIGH = 720, 980, 640


class LetterDialog(QDialog):
    """One message, or several of which one is whole; ``answered`` carries how, and which.

    ``whose`` carries the record that it is about, where somebody wants to go there.
    """

    answered = Signal(str, int)
    whose = Signal(object)

    def __init__(self, desk: Desk, found: Correspondence, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.setWindowTitle(found.subject or "Message")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        several = len(found.heads) > 1
        self.heads = LetterHeads(desk, self)
        self.heads.setVisible(several)
        self.pane = LetterPane(desk, self)
        self.close_button = button(desk.theme, "Close")
        self.whose_button = button(desk.theme, "", "user", "quiet")
        self.whose_button.hide()
        self.whose_button.clicked.connect(lambda: self._leave_for(found.ref))
        self.buttons: dict[str, QPushButton] = {}
        self._lay_out(found, several=several)
        self.pane.read_anew.connect(self._read)
        self.close_button.clicked.connect(self.close)
        self._show(found.chosen)
        self.heads.show_heads(found.heads, found.chosen.number)
        self.heads.chosen.connect(self._read)
        (self.heads if several else self.pane.body.currentWidget()).setFocus()
        self.resize(TOGETHER if several else ALONE, HIGH)

    def _lay_out(self, found: Correspondence, *, several: bool) -> None:
        count = f"  ·  {len(found.heads)} messages" if several else ""
        subject = PlainLabel((found.subject or "(no subject)") + count, "title")
        subject.setWordWrap(True)
        across = QHBoxLayout()
        across.setSpacing(16)
        across.addWidget(self.heads)
        across.addWidget(self.pane, 1)
        foot = QHBoxLayout()
        for kind, (says, icon, keys) in ANSWERS.items():
            made = button(self.desk.theme, says, icon, "primary" if kind == "reply" else "plain")
            made.setToolTip(f"{says} ({keys})")
            made.clicked.connect(lambda _=False, kind=kind: self._answer(kind))
            QShortcut(QKeySequence(keys), self).activated.connect(made.click)
            self.buttons[kind] = made
            foot.addWidget(made)
        foot.addStretch(1)
        foot.addWidget(self.whose_button)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(subject)
        column.addLayout(across, 1)
        column.addLayout(foot)

    @later
    async def _read(self, number: int) -> None:
        """Show one message of the conversation whole."""
        self._show(await self.desk.background.read(letters.one, number))

    def _show(self, letter: Letter) -> None:
        self.pane.show_letter(letter)
        kept = bool(letter.number)
        self.buttons["reply"].setVisible(kept)
        self.buttons["reply_all"].setVisible(kept and letter.others)
        self.buttons["forward"].setVisible(kept)

    def _answer(self, kind: str) -> None:
        letter = self.pane.letter
        if letter is not None and letter.number:
            self.answered.emit(kind, letter.number)
            self.close()

    def lead_to(self, name: str) -> None:
        """Offer the way to whom it is about."""
        self.whose_button.setText(f" {name}")
        self.whose_button.setAccessibleName(f"Go to {name}")
        self.whose_button.show()

    def _leave_for(self, ref: Ref) -> None:
        self.whose.emit(ref)
        self.close()

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self.desk.notices.show_error(error)
