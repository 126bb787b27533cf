"""Picking from the office's lists: one thing from a box, several as chips."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.core import schema
from rally_desktop.core.fold import fold
from rally_desktop.ui.forms.editor import OPEN_LISTS, FieldEditor, Offer
from rally_desktop.ui.widgets.calm import calm
from rally_desktop.ui.widgets.flow_layout import FlowLayout
from rally_desktop.ui.widgets.offers import dress
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.sign_button import SignButton

SEARCHED_FROM = 12  # a list as long as this is narrowed by typing
# What an empty list says: what there is not, and what to do about it.
EMPTY = {
    "template": "There are no templates yet",
    "mail_account": "No account is set up yet",
    "workflow": "There is no workflow to choose yet",
    "user": "There are no users yet",
    "stage": "There are no stages yet",
    "open_stage": "There are no stages yet",
    "pipeline": "There are no pipelines yet",
    "date_field": "There is no date field",
    "trigger": "Nothing starts the workflow yet",
}
FIRST = {
    "tag": "No tags yet: type one to add it",
    "company": "No companies yet: type a name to add one",
    "holiday": "No holidays yet: type one to add it",
    "value": "Type a value",
}
ADD_FIRST = "Nothing is on the list yet: type to add the first"


def said_empty(source: str) -> str:
    """Say what an empty list lacks, or how to put the first thing on it."""
    if source in OPEN_LISTS:
        return FIRST.get(source, ADD_FIRST)
    return EMPTY.get(source, "There is nothing to choose yet")


class OneEditor(FieldEditor):
    """One of several; where the office may add to the list, anything can be typed."""

    def __init__(
        self, choices: Sequence[tuple[str, str]], *, required: bool, source: str = ""
    ) -> None:
        super().__init__()
        self._source, self._free = source, source in OPEN_LISTS
        self._known = [stored for _, stored in choices]
        self.box = QComboBox()
        self.box.setMinimumContentsLength(10)
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        if not required:
            self.box.addItem("", "")
        for shown, stored in choices:
            self.box.addItem(shown, stored)
        if self._free or len(choices) >= SEARCHED_FROM:
            self._make_searchable()
        self.box.setCurrentIndex(-1 if required else 0)
        self.box.setPlaceholderText("Choose" if choices else said_empty(source))
        if self._free and not choices:
            self.box.lineEdit().setPlaceholderText(said_empty(source))
        calm(self.box)
        self.setFocusProxy(self.box)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box)
        self.box.currentTextChanged.connect(lambda *_: self.changed.emit())

    def read(self) -> str:
        """Return what is chosen, as it is stored; empty for nothing."""
        if self.box.isEditable():
            typed = self.box.currentText().strip()
            found = self.box.findText(typed, Qt.MatchFlag.MatchFixedString)
            if found >= 0:
                return self.box.itemData(found)
            return typed if self._free else ((typed and self.box.currentData()) or "")
        return self.box.currentData() or ""

    def fill(self, value: Any) -> None:
        """Choose a value; one that the list does not know is added, so that nothing is lost."""
        found = self.box.findData(value)
        if found < 0 and value:
            self.box.addItem(str(value), value)
            found = self.box.count() - 1
        self.box.setCurrentIndex(found)

    def problem(self) -> str | None:
        """Say that the list does not know the value any more."""
        value = self.read()
        if value and not self._free and value not in self._known:
            return f"‘{value}’ is not in the list any more; choose another"
        return None

    def _make_searchable(self) -> None:
        self.box.setEditable(True)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = self.box.completer()
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        dress(completer)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        if not self._free:
            line = self.box.lineEdit()
            line.editingFinished.connect(self._settle)

    def _settle(self) -> None:
        """Go back to what is chosen where the typed text names nothing."""
        value = self.read()
        self.box.setCurrentIndex(self.box.findData(value) if value else self.box.currentIndex())
        self.box.setEditText(self.box.itemText(self.box.currentIndex()))


class ManyEditor(FieldEditor):
    """Several of a list, shown as chips; type to add, Backspace takes the last away."""

    def __init__(self, field: schema.Pick, offer: Offer) -> None:
        super().__init__()
        self._free = field.source in OPEN_LISTS
        choices = offer.choices(field.source)
        self._stored = {fold(shown): stored for shown, stored in choices}
        self._shown = {stored: shown for shown, stored in choices}
        self._values: list[str] = []
        self.line = _ChipLine(placeholderText="Add …" if choices else said_empty(field.source))
        completer = QCompleter(QStringListModel([shown for shown, _ in choices], self), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.line.setCompleter(completer)
        self.chips = QWidget()
        self._flow = FlowLayout(self.chips)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.chips)
        column.addWidget(self.line)
        self.setFocusProxy(self.line)
        completer.activated.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self.line.returnPressed.connect(self._take)
        self.line.backed.connect(self._drop_last)
        self.line.opened.connect(lambda: completer.setCompletionPrefix("") or completer.complete())
        self._draw()

    def read(self) -> list[str]:
        """Return what was picked, in order."""
        return list(self._values)

    def fill(self, value: Any) -> None:
        """Show other values."""
        # An older program may have stored a single value here.
        values = [value] if value and isinstance(value, str) else value or ()
        self._values = [str(each) for each in values]
        self._draw()
        self.changed.emit()

    def problem(self) -> str | None:
        """Say which of the values the list does not know any more."""
        for value in self._values:
            if not self._free and value not in self._shown:
                return f"‘{value}’ is not in the list any more; remove it"
        return None

    def _take(self) -> None:
        typed = " ".join(self.line.text().split())
        value = self._stored.get(fold(typed), typed if self._free else "")
        if value and fold(value) not in map(fold, self._values):
            self._values.append(value)
            self._draw()
            self.step()
        if value:
            self.line.clear()

    def _drop(self, value: str) -> None:
        self._values.remove(value)
        self._draw()
        self.step()
        self.line.setFocus()

    def _drop_last(self) -> None:
        if self._values:
            self._drop(self._values[-1])

    def _draw(self) -> None:
        with QSignalBlocker(self.line):
            while (item := self._flow.takeAt(0)) is not None:
                item.widget().deleteLater()
        for value in self._values:
            self._flow.addWidget(self._chip(value))
        self.chips.setVisible(bool(self._values))

    def _chip(self, value: str) -> QFrame:
        chip = QFrame(self.chips)
        chip.setProperty("chip", True)
        words = PlainLabel(self._shown.get(value, value), "sub")
        words.set_tone("plain")
        cross = SignButton(f"Remove {words.text()}", "x", chip)
        cross.setProperty("small", True)
        cross.clicked.connect(lambda: self._drop(value))
        row = QHBoxLayout(chip)
        row.setContentsMargins(10, 0, 2, 0)
        row.setSpacing(2)
        row.addWidget(words)
        row.addWidget(cross)
        return chip


class _ChipLine(QLineEdit):
    """A line that says when Backspace or the down arrow fell while it was empty."""

    backed = Signal()
    opened = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell the chips about the keys that are theirs."""
        if not self.text() and event.key() == Qt.Key.Key_Backspace:
            self.backed.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.opened.emit()
        else:
            super().keyPressEvent(event)
