"""One condition of a filter: a field, an operator, a value; or a sentence that is only kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from rally_desktop.core.conditions import OPERATORS, Fields, words
from rally_desktop.core.errors import RallyError
from rally_desktop.core.filter import parse, say
from rally_desktop.ui.widgets.calm import calm
from rally_desktop.ui.widgets.filter_grip import Grip
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.value_editor import ValueEditor, value_editor

Lists = Mapping[str, Sequence[str]]
TWO_LINES_BELOW = 480
LEAST_VALUE = 72
LONGEST_SENTENCE = 600
_UNBOUNDED = 16_777_215  # Qt's own largest size
# (row, column, rows, columns) of the grip, the field, the operator, the value and the cross
_WIDE = ((0, 0, 1, 1), (0, 1, 1, 1), (0, 2, 1, 1), (0, 3, 1, 1), (0, 4, 1, 1))
_NARROW = ((0, 0, 1, 1), (0, 1, 1, 3), (1, 1, 1, 2), (1, 3, 1, 1), (0, 4, 1, 1))
_LAST_LINE = (2, 1, 1, 3)
# The unit stands with the number, so that the operator is short enough for its box.
_SHORT = {
    "in_last": "is in the last",
    "in_next": "is in the next",
    "more_than_days_ago": "is more than",
}
_NO_VALUE = "needs a value."


class FilterRow(QWidget):
    """Edits one comparison."""

    changed = Signal()
    removed = Signal()

    def __init__(self, fields: Fields, lists: Lists, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields, self._lists = fields, lists
        self._kept: dict[str, Any] | None = None
        self._editor: ValueEditor | None = None
        self.touched = False
        self.field_box = _searchable([(field.label, name) for name, field in fields.items()])
        self.field_box.setAccessibleName("Field")
        self.op_box = QComboBox()
        self.op_box.setAccessibleName("Operator")
        self.op_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for box in (self.field_box, self.op_box):
            box.setMinimumContentsLength(3)
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            calm(box)
        self.grip = Grip("this condition", self)
        self._value = QWidget()
        self._place = QHBoxLayout(self._value)
        self._place.setContentsMargins(0, 0, 0, 0)
        self._cross = remove_button(self, "Remove this condition")
        self.wrong = PlainLabel("", "sub")
        self.wrong.set_tone("bad")
        self.wrong.setWordWrap(True)
        self.wrong.hide()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(6)
        self._grid.addWidget(self.wrong, *_LAST_LINE)
        wide = parent is not None and parent.isVisible() and parent.width() >= TWO_LINES_BELOW
        self._arrange(narrow=not wide)
        self.op_box.setMaximumWidth(220)
        self._offer_operators()
        self.field_box.currentIndexChanged.connect(self._field_chosen)
        self.op_box.currentIndexChanged.connect(self._op_chosen)

    def condition(self) -> dict[str, Any]:
        """Return the comparison as it is stored; without ``value`` while that is missing."""
        if self._kept is not None:
            return self._kept
        made: dict[str, Any] = {
            "field": self.field_box.currentData(),
            "op": self.op_box.currentData(),
        }
        value = self._editor.read() if self._editor else None
        return made if value is None else {**made, "value": value}

    def complete(self) -> bool:
        """Say whether nothing is missing."""
        return self._editor is None or self._editor.read() is not None

    def flaw(self) -> str | None:
        """Say what is missing or cannot be, or None."""
        if not self.complete():
            return _NO_VALUE
        try:
            parse(self.condition(), self._fields, trigger=True)
        except RallyError as error:
            return str(error).partition(": ")[2] or str(error)
        return None

    def say_flaw(self) -> None:
        """Show below the condition what is wrong, once somebody was at it."""
        flaw = self.flaw() if self.touched else None
        self.wrong.setText(f"{flaw[:1].upper()}{flaw[1:]}" if flaw else "")
        self.wrong.setVisible(flaw is not None)

    def fill(self, stored: Mapping[str, Any]) -> None:
        """Show a stored comparison whose field and operator are known."""
        with QSignalBlocker(self):
            self.field_box.setCurrentIndex(self.field_box.findData(stored["field"]))
            self._offer_operators()
            self.op_box.setCurrentIndex(self.op_box.findData(stored["op"]))
            self._put_editor()
            if self._editor is not None:
                self._editor.fill(stored.get("value"))
        # Returned untouched until somebody edits the row.
        self._kept = dict(stored)

    def focus_value(self) -> None:
        """Put the cursor where one goes on typing."""
        (self._editor.widget if self._editor else self.op_box).setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand in two lines where one is too short."""
        super().resizeEvent(event)
        narrow = event.size().width() < TWO_LINES_BELOW
        if narrow != self._narrow:
            self._arrange(narrow)
            # While those around it are being laid out, they do not hear of another height.
            QTimer.singleShot(0, self, self.updateGeometry)

    def _arrange(self, narrow: bool) -> None:
        self._narrow = narrow
        parts = (self.grip, self.field_box, self.op_box, self._value, self._cross)
        places = _NARROW if narrow else _WIDE
        for part, place in zip(parts, places, strict=True):
            self._grid.addWidget(part, *place)
        for column, share in enumerate((0, 3, 3, 5) if narrow else (0, 3, 2, 3)):
            self._grid.setColumnStretch(column, share)
        self.field_box.setMaximumWidth(_UNBOUNDED if narrow else 280)

    def _field_chosen(self) -> None:
        self._offer_operators()
        self._edited()

    def _op_chosen(self) -> None:
        old = self._editor.read() if self._editor else None
        self._put_editor()
        if self._editor is not None and old is not None:
            self._editor.fill(old)
        self._edited()

    def _edited(self) -> None:
        self._kept = None
        self.touched = self.touched or self.complete()
        self.say_flaw()
        self.changed.emit()

    def _offer_operators(self) -> None:
        name = self.field_box.currentData()
        if name is None:
            return
        kind = self._fields[name].type
        with QSignalBlocker(self.op_box):
            self.op_box.clear()
            for op in OPERATORS[kind]:
                self.op_box.addItem(_SHORT.get(op) or words(kind, op), op)
        self._put_editor()

    def _put_editor(self) -> None:
        if self._editor is not None:
            self._editor.widget.hide()
            self._editor.widget.deleteLater()
        name, op = self.field_box.currentData(), self.op_box.currentData()
        field = self._fields[name]
        self._editor = value_editor(field.type, op, offered(field, self._lists))
        if self._editor is None:
            self._value.setVisible(False)
            return
        self._value.setVisible(True)
        self._editor.widget.setAccessibleName(f"{field.label} {words(field.type, op)}")
        self._editor.widget.setMaximumWidth(320)
        self._editor.widget.setMinimumWidth(LEAST_VALUE)
        self._editor.widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._place.addWidget(self._editor.widget)
        for signal in self._editor.changed:
            signal.connect(self._edited)


class KeptRow(QWidget):
    """Shows a part of the filter that rows cannot edit, as a sentence, and keeps it as it is."""

    changed = Signal()
    removed = Signal()

    def __init__(self, stored: Any, fields: Fields, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stored = stored
        self.grip = Grip("this condition", self)
        self.label = PlainLabel(_sentence(stored, fields))
        self.label.setWordWrap(True)
        self.label.setObjectName("kept_condition")
        self.label.setToolTip("This is kept as it is; it cannot be edited here.")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.grip, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.label, 9)
        layout.addWidget(remove_button(self, "Remove this condition"))
        layout.addStretch(1)
        self.label.setMaximumWidth(820)

    def condition(self) -> Any:
        """Return the part exactly as it was."""
        return self._stored

    def complete(self) -> bool:
        """Say that nothing is missing here."""
        return True

    def flaw(self) -> str | None:
        """Say nothing: the sentence does, and the check of the whole filter."""
        return None


def offered(field: Any, lists: Lists) -> Sequence[str]:
    """Return what can be picked for a field: its own options, or one of the office's lists."""
    options = getattr(field, "options", ())
    source = getattr(field, "source", "")
    return options or lists.get(source) or lists.get(field.name) or ()


def editable(stored: Any, fields: Fields) -> bool:
    """Say whether a stored condition can be shown as a row."""
    if not isinstance(stored, Mapping) or not {"field", "op"} <= stored.keys():
        return False
    if stored.keys() - {"field", "op", "value"} or stored["field"] not in fields:
        return False
    return stored["op"] in OPERATORS[fields[stored["field"]].type]


def _sentence(stored: Any, fields: Fields) -> str:
    try:
        said = say(parse(stored, fields, trigger=True), fields)
    except RallyError as error:
        return f"A condition that cannot be read: {error}"
    said = said[:1].upper() + said[1:]
    return said if len(said) <= LONGEST_SENTENCE else f"{said[:LONGEST_SENTENCE].rstrip()} …"


def _searchable(items: Sequence[tuple[str, str]]) -> QComboBox:
    box = QComboBox(editable=True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    for label, name in items:
        box.addItem(label, name)
    box.setMaxVisibleItems(14)
    completer = box.completer()
    completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    # Text that names no field goes back to the field that is chosen.
    box.lineEdit().editingFinished.connect(
        lambda: box.setEditText(box.itemText(box.currentIndex()))
    )
    return box


def remove_button(row: Any, says: str) -> QToolButton:
    """Return the cross that takes a part away; its ``removed`` is told."""
    button = _RemoveButton(row)
    button.setText("✕")
    button.setToolTip(says)
    button.setAccessibleName(says)
    button.setAutoRaise(True)
    button.clicked.connect(row.removed)
    return button


class _RemoveButton(QToolButton):
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press with Enter as well as with space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)
