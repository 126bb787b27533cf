"""The dialog that adds a contact, and tells while one types who has the address already."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QPushButton, QWidget

from rally_desktop.core.errors import RallyError
from rally_desktop.model.ref import Ref
from rally_desktop.services import entry
from rally_desktop.services.entry import Card
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.record_dialog import RecordDialog

TYPING_MS = 250
FIRST_STAGE = "Lead"
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]{2,}")


class ContactDialog(RecordDialog):
    """Asks for a new contact; somebody with the same address is offered instead."""

    kind = "contact"
    first = "first_name"
    fields = (
        ("first_name", "last_name"),
        ("email", "phone"),
        ("company", "title"),
        ("lifecycle_stage", "lead_source"),
        ("owner",),
    )

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._twin: Ref | None = None
        self.twin_button = QPushButton("Show this contact")
        self.twin_button.setProperty("kind", "link")
        self.twin_button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.twin_button.setAutoDefault(False)
        self.twin_button.hide()
        self.twin_button.clicked.connect(self._show_twin)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._look_for_twin)

    def build(self, card: Card) -> None:
        """Make the editors, and room for whoever has the address already."""
        super().build(card)
        self.editors["lifecycle_stage"].fill(FIRST_STAGE)
        self.grid.addWidget(self.twin_button, 1 * 4 + 3, 0, Qt.AlignmentFlag.AlignLeft)
        self.editors["email"].changed.connect(self._email_edited)

    def _email_edited(self) -> None:
        self._twin = None
        self.twin_button.hide()
        self.likes.leave_out(None)
        self.say("email", "")
        self._typing.start()

    @later
    async def _look_for_twin(self) -> None:
        typed = str(self.editors["email"].read())
        found = await self.desk.background.read(entry.with_email, typed)
        if typed == self.editors["email"].read() and found is not None:
            self._twin, name = found
            self.likes.leave_out(self._twin)
            self.say("email", f"{name} has this address already.")
            self.twin_button.setText(f"Show {name}")
            self.twin_button.show()

    def check(self) -> bool:
        """Ask for a name or an address, and for an address that can be one."""
        values = self.values()
        if self._twin is None:
            self.say("email", "")
        self.say("first_name", "")
        email = str(values.get("email", "")).strip()
        if email and not _ADDRESS.fullmatch(email):
            return self._wrong("email", "This is not an e-mail address, such as ana@example.com.")
        if not any(values.get(name) for name in ("first_name", "last_name", "email")):
            return self._wrong("first_name", "Give at least a name or an e-mail address.")
        return True

    def _wrong(self, name: str, text: str) -> bool:
        self.say(name, text)
        self.editors[name].widget.setFocus()
        return False

    async def refused(self, error: RallyError) -> None:
        """Name who has the address, where that is the reason."""
        email = str(self.editors["email"].read())
        if await self.desk.background.read(entry.with_email, email) is None:
            await super().refused(error)
            return
        self._look_for_twin()
        self.editors["email"].widget.setFocus()

    def _show_twin(self) -> None:
        if self._twin is not None:
            self._show_known(self._twin)
