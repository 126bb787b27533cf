"""The pages of setting a mailbox up: its address, its servers, and the proof that it works."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QLineEdit, QWidget

from rally_desktop.outside.secrets import Vault
from rally_desktop.services.mail_accounts import Account
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.pages.mail_setup_proof import ProofPanel
from rally_desktop.ui.pages.mail_setup_servers import Servers
from rally_desktop.ui.pages.setup_dialog import SetupDialog
from rally_desktop.ui.pages.workflow_rows import named, page_of

HEIGHT = 520
ADDRESS, SERVERS, PROOF = range(3)
ADDRESS_HELP = "Its servers are found by its domain. Nothing is sent before you say so."


class MailSetupFrame(SetupDialog):
    """What is typed, and what can be done with it."""

    titles: ClassVar = ("Connect a mailbox", "Sign in again")
    untried: ClassVar = "Save all the same"

    def __init__(
        self, desk: Desk, parent: QWidget, account: Account | None, vault: Vault | None
    ) -> None:
        super().__init__(desk, parent, account, vault)
        self.setMinimumHeight(HEIGHT)
        self.address = QLineEdit(placeholderText="office@example.com")
        self.address.setAccessibleName("E-mail address")
        self.name = QLineEdit(placeholderText="What recipients read, such as Hill Dental")
        self.name.setAccessibleName("Name")
        self.servers = Servers(desk.theme)
        self.proof = ProofPanel(desk.theme)
        self.address.textChanged.connect(self.offer)
        self.servers.changed.connect(self.offer)
        address = named("E-mail address", self.address, ADDRESS_HELP)
        self.lay_out(page_of(address, named("Name", self.name)), self.servers, self.proof)
        self.show_page(self.first)

    def show_page(self, page: int) -> None:
        """Show a page, the cursor where one begins to type."""
        super().show_page(page)
        (self.address.setFocus, self.servers.begin, self.go_on.setFocus)[page]()

    def headed(self, page: int) -> str:
        """Return the heading of a page."""
        address = self.address.text().strip()
        return (self.titles[0], address, f"Trying {address}")[page]

    def ahead(self, page: int) -> tuple[str, bool]:
        """Return what going on from a page is called, and whether that can be done."""
        words = ("Find servers", "Try it", "Finish" if self.works else "Try again")[page]
        return words, ("@" in self.address.text(), self.servers.ready(), True)[page]

    def offer(self) -> None:
        """Show what can be done now."""
        super().offer()
        self.servers.setEnabled(not self.busy)
