"""What a record's card offers besides: an e-mail to it, and behind the ‘⋯’ what is rarer."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from rally_desktop.services.writing import Draft
from rally_desktop.ui.letters.composer import open_composer
from rally_desktop.ui.widgets.buttons import tool
from rally_desktop.ui.widgets.more_button import MoreButton
from rally_desktop.ui.widgets.record_card import RecordCard


class CardMenu(QObject):
    """Puts the button at the end of the card's head; ``enrol_wanted`` brings the record."""

    enrol_wanted = Signal(object)

    def __init__(self, card: RecordCard, kind: str) -> None:
        super().__init__(card)
        self._card = card
        self.button = MoreButton(card.desk.theme, f"More with this {kind}")
        self.button.offer("Enrol in a sequence…", "send", self.enrol)
        if kind == "contact":
            self.write_button = tool(card.desk.theme, "Write an e-mail", "mail")
            self.write_button.clicked.connect(self.write)
            card.buttons.insertWidget(0, self.write_button)
            self.button.offer("This person’s data…", "shield-user", self.open_data)
        self.button.offer("Who changed this…", "scroll-text", self.show_changes)
        self.button.offer("Show the trash", "trash-2", lambda: card.desk.go("trash", kind))
        card.buttons.addWidget(self.button)

    def enrol(self) -> None:
        """Ask in what the record on the card is to be enrolled."""
        if self._card.ref is not None:
            self.enrol_wanted.emit(self._card.ref)

    def write(self) -> None:
        """Write an e-mail to the person on the card."""
        if self._card.ref is not None:
            open_composer(self._card.desk, self._card, Draft(self._card.ref))

    def show_changes(self) -> None:
        """Show who did what with the record on the card."""
        if self._card.ref is not None:
            self._card.desk.go("audit", *self._card.ref)

    def open_data(self) -> None:
        """Open what can be done with the data of the person on the card."""
        from rally_desktop.ui.pages.person_dialog import PersonDialog  # it stands on much

        if self._card.ref is not None:
            PersonDialog(self._card.desk, self._card.ref, self._card.window()).open()
