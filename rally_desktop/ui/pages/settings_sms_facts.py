"""What is known of one gateway: what it sends, how answers come in, where it reaches the office."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from rally_desktop.services.sms_standing import SmsStanding
from rally_desktop.ui.notices import Notices
from rally_desktop.ui.pages.account_facts import AccountFacts
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

CALLBACK = "Enter this address at {title}, where it asks where to tell incoming messages (POST):"
PLACES = {
    "twilio": "Enter this address at Twilio, with the number, below ‘A message comes in’ (POST):",
    "vonage": "Enter this address at Vonage, as the webhook for incoming SMS and receipts (POST):",
    "android": "Register this address in the app, for sms:received, sms:delivered and sms:failed:",
}


class SmsFacts(AccountFacts[SmsStanding]):
    """One gateway; the address for webhooks stands below its facts."""

    def __init__(self, theme: Theme, notices: Notices) -> None:
        super().__init__()
        self._notices = notices
        self.tells = PlainLabel("", "sub")
        self.tells.setWordWrap(True)
        self.address = QLineEdit(readOnly=True)
        self.address.setAccessibleName("Address for webhooks")
        self.copy = button(theme, "Copy", "copy")
        self.copy.clicked.connect(self._copy)
        self._below = QWidget()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.address, 1)
        row.addWidget(self.copy)
        below = QVBoxLayout(self._below)
        below.setContentsMargins(0, 4, 0, 0)
        below.addWidget(self.tells)
        below.addLayout(row)
        self.column.insertWidget(self.column.count() - 1, self._below)

    def fill(self, known: SmsStanding) -> None:
        """Say what is known of a gateway, and where it shall reach the office."""
        self.say(known.account.name, known.trouble, known.facts())
        title = known.kind.title if known.kind else "the gateway"
        words = PLACES.get(known.account.gateway, CALLBACK.format(title=title))
        self.tells.setText(words)
        self.address.setText(known.callback)
        self.address.setCursorPosition(0)
        self._below.setVisible(bool(known.callback))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.address.text())
        self._notices.tell("The address is in the clipboard.", "ok")
