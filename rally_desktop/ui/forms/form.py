"""A form made from a class: one row a setting, in the order they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from rally_desktop.core.errors import BadSettings
from rally_desktop.core.schema import Described, Setting
from rally_desktop.engine.problems import Problem
from rally_desktop.ui.forms.editor import FieldEditor, Offer
from rally_desktop.ui.forms.editors import editor_for
from rally_desktop.ui.forms.problem_lines import ProblemLines
from rally_desktop.ui.widgets.plain_label import PlainLabel

T = TypeVar("T", bound=Described)


class FormRow(QWidget):
    """One setting: its label, its editor, a word of help, and what is wrong."""

    def __init__(self, setting: Setting, editor: FieldEditor) -> None:
        super().__init__()
        self.setting, self.editor = setting, editor
        self.touched = False
        self._problem: str | None = None
        field = setting.field
        editor.name(field.label, field.help)
        self.help = PlainLabel(field.help, "sub")
        self.wrong = PlainLabel("", "sub")
        self.wrong.set_tone("bad")
        self.told = ProblemLines()
        self._told: Sequence[Problem] = ()
        for label in (self.help, self.wrong):
            label.setWordWrap(True)
            label.hide()
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        if not editor.says_its_name:
            label = PlainLabel(field.label, "strong")
            label.setBuddy(editor.focusProxy() or editor)
            column.addWidget(label)
        column.addWidget(editor)
        column.addWidget(self.help)
        column.addWidget(self.wrong)
        column.addWidget(self.told)
        self.help.setVisible(bool(field.help))

    def put_below(self, part: QWidget) -> None:
        """Show something more about the setting, below it."""
        self._column.addWidget(part)

    def say(self, problem: str | None) -> None:
        """Show what is wrong, once somebody has been at the field."""
        self._problem = problem
        shown = problem if self.touched or self.editor.broken() else None
        said = f"{self.setting.field.label} {shown}." if shown else ""
        self.wrong.setText(said.replace("..", "."))
        self.wrong.setVisible(bool(shown))
        self.told.show_problems(() if shown else self._told)
        errors = any(each.severity == "error" for each in self._told)
        self.editor.mark(bool(shown) or errors)

    def is_wrong(self) -> bool:
        """Say whether something is shown that is wrong here."""
        return not (self.wrong.isHidden() and self.told.isHidden())

    def tell(self, problems: Sequence[Problem]) -> None:
        """Show what the engine finds wrong here, unless the form itself says what is."""
        self._told = problems
        self.say(self._problem)


class Form(QWidget, Generic[T]):
    """Edits the settings of a described class; values go in and out as JSON.

    ``offer`` says what can be picked and named. Problems are shown beside the fields that
    somebody has been at; ``show_problems`` shows them all. ``fixed`` brings the fix of a problem
    that the engine told of, ``stepped`` that the change before or after it stands alone.
    """

    changed = Signal()
    filled = Signal()
    fixed = Signal(object)
    stepped = Signal()

    def __init__(
        self,
        kind: type[T],
        stored: Mapping[str, Any],
        offer: Offer | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind = kind
        offer = offer or Offer()
        self._rows: dict[str, FormRow] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        for setting in kind.settings():
            row = FormRow(setting, editor_for(setting.field, setting, offer))
            self._rows[setting.name] = row
            column.addWidget(row)
            row.editor.changed.connect(lambda row=row: self._edited(row))
            row.editor.stepped.connect(self.stepped)
            row.told.fixed.connect(self.fixed)
        column.addStretch(1)
        if self._rows:
            self.setFocusProxy(next(iter(self._rows.values())).editor)
        self.fill(stored)

    def fill(self, stored: Mapping[str, Any]) -> None:
        """Show other values; what is not given shows its default."""
        stored = self._kind.renewed(stored)
        with QSignalBlocker(self):
            for name, row in self._rows.items():
                default = row.setting.default
                if name in stored:
                    row.editor.fill(stored[name])
                elif default is not msgspec.NODEFAULT:
                    row.editor.fill(msgspec.to_builtins(default))
                row.touched = False
        self._show()
        self.filled.emit()

    def stored(self) -> dict[str, Any]:
        """Return the values as they are stored; fields that do not apply are left out."""
        made: dict[str, Any] = {}
        for name, row in self._rows.items():
            value = row.editor.read()
            if self._applies(row) and not (value is None and self._has_default(row)):
                made[name] = value
        return made

    def value(self) -> T:
        """Return what the form says, or raise BadSettings."""
        if problems := self.problems():
            raise BadSettings(problems)
        return self._kind.load(self.stored())

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by setting; empty when all is well."""
        found: dict[str, str] = {}
        stored = self.stored()
        for name, row in self._rows.items():
            if name in stored and (problem := _problem(row, stored[name])):
                found[name] = problem
        if found:
            return found
        try:
            self._kind.load(stored)
        except BadSettings as error:
            return dict(error.problems)
        return {}

    def show_problems(self) -> None:
        """Show everything that is wrong, and put the cursor where the first is."""
        for row in self._rows.values():
            row.touched = True
        self._show()
        first = next(iter(self.problems()), None)
        if first in self._rows:
            self._rows[first].editor.setFocus()

    def tell_each(self, problems: Sequence[Problem]) -> list[Problem]:
        """Show each problem at the setting that it is about; return those about none shown."""
        shown = {name for name, row in self._rows.items() if self._applies(row)}
        for name, row in self._rows.items():
            row.tell([each for each in problems if each.setting == name])
        return [each for each in problems if each.setting not in shown]

    def first_told(self) -> FormRow | None:
        """Return the first row at which a problem is shown."""
        shown = (row for row in self._rows.values() if self._applies(row))
        return next((row for row in shown if row.is_wrong()), None)

    def editor(self, name: str) -> FieldEditor:
        """Return the editor of a setting."""
        return self._rows[name].editor

    def row(self, name: str) -> FormRow:
        """Return the row of a setting."""
        return self._rows[name]

    def _edited(self, row: FormRow) -> None:
        row.touched = True
        row.tell(())  # until it is known what is wrong now
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        problems = self.problems()
        for name, row in self._rows.items():
            row.setVisible(self._applies(row))
            row.say(problems.get(name))

    def _applies(self, row: FormRow) -> bool:
        """Say whether a setting matters as the others stand."""
        condition = row.setting.field.shown_when
        if condition is None:
            return True
        return row.setting.field.applies(self._rows[condition[0]].editor.read())

    def _has_default(self, row: FormRow) -> bool:
        return row.setting.default is not msgspec.NODEFAULT


def _problem(row: FormRow, value: Any) -> str | None:
    setting = row.setting
    if setting.field.required and value in (None, "", [], {}):
        return "is required"
    if (missing := row.editor.problem()) is not None:
        return missing
    try:
        return setting.problem(msgspec.convert(value, setting.type))
    except msgspec.ValidationError as error:
        return str(error)
