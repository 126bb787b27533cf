"""The fields of a web form in the order of the page: what each fills in, its label, if it must."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.services.forms import FormField
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.calm import calm
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.sign_button import SignButton

TARGET_WIDTH = 190


class FieldLine(QFrame):
    """One field; ``moved`` tells by how many places it is to move, ``removed`` that it goes."""

    changed = Signal()
    moved = Signal(int)
    removed = Signal()

    def __init__(self, known: Mapping[str, str], asked: FormField) -> None:
        super().__init__()
        self._known = known
        self.target = QComboBox()
        self.target.setAccessibleName("Fills in")
        self.target.setFixedWidth(TARGET_WIDTH)
        for name, label in known.items():
            self.target.addItem(label, name)
        self.target.setCurrentIndex(self.target.findData(asked.to))
        calm(self.target)
        self.label = QLineEdit(asked.label, placeholderText="Label on the page")
        self.label.setAccessibleName("Label on the page")
        self.needed = QCheckBox("Required", checked=asked.required)
        self.up, self.down = (
            SignButton("Move up", "arrow-up"),
            SignButton("Move down", "arrow-down"),
        )
        self.out = SignButton("Leave out", "x")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.target)
        row.addWidget(self.label, 1)
        for each in (self.needed, self.up, self.down, self.out):
            row.addWidget(each)
        self.target.currentIndexChanged.connect(self._follow)
        self.label.textChanged.connect(lambda _: self.changed.emit())
        self.needed.toggled.connect(lambda _: self.changed.emit())
        self.up.clicked.connect(lambda: self.moved.emit(-1))
        self.down.clicked.connect(lambda: self.moved.emit(1))
        self.out.clicked.connect(self.removed)
        self._fix_email()

    def value(self) -> FormField:
        """Return the field as it is now."""
        name = self.target.currentData() or ""
        return FormField(name, self.label.text().strip(), self.needed.isChecked())

    def _follow(self) -> None:
        """Let the label say what is filled in, unless somebody has written another."""
        if not self.label.text().strip() or self.label.text() in self._known.values():
            with QSignalBlocker(self.label):
                self.label.setText(self.target.currentText())
        self._fix_email()
        self.changed.emit()

    def _fix_email(self) -> None:
        """Keep the address: by it the contact is found."""
        is_email = self.target.currentData() == "email"
        self.out.setEnabled(not is_email)
        self.needed.setEnabled(not is_email)
        if is_email:
            self.needed.setChecked(True)
            self.needed.setToolTip("By the address the contact is found.")


class FormFields(QWidget):
    """The list of fields with a button to add one."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._known: Mapping[str, str] = {}
        self.lines: list[FieldLine] = []
        said = PlainLabel("What people fill in, from top to bottom, and which field it goes to.")
        said.set_tone("quiet")
        self.add = button(theme, "Add field", "plus")
        body = QWidget(objectName="scrolled")
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(6)
        self._column.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(body)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 8, 14)
        column.setSpacing(10)
        column.addWidget(said)
        column.addWidget(area, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.add)
        foot.addStretch(1)
        column.addLayout(foot)
        self.add.clicked.connect(self._add_next)

    def show_fields(self, known: Mapping[str, str], asked: Sequence[FormField]) -> None:
        """Show the fields of a form; ``known`` is what can be asked for."""
        self._known = known
        for line in list(self.lines):
            self._drop(line)
        for one in asked:
            self._put(one)
        self._offer()

    def value(self) -> tuple[FormField, ...]:
        """Return the fields as they are now."""
        return tuple(line.value() for line in self.lines)

    def _put(self, asked: FormField) -> FieldLine:
        line = FieldLine(self._known, asked)
        self._column.insertWidget(len(self.lines), line)
        self.lines.append(line)
        line.changed.connect(self._edited)
        line.moved.connect(lambda by: self._move(line, by))
        line.removed.connect(lambda: self._remove(line))
        return line

    def _add_next(self) -> None:
        asked = {line.value().to for line in self.lines}
        free = next((name for name in self._known if name not in asked), None)
        if free is not None:
            self._put(FormField(free, self._known[free])).label.setFocus()
            self._edited()

    def _move(self, line: FieldLine, by: int) -> None:
        here = self.lines.index(line)
        there = min(max(here + by, 0), len(self.lines) - 1)
        self.lines.insert(there, self.lines.pop(here))
        self._column.removeWidget(line)
        self._column.insertWidget(there, line)
        self._edited()

    def _remove(self, line: FieldLine) -> None:
        self._drop(line)
        self._edited()

    def _drop(self, line: FieldLine) -> None:
        self.lines.remove(line)
        self._column.removeWidget(line)
        line.hide()
        line.deleteLater()

    def _edited(self) -> None:
        self._offer()
        self.changed.emit()

    def _offer(self) -> None:
        for place, line in enumerate(self.lines):
            line.up.setEnabled(place > 0)
            line.down.setEnabled(place < len(self.lines) - 1)
        self.add.setEnabled(len({line.value().to for line in self.lines}) < len(self._known))
