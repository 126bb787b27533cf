"""The dialog that adds a contact: a few fields, checked while one types."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.core.errors import RallyError
from rally_desktop.model.ref import Ref
from rally_desktop.services import entry
from rally_desktop.services.entry import Card
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.field_editor import FieldEditor, field_editor
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.tag_line import TagLine

TYPING_MS = 250
FIELDS = (
    ("first_name", "last_name"),
    ("email", "phone"),
    ("company", "title"),
    ("lifecycle_stage", "lead_source"),
    ("owner",),
)
FIRST_STAGE = "Lead"
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]{2,}")


class ContactDialog(QDialog):
    """Asks for a new contact; ``saved`` has its Ref, ``known`` that of somebody who is there."""

    saved = Signal(object)
    known = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.editors: dict[str, FieldEditor] = {}
        self.problems: dict[str, PlainLabel] = {}
        self._tags: list[str] = []
        self._twin: Ref | None = None
        self._saving = False
        self.setWindowTitle("New contact")
        self.setMinimumWidth(560)
        self.tags = TagLine(desk.theme)
        self.twin_button = QPushButton("Show this contact")
        self.twin_button.setProperty("kind", "link")
        self.twin_button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.twin_button.hide()
        self.problem = PlainLabel()
        self.problem.set_tone("bad")
        self.problem.setWordWrap(True)
        self.save_button = QPushButton("Add contact")
        self.save_button.setProperty("kind", "primary")
        self.save_button.setDefault(True)
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.setAutoDefault(False)
        self.twin_button.setAutoDefault(False)
        self._grid = QGridLayout()
        self._lay_out()
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._look_for_twin)
        self._connect()

    def _lay_out(self) -> None:
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.problem, 1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.save_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(PlainLabel("New contact", role="heading"))
        layout.addLayout(self._grid)
        layout.addSpacing(8)
        layout.addLayout(foot)

    def _connect(self) -> None:
        self.tags.added.connect(self._add_tag)
        self.tags.removed.connect(self._remove_tag)
        self.twin_button.clicked.connect(self._show_twin)
        self.save_button.clicked.connect(self._press_save)
        self.cancel_button.clicked.connect(self.reject)

    @later
    async def start(self) -> None:
        """Read what can be picked, then show the dialog."""
        card = await self.desk.background.read(entry.blank, "contact")
        self._build(card)
        self.open()
        self.editors["first_name"].widget.setFocus()

    def _build(self, card: Card) -> None:
        for line, names in enumerate(FIELDS):
            for column, name in enumerate(names):
                field = card.fields[name]
                editor = field_editor(field, card.lists, self.desk.background)
                editor.widget.setAccessibleName(field.label)
                editor.widget.setMinimumWidth(200)
                self._place(line, column, field.label, editor.widget, name)
                self.editors[name] = editor
        self._place(len(FIELDS) - 1, 1, "Tags", self.tags, "tags")
        self.tags.offer(card.lists.get("tag", ()))
        self.editors["lifecycle_stage"].fill(FIRST_STAGE)
        email = self.editors["email"]
        self._grid.addWidget(self.twin_button, 1 * 4 + 3, 0, Qt.AlignmentFlag.AlignLeft)
        email.changed.connect(self._email_edited)

    def _place(self, line: int, column: int, label: str, widget: QWidget, name: str) -> None:
        title = PlainLabel(label, role="sub")
        title.setBuddy(widget)
        problem = PlainLabel(role="sub")
        problem.set_tone("bad")
        problem.setWordWrap(True)
        problem.hide()
        self.problems[name] = problem
        self._grid.addWidget(title, line * 4, column)
        self._grid.addWidget(widget, line * 4 + 1, column, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(problem, line * 4 + 2, column)
        self._grid.setRowMinimumHeight(line * 4 + 3, 8)

    # -- checking ------------------------------------------------------------------------

    def values(self) -> dict[str, Any]:
        """Return what was typed, without what was left empty."""
        read = {name: editor.read() for name, editor in self.editors.items()}
        return {name: value for name, value in read.items() if value not in (None, "")}

    def _email_edited(self) -> None:
        self._twin = None
        self.twin_button.hide()
        self._say("email", "")
        self._typing.start()

    @later
    async def _look_for_twin(self) -> None:
        typed = str(self.editors["email"].read())
        found = await self.desk.background.read(entry.with_email, typed)
        if typed == self.editors["email"].read() and found is not None:
            self._twin, name = found
            self._say("email", f"{name} has this address already.")
            self.twin_button.setText(f"Show {name}")
            self.twin_button.show()

    def _check(self) -> bool:
        values = self.values()
        email = str(values.get("email", "")).strip()
        for name in ("first_name", "email"):
            if not (name == "email" and self._twin):
                self._say(name, "")
        if email and not _ADDRESS.fullmatch(email):
            self._say("email", "This is not an e-mail address, such as ana@example.com.")
            self.editors["email"].widget.setFocus()
            return False
        if not any(values.get(name) for name in ("first_name", "last_name", "email")):
            self._say("first_name", "Give at least a name or an e-mail address.")
            self.editors["first_name"].widget.setFocus()
            return False
        return True

    def _say(self, name: str, text: str) -> None:
        self.problems[name].setText(text)
        self.problems[name].setVisible(bool(text))
        widget = self.editors[name].widget
        widget.setProperty("wrong", bool(text))
        widget.style().unpolish(widget)
        widget.style().polish(widget)

    # -- saving --------------------------------------------------------------------------

    def _press_save(self) -> None:
        if self.tags.box.hasFocus() and self.tags.box.text().strip():
            return
        if not self._saving and self._check():
            self._save()

    @later
    async def _save(self) -> None:
        self._saving = True
        self.problem.setText("")
        try:
            ref = await self.desk.background.write(entry.create, self.values(), self._tags)
        except RallyError as error:
            await self._refused(error)
            return
        finally:
            self._saving = False
        self.saved.emit(ref)
        self.accept()

    async def _refused(self, error: RallyError) -> None:
        email = str(self.editors["email"].read())
        if await self.desk.background.read(entry.with_email, email) is not None:
            self._look_for_twin()
            self.editors["email"].widget.setFocus()
        else:
            self.problem.setText(str(error))

    def _show_twin(self) -> None:
        if self._twin is not None:
            self.known.emit(self._twin)
            self.reject()

    def _add_tag(self, name: str) -> None:
        self._tags.append(name)
        self.tags.show_tags(self._tags)

    def _remove_tag(self, name: str) -> None:
        self._tags.remove(name)
        self.tags.show_tags(self._tags)
