"""Asks what to do to many records: which field and value, which tag, which workflow."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.core.errors import RallyError
from rally_desktop.model.fields import FieldInfo
from rally_desktop.services.entry import Card
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.field_editor import FieldEditor, field_editor
from rally_desktop.ui.widgets.plain_label import PlainLabel

# One address belongs to one contact; a name to one record.
ONE_BY_ONE = frozenset({"email", "name", "first_name", "last_name", "tags"})


class BulkDialog(QDialog):
    """One question with a title and a button; what ``take`` refuses is said in place."""

    def __init__(self, theme: Theme, parent: QWidget, title: str, does: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(440)
        self.take: Callable[[Any], Awaitable[None]] | None = None
        self.value: Callable[[], Any] = lambda: None
        self.column = QVBoxLayout()
        self.column.setSpacing(4)
        self.note = PlainLabel("", "sub")
        self.note.setWordWrap(True)
        self.problem = PlainLabel("", "sub")
        self.problem.set_tone("bad")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.does_button = button(theme, does, kind="primary")
        self.does_button.setDefault(True)
        cancel = button(theme, "Cancel")
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.does_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(PlainLabel(title, role="title"))
        layout.addLayout(self.column)
        layout.addWidget(self.problem)
        layout.addWidget(self.note)
        layout.addLayout(foot)
        cancel.clicked.connect(self.reject)
        self.does_button.clicked.connect(self._press)

    def row(self, label: str, widget: QWidget) -> None:
        """Add a widget below its label."""
        title = PlainLabel(label, role="sub")
        title.setBuddy(widget)
        widget.setAccessibleName(label)
        self.column.addWidget(title)
        self.column.addWidget(widget)
        self.column.addSpacing(8)

    def say(self, text: str) -> None:
        """Say what is wrong; an empty text takes that away."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    @later
    async def _press(self) -> None:
        if self.take is None:
            return
        self.does_button.setEnabled(False)
        self.say("")
        try:
            await self.take(self.value())
        except RallyError as error:
            problems = getattr(error, "problems", {})
            self.say("; ".join(f"{k} {v}." for k, v in problems.items()) or str(error))
            return
        finally:
            self.does_button.setEnabled(True)
        self.accept()


class FieldDialog(BulkDialog):
    """Asks for a field and its value; ``value`` returns (field, value)."""

    def __init__(self, desk: Desk, parent: QWidget, many: str, card: Card) -> None:
        super().__init__(desk.theme, parent, f"Set a field of {many}", f"Set in {many}")
        self._card, self._desk = card, desk
        self.fields = {field.label: field for field in bulk_fields(card)}
        self.box = choice(list(self.fields))
        self._place = QVBoxLayout()
        self._place.setContentsMargins(0, 0, 0, 0)
        holder = QWidget()
        holder.setLayout(self._place)
        self.editor: FieldEditor | None = None
        self.row("Field", self.box)
        self.row("New value", holder)
        self.note.setText(
            "Leave the value empty to clear the field. Workflows that start on such a change "
            "hear of it. Ctrl+Z takes it back as long as the program runs."
        )
        self.value = self._read
        self.box.currentTextChanged.connect(self._show_editor)
        self._show_editor()

    def choose(self, name: str) -> None:
        """Ask for one field's value alone."""
        for label, field in self.fields.items():
            if field.name == name:
                self.box.setCurrentText(label)
                self._focus()

    def _read(self) -> tuple[FieldInfo, Any] | None:
        field = self.fields.get(self.box.currentText())
        return (field, self.editor.read()) if field and self.editor else None

    def _show_editor(self) -> None:
        field = self.fields.get(self.box.currentText())
        if field is None:
            return
        if self.editor is not None:
            self.editor.widget.deleteLater()
            self.editor.widget.hide()
        self.editor = field_editor(field, self._card.lists, self._desk)
        self.editor.widget.setAccessibleName(field.label)
        self._place.addWidget(self.editor.widget)

    def _focus(self) -> None:
        if self.editor is not None:
            self.editor.widget.setFocus()


def bulk_fields(card: Card) -> list[FieldInfo]:
    """Return the fields that make sense for many records at once."""
    return [
        field
        for field in card.fields.values()
        if (field.name in card.editable or field.name.startswith("custom."))
        and field.name not in ONE_BY_ONE
    ]


def choice(offered: Sequence[str], *, new: bool = False) -> QComboBox:
    """Return a box in which one types to find; with ``new`` also what is not offered."""
    box = QComboBox(editable=True)
    box.addItems(list(offered))
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.completer().setFilterMode(Qt.MatchFlag.MatchContains)
    box.completer().setCompletionMode(box.completer().CompletionMode.PopupCompletion)
    if new:
        box.setCurrentIndex(-1)
    return box
