"""One editor for each kind of field: a widget, how to read it, how to fill it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import singledispatch
from typing import Any

import msgspec
from PySide6.QtCore import QDate, QDateTime, QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDateTimeEdit,
    QDoubleSpinBox,
    QHBoxLayout,
    QSpinBox,
    QWidget,
)

from rally_desktop.core import schema
from rally_desktop.core.schema import Field, Setting
from rally_desktop.ui.forms.editor import FieldEditor, Offer
from rally_desktop.ui.forms.merged import MergeEditor
from rally_desktop.ui.forms.paths import FilterEditor, PathsEditor
from rally_desktop.ui.forms.picks import ManyEditor, OneEditor
from rally_desktop.ui.forms.shares import SharesEditor
from rally_desktop.ui.forms.texts import TextEditor
from rally_desktop.ui.forms.times import TimeOfDayEditor
from rally_desktop.ui.widgets.calm import calm

UNITS = (("minutes", 60), ("hours", 3600), ("days", 86400), ("weeks", 604800))
MOST = 1_000_000
NOT_SET = QDate(1800, 1, 1)


@singledispatch
def editor_for(field: Field, setting: Setting, offer: Offer) -> FieldEditor:
    """Return the editor for a field; each kind of field registers its own below."""
    raise TypeError(f"no editor for {type(field).__name__}")


@editor_for.register
def _text(field: schema.Text, setting: Setting, offer: Offer) -> FieldEditor:
    return MergeEditor(field, offer) if field.merge else TextEditor(field)


@editor_for.register
def _number(field: schema.Number, setting: Setting, offer: Offer) -> FieldEditor:
    return NumberEditor(field, whole=_is_whole(setting.type))


@editor_for.register
def _yes_no(field: schema.YesNo, setting: Setting, offer: Offer) -> FieldEditor:
    return YesNoEditor(field.label)


@editor_for.register
def _choice(field: schema.Choice, setting: Setting, offer: Offer) -> FieldEditor:
    return OneEditor([(each, each) for each in setting.options], required=field.required)


@editor_for.register
def _pick(field: schema.Pick, setting: Setting, offer: Offer) -> FieldEditor:
    if field.many:
        return ManyEditor(field, offer)
    return OneEditor(offer.choices(field.source), required=field.required, source=field.source)


@editor_for.register
def _moment(field: schema.Moment, setting: Setting, offer: Offer) -> FieldEditor:
    return MomentEditor(field)


@editor_for.register
def _time_of_day(field: schema.TimeOfDay, setting: Setting, offer: Offer) -> FieldEditor:
    return TimeOfDayEditor(field)


@editor_for.register
def _duration(field: schema.Duration, setting: Setting, offer: Offer) -> FieldEditor:
    return DurationEditor()


@editor_for.register
def _filter(field: schema.Filter, setting: Setting, offer: Offer) -> FieldEditor:
    return FilterEditor(offer)


@editor_for.register
def _paths(field: schema.Paths, setting: Setting, offer: Offer) -> FieldEditor:
    return PathsEditor(offer)


@editor_for.register
def _shares(field: schema.Shares, setting: Setting, offer: Offer) -> FieldEditor:
    return SharesEditor()


def _is_whole(hint: Any) -> bool:
    """Say whether a setting's type holds whole numbers only."""
    try:
        msgspec.convert(0.5, hint)
    except msgspec.ValidationError:
        return True
    return False


class NumberEditor(FieldEditor):
    """A number between two bounds, with its unit behind it."""

    def __init__(self, field: schema.Number, *, whole: bool) -> None:
        super().__init__()
        self._whole, self._may_be_empty = whole, not field.required
        self.box: QSpinBox | QDoubleSpinBox = QSpinBox() if whole else QDoubleSpinBox(decimals=2)
        least = field.least if field.least is not None else -MOST
        most = field.most if field.most is not None else MOST
        # An empty value stands one below the least, where the box shows no number.
        self._nothing = least - 1
        self.box.setRange(*_bounds(self._nothing if self._may_be_empty else least, most, whole))
        if self._may_be_empty:
            self.box.setSpecialValueText(" ")
        self.box.setSuffix(f" {field.unit}" if field.unit else "")
        self.box.setMinimumWidth(120)
        self.box.setStepType(QAbstractSpinBox.StepType.DefaultStepType)
        calm(self.box)
        _alone(self, self.box)
        self.box.valueChanged.connect(self.changed)

    def read(self) -> float | int | None:
        """Return the number, or None where nothing was entered."""
        self.box.interpretText()
        value = self.box.value()
        return None if self._may_be_empty and value == self._nothing else value

    def fill(self, value: Any) -> None:
        """Show a number."""
        shown = self._nothing if value is None else value
        if isinstance(shown, (int, float)):
            self.box.setValue(int(shown) if self._whole else float(shown))  # type: ignore[arg-type]


class YesNoEditor(FieldEditor):
    """A box to tick, with the label beside it."""

    says_its_name = True

    def __init__(self, label: str) -> None:
        super().__init__()
        self.box = QCheckBox(label)
        _alone(self, self.box)
        self.box.toggled.connect(self.changed)

    def read(self) -> bool:
        """Return whether it is ticked."""
        return self.box.isChecked()

    def fill(self, value: Any) -> None:
        """Tick it or not."""
        self.box.setChecked(bool(value))


class DurationEditor(FieldEditor):
    """A length of time as a number and a unit; stored as ISO 8601."""

    def __init__(self) -> None:
        super().__init__()
        self.number = QDoubleSpinBox(decimals=0, maximum=100_000)
        self.number.setMinimumWidth(90)
        self.unit = QComboBox()
        self.unit.setAccessibleName("Unit")
        for name, seconds in UNITS:
            self.unit.addItem(name, seconds)
        self.unit.setCurrentText("days")
        for part in (self.number, self.unit):
            calm(part)
        _alone(self, self.number, self.unit)
        self.number.valueChanged.connect(self.changed)
        self.unit.currentIndexChanged.connect(self.changed)

    def read(self) -> str:
        """Return the length as ISO 8601, such as P2D."""
        length = timedelta(seconds=self.number.value() * self.unit.currentData())
        return msgspec.to_builtins(length)

    def fill(self, value: Any) -> None:
        """Show a length in the largest unit that fits."""
        try:
            seconds = msgspec.convert(value, timedelta).total_seconds()
        except msgspec.ValidationError:
            return
        fits = [(name, size) for name, size in UNITS if seconds % size == 0 and seconds >= size]
        name, size = fits[-1] if fits else UNITS[0]
        name, size = ("days", 86400) if not seconds else (name, size)
        with QSignalBlocker(self):
            self.unit.setCurrentText(name)
            self.number.setValue(seconds / size)
        self.changed.emit()


class MomentEditor(FieldEditor):
    """A date, or a date and time, picked from a calendar or typed."""

    def __init__(self, field: schema.Moment) -> None:
        super().__init__()
        self._time = field.time
        self.box = (
            QDateTimeEdit(calendarPopup=True) if field.time else QDateEdit(calendarPopup=True)
        )
        if not field.required:
            self.box.setMinimumDate(NOT_SET)
            self.box.setSpecialValueText("Not set")
        calm(self.box)
        _alone(self, self.box)
        self.box.dateTimeChanged.connect(self.changed)

    def read(self) -> str | None:
        """Return the date, or the moment with its zone, as ISO 8601."""
        if self.box.date() <= NOT_SET:
            return None
        if not self._time:
            return self.box.date().toString(Qt.DateFormat.ISODate)
        return (
            datetime.fromtimestamp(self.box.dateTime().toSecsSinceEpoch()).astimezone().isoformat()
        )

    def fill(self, value: Any) -> None:
        """Show a date or moment."""
        if not value:
            self.box.setDate(NOT_SET)
        elif self._time:
            self.box.setDateTime(
                QDateTime.fromString(str(value), Qt.DateFormat.ISODate).toLocalTime()
            )
        else:
            self.box.setDate(QDate.fromString(str(value)[:10], Qt.DateFormat.ISODate))


def _alone(editor: FieldEditor, *parts: QWidget) -> None:
    """Put the parts in a row; the first has the focus."""
    row = QHBoxLayout(editor)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    editor.setFocusProxy(parts[0])


def _bounds(least: float, most: float, whole: bool) -> tuple[Any, Any]:
    return (int(least), int(most)) if whole else (least, most)
