"""What a condition is compared with: one small editor for each type of field and operator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QDate, QSignalBlocker, Qt, SignalInstance
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from rally_desktop.core.conditions import IN_DAYS, WITHOUT_VALUE
from rally_desktop.ui import figures
from rally_desktop.ui.widgets.calm import calm
from rally_desktop.ui.widgets.choice_menu import ChoiceButton
from rally_desktop.ui.widgets.plain_label import PlainLabel

MOST_DAYS = 36_500
MANY = ("any_of", "none_of")


@dataclass(frozen=True)
class ValueEditor:
    """A widget for the value of one condition; ``read`` returns None where it is incomplete."""

    widget: QWidget
    read: Callable[[], Any]
    fill: Callable[[Any], None]
    changed: tuple[SignalInstance, ...]


def value_editor(kind: str, op: str, offered: Sequence[str]) -> ValueEditor | None:
    """Return the editor that fits, or None where the operator needs no value."""
    if op in WITHOUT_VALUE:
        return None
    if op in IN_DAYS:
        return _days(" days ago" if op == "more_than_days_ago" else " days")
    if op in MANY:
        return _many_numbers() if kind == "number" else _many(offered)
    one = _ONE.get(kind)
    if op == "between":
        maker = one or _text
        return _pair(maker(), maker())
    if one is not None:
        return one()
    wants_list = bool(offered) and op not in ("starts_with",)
    return (
        _listed(offered, editable=kind != "choice" or op == "contains") if wants_list else _text()
    )


def _text() -> ValueEditor:
    line = QLineEdit(placeholderText="Value")
    return ValueEditor(
        line,
        lambda: line.text().strip() or None,
        lambda v: line.setText(_str(v)),
        (line.textChanged,),
    )


def _listed(offered: Sequence[str], *, editable: bool) -> ValueEditor:
    box = QComboBox(editable=editable, minimumContentsLength=8)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.addItems(list(offered))
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.setCurrentIndex(-1)
    calm(box)
    if editable and box.completer():
        box.completer().setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    def fill(value: Any) -> None:
        text = _str(value)
        if text and box.findText(text) < 0:
            box.addItem(text)
        box.setCurrentIndex(box.findText(text) if text else -1)

    return ValueEditor(
        box, lambda: box.currentText().strip() or None, fill, (box.currentTextChanged,)
    )


def _number() -> ValueEditor:
    line = QLineEdit(placeholderText="Number")
    validator = QDoubleValidator(line)
    validator.setLocale(figures.locale())
    validator.setNotation(QDoubleValidator.Notation.StandardNotation)
    line.setValidator(validator)

    def read() -> float | None:
        try:
            return float(figures.read(line.text()))
        except ValueError:
            return None

    def fill(value: Any) -> None:
        line.setText(figures.written(value) if isinstance(value, (int, float)) else "")

    return ValueEditor(line, read, fill, (line.textChanged,))


def _yes_no() -> ValueEditor:
    box = QComboBox()
    box.addItems(["Yes", "No"])
    calm(box)
    return ValueEditor(
        box,
        lambda: box.currentIndex() == 0,
        lambda v: box.setCurrentIndex(1 if v is False else 0),
        (box.currentIndexChanged,),
    )


def _date() -> ValueEditor:
    edit = QDateEdit(QDate.currentDate(), calendarPopup=True)
    calm(edit)
    kept: list[tuple[QDate, str]] = []

    def read() -> str:
        # A stored moment keeps its time of day as long as its day is not changed.
        if kept and kept[0][0] == edit.date():
            return kept[0][1]
        return edit.date().toString(Qt.DateFormat.ISODate)

    def fill(value: Any) -> None:
        date = QDate.fromString(_str(value)[:10], Qt.DateFormat.ISODate)
        if date.isValid():
            kept[:] = [(date, _str(value))]
            edit.setDate(date)

    return ValueEditor(edit, read, fill, (edit.dateChanged,))


def _days(unit: str) -> ValueEditor:
    box = QSpinBox(minimum=0, maximum=MOST_DAYS, value=7, suffix=unit)
    calm(box)
    return ValueEditor(
        box, box.value, lambda v: box.setValue(v if type(v) is int else 7), (box.valueChanged,)
    )


def _many(offered: Sequence[str]) -> ValueEditor:
    if not offered:
        return _many_texts()
    button = ChoiceButton("Choose")
    button.offer(offered)
    return ValueEditor(
        button,
        lambda: button.chosen() or None,
        lambda v: button.choose(_list(v)),
        (button.changed,),
    )


def _many_texts() -> ValueEditor:
    line = QLineEdit(placeholderText="Values, separated by commas")

    def read() -> list[str] | None:
        return [part.strip() for part in line.text().split(",") if part.strip()] or None

    def fill(value: Any) -> None:
        line.setText(", ".join(map(_str, _list(value))))

    return ValueEditor(line, read, fill, (line.textChanged,))


def _many_numbers() -> ValueEditor:
    comma = figures.locale().decimalPoint() != ","
    sign, signs = (",", "commas") if comma else (";", "semicolons")
    line = QLineEdit(placeholderText=f"Numbers, separated by {signs}")

    def read() -> list[float] | None:
        parts = [part for part in line.text().split(sign) if part.strip()]
        try:
            return [float(figures.read(part)) for part in parts] or None
        except ValueError:
            return None

    def fill(value: Any) -> None:
        numbers = [figures.written(v) for v in _list(value) if isinstance(v, (int, float))]
        line.setText(f"{sign} ".join(numbers))

    return ValueEditor(line, read, fill, (line.textChanged,))


def _pair(low: ValueEditor, high: ValueEditor) -> ValueEditor:
    widget = QWidget()
    layout = QHBoxLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(low.widget, 1)
    layout.addWidget(PlainLabel("and"))
    layout.addWidget(high.widget, 1)

    def read() -> list[Any] | None:
        both = [low.read(), high.read()]
        if None in both:
            return None
        return sorted(both) if isinstance(both[0], float) else both

    def fill(value: Any) -> None:
        values = _list(value)
        if len(values) == 2:
            with QSignalBlocker(widget):
                low.fill(values[0])
                high.fill(values[1])

    return ValueEditor(widget, read, fill, (*low.changed, *high.changed))


def _str(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return _str(value[0]) if value else ""
    return "" if value is None else str(value)


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


_ONE: dict[str, Callable[[], ValueEditor]] = {
    "number": _number,
    "yes_no": _yes_no,
    "date": _date,
    "moment": _date,
}
