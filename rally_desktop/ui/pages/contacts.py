"""The contacts page."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rally_desktop.ui.pages.records_page import RecordsPage
from rally_desktop.ui.widgets.contact_dialog import ContactDialog


class ContactsPage(RecordsPage):
    """Everybody the office deals with."""

    title = "Contacts"
    icon = "users"
    order = 2
    kind = "contact"
    dialog_kind = ContactDialog

    def scenes(self) -> Mapping[str, Callable[[], None]]:
        """Show the windows that are opened from here, too."""
        return {
            "contact_new": self.new_record,
            "letter": self.timeline.letters.write,
            "conversation": self.timeline.open_letter,
            "person_data": self.card_menu.open_data,
            "contacts_enrol": self._enrol_all,
            "contacts_import": self.transfer.bring_in,
            "contacts_export": self.transfer.take_out,
            "contacts_mailbox": self.transfer.look_into_mailbox,
        }

    def _enrol_all(self) -> None:
        self.grid.table.selectAll()
        self.deeds.enrol()
