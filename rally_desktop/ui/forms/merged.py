"""Texts with merge fields: a box with chips, a popup to pick them, and the text for somebody."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from rally_desktop.core import schema
from rally_desktop.core.errors import UnknownField
from rally_desktop.core.flaws import Flaw, flaw
from rally_desktop.engine.sealed import without_secrets
from rally_desktop.ui.forms.editor import FieldEditor, Offer
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.field_picker import FieldPicker
from rally_desktop.ui.widgets.merge_box import MergeBox
from rally_desktop.ui.widgets.merge_text import Chip
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.sign_button import SignButton

FILL_AFTER = 250
LONGEST_SHOWN = 400


class MergeEditor(FieldEditor):
    """A text whose merge fields are chips; below it stands what it says for whoever was chosen."""

    def __init__(self, field: schema.Text, offer: Offer, *, shows: bool = True) -> None:
        super().__init__()
        self._sample, self._shows = offer.sample, shows
        self._secrets, self._lines = field.secrets, field.lines
        self._fields = offer.merge_fields(secrets=field.secrets)
        self._known = frozenset(each.name for each in self._fields)
        self._changing: Chip | None = None
        self._help = ""
        self.box = MergeBox(field.lines)
        self.box.setAccessibleName(field.label)
        labels = {each.name: each.label for each in self._fields}
        self.box.name_fields(labels, lambda name: self._unknown(name) is None)
        self.setFocusProxy(self.box)
        self.merge_button = SignButton("Insert a merge field ({{ or Ctrl+Space)", "braces", self)
        self.picker = FieldPicker(self)
        self.shown = PlainLabel("", "sub")
        self.shown.setWordWrap(True)
        self.shown.hide()
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.box, 1)
        row.addWidget(self.merge_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.shown)
        self._soon = QTimer(self, singleShot=True, interval=FILL_AFTER)
        self._connect()

    def read(self) -> str:
        """Return the text as it is stored."""
        return self.box.text.read()

    def fill(self, value: Any) -> None:
        """Show a text."""
        self.box.show_source("" if value is None else str(value))

    def insert(self, field: str, fallback: str = "") -> None:
        """Put a merge field where the cursor is, or in place of the chip that is being changed."""
        chip, self._changing = self._changing, None
        if chip is None:
            self.box.insert(field, fallback)
        else:
            self.box.replace(chip, field, fallback)
        self.box.setFocus()

    def problem(self) -> str | None:
        """Say what is wrong with the text, and where."""
        found = self.flaw()
        return f"cannot be filled in: {found.said(self._lines)}" if found else None

    def broken(self) -> bool:
        """Say whether the text cannot be filled in for anybody."""
        return self.flaw() is not None

    def flaw(self) -> Flaw | None:
        """Return the first thing that is wrong with the text."""
        source = self.read()
        return flaw(without_secrets(source) if self._secrets else source, self._unknown)

    # -- inside -----------------------------------------------------------------------------

    def _connect(self) -> None:
        self.box.textChanged.connect(self.changed)
        self.box.textChanged.connect(self._soon.start)
        self.box.textChanged.connect(self._read_out)
        self.box.asked.connect(self._ask)
        self.box.pressed.connect(self._change)
        self.merge_button.clicked.connect(self._ask_at_button)
        self.picker.picked.connect(self.insert)
        self.picker.removed.connect(self._remove)
        self._soon.timeout.connect(self._fill_in)
        if self._sample is not None:
            self._sample.changed.connect(self._fill_in)

    def name(self, label: str, help_: str) -> None:
        """Give the box its name; what it says is read out with its fields by their names."""
        super().name(label, help_)
        self._help = help_
        self._read_out()

    def _read_out(self) -> None:
        said = schema.Text("", merge=True).say(self.read())
        self.box.setAccessibleDescription(f"{said}. {self._help}".strip(". "))

    def _unknown(self, name: str) -> UnknownField | None:
        # The office's own fields of other records are the engine's to know.
        known = name in self._known or ".custom." in name or not self._known
        return None if known else UnknownField(name, sorted(self._known))

    def _ask(self) -> None:
        self._open(None, self.box.at_cursor())

    def _ask_at_button(self) -> None:
        self._open(None, self.merge_button.mapToGlobal(QPoint(0, self.merge_button.height())))

    def _change(self, chip: Chip) -> None:
        corner = self.box.place_of(chip).bottomLeft().toPoint() + QPoint(0, 4)
        self._open(chip, self.box.viewport().mapToGlobal(corner))

    def _open(self, chip: Chip | None, corner: QPoint) -> None:
        self._changing = chip
        self.picker.show_fields(self._fields, {})
        if chip is None:
            self.picker.ask(corner)
        else:
            self.picker.change(corner, chip.name, chip.fallback)
        self._read_values()

    def _remove(self) -> None:
        if self._changing is not None:
            self.box.remove(self._changing)
            self._changing = None
        self.box.setFocus()

    @later
    async def _read_values(self) -> None:
        if self._sample is None:
            return
        names = [each.name for each in self._fields if not each.name.startswith("secret.")]
        values = await self._sample.values(names)
        if self.picker.isVisible():
            self.picker.show_fields(self._fields, values)

    def mark(self, wrong: bool) -> None:
        """Show where in the text something is wrong."""
        super().mark(wrong)
        found = self.flaw()
        self.box.underline(found.line, found.column) if found else self.box.underline(0, 0)

    @later
    @newest
    async def _fill_in(self) -> None:
        source, text, tone = self.read(), "", "quiet"
        if self._shows and self._sample is not None and "{" in source and self.flaw() is None:
            filled = await self._sample.fill(source)
            who = self._sample.sample.name if self._sample.sample else ""
            if filled.problem:
                text, tone = f"For {who}: {filled.problem} The step would fail.", "warn"
            elif filled.text:
                text = f"For {who}: {_short(filled.text)}"
        self.shown.setText(text)
        self.shown.set_tone(tone)
        self.shown.setVisible(bool(text))

    def hideEvent(self, event: QHideEvent) -> None:
        """Take the popup away with the text."""
        self.picker.close()
        super().hideEvent(event)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN].rstrip()} …"
