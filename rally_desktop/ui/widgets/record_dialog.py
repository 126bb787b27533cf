"""The dialog that adds a record: a few fields, checked before they are saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.core.errors import BadSettings, RallyError
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.services import duplicates, entry
from rally_desktop.services.entry import Card
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.field_editor import FieldEditor, field_editor
from rally_desktop.ui.widgets.like_line import LikeLine
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.tag_line import TagLine


class RecordDialog(QDialog):
    """Asks for a new record; ``saved`` has its Ref, ``known`` that of one that is there already.

    ``fields`` are its lines from top to bottom, two fields a line; tags come after the last.
    """

    saved = Signal(object)
    known = Signal(object)
    kind: ClassVar[RecordKind]
    fields: ClassVar[tuple[tuple[str, ...], ...]]
    first: ClassVar[str] = "name"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.editors: dict[str, FieldEditor] = {}
        self.problems: dict[str, PlainLabel] = {}
        self._tags: list[str] = []
        self._saving = False
        self.setWindowTitle(f"New {self.kind}")
        self.setMinimumWidth(560)
        self.tags = TagLine(desk)
        self.likes = LikeLine(desk, self.kind, self.values)
        self.problem = PlainLabel()
        self.problem.set_tone("bad")
        self.problem.setWordWrap(True)
        self.save_button = QPushButton(f"Add {self.kind}")
        self.save_button.setProperty("kind", "primary")
        self.save_button.setDefault(True)
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.setAutoDefault(False)
        self.grid = QGridLayout()
        self._lay_out()
        self.likes.wanted.connect(self._show_known)
        self.likes.told.connect(self._offer)
        self.tags.added.connect(self._add_tag)
        self.tags.removed.connect(self._remove_tag)
        self.save_button.clicked.connect(self._press_save)
        self.cancel_button.clicked.connect(self.reject)

    def _lay_out(self) -> None:
        self.grid.setHorizontalSpacing(16)
        self.grid.setVerticalSpacing(4)
        self.grid.setColumnStretch(0, 1)
        self.grid.setColumnStretch(1, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.problem, 1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.save_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(PlainLabel(f"New {self.kind}", role="heading"))
        layout.addLayout(self.grid)
        layout.addWidget(self.likes)
        layout.addSpacing(8)
        layout.addLayout(foot)

    @later
    async def start(self, values: Mapping[str, Any] | None = None) -> None:
        """Read what can be picked, then show the dialog, filled with some values."""
        card = await self.desk.background.read(entry.blank, self.kind)
        self.build(card)
        for name, value in {**self.usual(card), **(values or {})}.items():
            self.editors[name].fill(value)
        self.open()
        self.editors[self.first].widget.setFocus()

    def usual(self, card: Card) -> dict[str, Any]:
        """Return what a new record most often says: whoever adds it owns it."""
        mine = self.desk.seat.name
        return {"owner": mine} if mine and "owner" in self.editors else {}

    def build(self, card: Card) -> None:
        """Make an editor for each field."""
        for line, names in enumerate(self.fields):
            for column, name in enumerate(names):
                field = card.fields[name]
                editor = field_editor(field, card.lists, self.desk)
                editor.widget.setAccessibleName(field.label)
                editor.widget.setMinimumWidth(200)
                self._place(line, column, field.label, editor.widget, name)
                self.editors[name] = editor
                if self.kind in duplicates.KINDS:
                    editor.changed.connect(self.likes.watch)
        last = len(self.fields[-1])
        line = len(self.fields) - (last < 2)
        self._place(line, last % 2, "Tags", self.tags, "tags")
        self.tags.offer(card.lists.get("tag", ()))

    def _place(self, line: int, column: int, label: str, widget: QWidget, name: str) -> None:
        title = PlainLabel(label, role="sub")
        title.setBuddy(widget)
        problem = PlainLabel(role="sub")
        problem.set_tone("bad")
        problem.setWordWrap(True)
        problem.hide()
        self.problems[name] = problem
        self.grid.addWidget(title, line * 4, column)
        self.grid.addWidget(widget, line * 4 + 1, column, Qt.AlignmentFlag.AlignTop)
        self.grid.addWidget(problem, line * 4 + 2, column)
        self.grid.setRowMinimumHeight(line * 4 + 3, 8)

    # -- checking ------------------------------------------------------------------------

    def values(self) -> dict[str, Any]:
        """Return what was typed, without what was left empty."""
        read = {name: editor.read() for name, editor in self.editors.items()}
        return {name: value for name, value in read.items() if value not in (None, "")}

    def check(self) -> bool:
        """Say what is missing; return whether nothing is."""
        missing = not self.values().get(self.first)
        self.say(self.first, f"Give the {self.kind} a name." if missing else "")
        if missing:
            self.editors[self.first].widget.setFocus()
        return not missing

    def say(self, name: str, text: str) -> None:
        """Say below a field what is wrong with it; an empty text takes that away."""
        self.problems[name].setText(text)
        self.problems[name].setVisible(bool(text))
        widget = self.editors[name].widget
        widget.setProperty("wrong", bool(text))
        widget.style().unpolish(widget)
        widget.style().polish(widget)

    # -- saving --------------------------------------------------------------------------

    def _show_known(self, ref: Ref) -> None:
        """Go to a record that is there already; what was typed here is not wanted."""
        self.known.emit(ref)
        self.reject()

    def _offer(self, alike: bool) -> None:
        self.save_button.setText("Add anyway" if alike else f"Add {self.kind}")

    def _press_save(self) -> None:
        if self.tags.box.hasFocus() and self.tags.box.text().strip():
            return
        if not self._saving and self.check():
            self._save()

    @later
    async def _save(self) -> None:
        self._saving = True
        self.problem.setText("")
        write = self.desk.background.write
        try:
            ref = await write(entry.create, self.kind, self.values(), self._tags)
        except RallyError as error:
            await self.refused(error)
            return
        finally:
            self._saving = False
        self.saved.emit(ref)
        self.accept()

    async def refused(self, error: RallyError) -> None:
        """Show why a record was not taken: at its field where that is known."""
        labels = {title: name for name, title in self._labels().items()}
        for label, what in getattr(error, "problems", {}).items():
            if label in labels:
                self.say(labels[label], f"{label} {what}.")
        if not isinstance(error, BadSettings) or not error.problems.keys() <= labels.keys():
            self.problem.setText(str(error))

    def _labels(self) -> dict[str, str]:
        return {name: editor.widget.accessibleName() for name, editor in self.editors.items()}

    def _add_tag(self, name: str) -> None:
        self._tags.append(name)
        self.tags.show_tags(self._tags)

    def _remove_tag(self, name: str) -> None:
        self._tags.remove(name)
        self.tags.show_tags(self._tags)
