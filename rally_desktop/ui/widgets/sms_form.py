"""An SMS by hand: to which number, what it says, in how many parts, and when it goes out."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QComboBox

from rally_desktop.core.errors import Refused
from rally_desktop.engine import texting
from rally_desktop.engine.texting import Texting
from rally_desktop.model.ref import Ref
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.composer_form import HEIGHT, ComposerForm, text_box
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.sms_counter import SmsCounter

LEAST, AROUND = 50, 20  # two lines, and what is around lines
_KINDS = {"landline": " (landline, may get no SMS)", "mobile": "", "": ""}


class SmsForm(ComposerForm):
    """Sent when it is saved; it can be recalled as every message can."""

    kind, title, does = "sms", "SMS", "Write an SMS"
    icon, keys = "message-square", "Ctrl+Shift+S"
    saves: ClassVar = "Send"
    for_people: ClassVar = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.number = QComboBox()
        self.number.setAccessibleName("Number")
        self.text = self.first = text_box("Write an SMS", "SMS")
        self.counter = SmsCounter()
        self.says = PlainLabel("", "sub")
        self.says.setWordWrap(True)
        self.add_row(PlainLabel("To"), self.number, stretch=1)
        # What is in the way stands above what is written, so that it is seen in a low window.
        for part in (self.says, self.text, self.counter):
            self.column.addWidget(part)
        self.says.hide()
        self.text.textChanged.connect(self._count)
        self._count()

    @later
    async def begin(self, ref: Ref) -> None:
        """Read the person's numbers, and what is in the way."""
        self._show(await self.desk.background.read(texting.begin, ref))

    def has_begun(self) -> bool:
        """Say whether there is a text."""
        return bool(self.text.toPlainText().strip())

    async def save(self, ref: Ref) -> None:
        """Send it."""
        number = self.number.currentData()
        if not number:
            raise Refused(self.says.text() or "Choose a number first.")
        said = self.text.toPlainText()
        await self.desk.background.write(texting.send, ref, number, said)

    def _count(self) -> None:
        """Say how long it is; the box grows with it, so that the counter stays in view."""
        self.counter.count(self.text.toPlainText())
        needed = round(self.text.document().size().height()) * self.text.fontMetrics().lineSpacing()
        self.text.setFixedHeight(min(HEIGHT, max(LEAST, needed + AROUND)))

    def _show(self, found: Texting) -> None:
        self.number.clear()
        for one in found.numbers:
            self.number.addItem(f"{one.dialled}{_KINDS[one.kind]}", one.dialled)
        self.number.setEnabled(bool(found.numbers))
        said = found.wrong
        if found.opens is not None:
            said = (
                f"It is quiet time for {found.name}: it goes out on "
                f"{found.opens:%A} at {found.opens:%H:%M} there."
            )
        self.says.setText(said)
        self.says.set_tone("bad" if found.wrong else "warn")
        self.says.setVisible(bool(said))
