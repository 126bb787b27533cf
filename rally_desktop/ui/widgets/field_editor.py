"""One editor for each kind of field of a record: a widget, how to read it, how to fill it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QDate, QSignalBlocker, QStringListModel, Qt, SignalInstance
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QWidget

from rally_desktop.core.clock import Clock
from rally_desktop.model.fields import FieldInfo
from rally_desktop.services import entry
from rally_desktop.ui import figures
from rally_desktop.ui.background import Background
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.day_box import NONE, DayBox

_YES, _NO = "Yes", "No"


@dataclass(frozen=True)
class FieldEditor:
    """A widget for one field's value."""

    widget: QWidget
    read: Callable[[], Any]
    fill: Callable[[Any], None]
    changed: SignalInstance


def field_editor(field: FieldInfo, lists: Mapping[str, Sequence[str]], desk: Desk) -> FieldEditor:
    """Return the editor that fits a field."""
    if field.type == "record":
        return _looked_up(field.source, desk.background)
    if field.name == "time_zone":
        return _looked_up(field.name, desk.background)
    if field.type == "yes_no":
        return _picked((_YES, _NO), lambda said: said == _YES, lambda v: _YES if v else _NO)
    if field.type in ("date", "moment"):
        return _date(desk.clock)
    offered = field.options or tuple(lists.get(field.source, ()))
    if field.type in ("choice", "user"):
        return _picked(("", *offered), lambda said: said, str)
    return _number() if field.type == "number" else _line()


def _number() -> FieldEditor:
    line = QLineEdit()

    def fill(value: Any) -> None:
        line.setText(figures.written(value) if isinstance(value, float) else _written(value))

    return FieldEditor(line, lambda: figures.read(line.text()), fill, line.textChanged)


def _line() -> FieldEditor:
    line = QLineEdit()
    return FieldEditor(line, line.text, lambda v: line.setText(_written(v)), line.textChanged)


def _picked(
    offered: Sequence[str], read: Callable[[str], Any], said: Callable[[Any], str]
) -> FieldEditor:
    box = QComboBox()
    box.addItems(list(offered))

    def fill(value: Any) -> None:
        text = "" if value is None else said(value)
        if box.findText(text) < 0:
            # A value that is no longer on the list stays until somebody chooses another.
            box.addItem(text)
        box.setCurrentIndex(box.findText(text))

    return FieldEditor(box, lambda: read(box.currentText()), fill, box.currentIndexChanged)


def _date(clock: Clock) -> FieldEditor:
    edit = DayBox(clock)

    def read() -> datetime | None:
        date = edit.date()
        if date == NONE:
            return None
        return datetime(date.year(), date.month(), date.day(), tzinfo=UTC)

    def fill(value: Any) -> None:
        shown = QDate(value.year, value.month, value.day) if value else NONE
        edit.setDate(shown)

    return FieldEditor(edit, read, fill, edit.dateChanged)


def _looked_up(source: str, background: Background) -> FieldEditor:
    box = NameBox(source, background)
    return FieldEditor(box, box.text, lambda v: box.setText(_written(v)), box.textChanged)


class NameBox(QLineEdit):
    """A box for the name of something; known names are offered while one types."""

    def __init__(self, source: str, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source, self._background = source, background
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)
        self.textEdited.connect(self._look)

    @later
    async def _look(self, typed: str) -> None:
        found = await self._background.read(entry.names, self._source, typed)
        if typed != self.text():
            return
        with QSignalBlocker(self):
            self._names.setStringList(list(found))
        if found and self.hasFocus() and list(found) != [typed]:
            self.completer().complete()


def _written(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.15g}" if isinstance(value, float) else str(value)
