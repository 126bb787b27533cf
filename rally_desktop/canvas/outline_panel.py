"""The outline with a line above it in which one types what to add."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from rally_desktop.canvas.commands.building import slot_here
from rally_desktop.canvas.editor import FlowEditor
from rally_desktop.canvas.faces import Offer
from rally_desktop.canvas.hands import EditorHands
from rally_desktop.canvas.items.words import one_line
from rally_desktop.canvas.offers import suggested
from rally_desktop.canvas.outline_tree import OutlineTree
from rally_desktop.canvas.plain_text import PlainText
from rally_desktop.canvas.plan import Slot
from rally_desktop.canvas.spoken import Speaker


class OutlinePanel(QWidget):
    """Type a kind, Enter adds it after the selected line."""

    def __init__(
        self, editor: FlowEditor, hands: EditorHands, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self.tree = OutlineTree(editor, hands, self)
        self.field = QLineEdit()
        self.field.setPlaceholderText("Type to add: wait 2 days")
        self.field.setAccessibleName("Type to add a step after the selected line")
        self.field.setClearButtonEnabled(True)
        self.hint = PlainText("", "small", editor.view.look.font("small"))
        self.hint.setWordWrap(True)
        self.hint.setContentsMargins(4, 0, 0, 2)
        self.hint.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 12, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.field)
        column.addWidget(self.hint)
        column.addWidget(self.tree, 1)
        self.setFocusProxy(self.tree)
        self.field.textChanged.connect(self._tell)
        self.field.returnPressed.connect(self._add)
        editor.scene.picked.connect(lambda _: self._tell())
        editor.draft.locks.connect(lambda why: self.field.setEnabled(not why))
        self.field.setEnabled(not editor.draft.locked)

    def _meant(self) -> tuple[Offer, Slot] | None:
        """Return what Enter would add, and where."""
        slot = slot_here(self._editor)
        if slot is None or not self.field.text().strip():
            return None
        offers = suggested(self._editor.offers_at(slot), self.field.text())
        return (offers[0], slot) if offers else None

    def _tell(self) -> None:
        text, meant = self.field.text().strip(), self._meant()
        self.hint.setVisible(bool(text))
        if meant is None:
            self.hint.setText("No step is called that." if text else "")
            return
        offer, slot = meant
        where = Speaker(self._editor.reading, self._editor.faces).where(slot)
        self.hint.setText(one_line(f"Enter adds ‘{offer.title}’ {where}."))

    def _add(self) -> None:
        meant = self._meant()
        if meant is None:
            self._editor.say(self.hint.text() or "Type what to add.")
            return
        self._editor.add(*meant)
        self.field.clear()
