"""The contacts page."""

from __future__ import annotations

from rally_desktop.ui.pages.records_page import RecordsPage
from rally_desktop.ui.widgets.contact_dialog import ContactDialog


class ContactsPage(RecordsPage):
    """Everybody the office deals with."""

    title = "Contacts"
    icon = "users"
    order = 2
    kind = "contact"
    dialog_kind = ContactDialog
