"""A line of addresses that offers the office's contacts while one types."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel, Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QCompleter, QLineEdit

from rally_desktop.core import address_line
from rally_desktop.core.message import Mailbox
from rally_desktop.engine import samples
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.offers import dress

OFFER_AFTER, LEAST = 150, 2  # milliseconds; letters from which on somebody is looked for


class AddressBox(QLineEdit):
    """Takes ‘Ana Ruiz <ana@example.com>, ben@example.com’; what is picked goes in at its end."""

    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__()
        self._desk = desk
        self.setAccessibleName(name)
        self._people = QStringListModel(self)
        self.offered = QCompleter(self._people, self)
        self.offered.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.offered.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.offered.setWidget(self)
        dress(self.offered)
        self.offered.activated.connect(self.take)
        self._soon = QTimer(self, singleShot=True, interval=OFFER_AFTER)
        self._soon.timeout.connect(self._offer)
        self.textEdited.connect(lambda _text: self._soon.start())

    def take(self, who: str) -> None:
        """Put somebody in the place of what is being typed, where the cursor is."""
        before, after = self._around()
        kept = before[: len(before.rstrip()) - len(address_line.last_part(before))]
        self.setText(f"{kept}{who}, {after.lstrip(' ,;')}")
        self.setCursorPosition(len(f"{kept}{who}, "))
        self.textEdited.emit(self.text())

    def correct(self, wrong: str, meant: str) -> None:
        """Put an address in the place of the one that was mistyped."""
        self.setText(self.text().replace(wrong, meant))

    def hideEvent(self, event: QHideEvent) -> None:
        """Offer nobody any more."""
        super().hideEvent(event)
        self._soon.stop()

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._desk.notices.show_error(error)

    def _around(self) -> tuple[str, str]:
        """Return what stands before the cursor, and behind it."""
        text, here = self.text(), self.cursorPosition()
        return text[:here], text[here:]

    @later
    @newest
    async def _offer(self) -> None:
        typed = address_line.last_part(self._around()[0])
        if len(typed) < LEAST or "<" in typed:
            self.offered.popup().hide()
            return
        found = await self._desk.background.read(samples.found, "contact", typed)
        boxes = [Mailbox(one.about, one.name) for one in found if "@" in one.about]
        people = [address_line.written([one]) for one in boxes]
        self._people.setStringList(people)
        if people and self.hasFocus():
            self.offered.complete()
        else:
            self.offered.popup().hide()
