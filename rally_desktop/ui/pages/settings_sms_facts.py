"""What is known of one gateway: what it sends, how answers come in, where it reaches the office."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from rally_desktop.services.sms_standing import SmsStanding
from rally_desktop.ui.notices import Notices
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

CALLBACK = "Enter this address at {title}, where it asks where to tell incoming messages (POST):"
PLACES = {
    "twilio": "Enter this address at Twilio, with the number, below ‘A message comes in’ (POST):",
    "vonage": "Enter this address at Vonage, as the webhook for incoming SMS and receipts (POST):",
    "android": "Register this address in the app, for sms:received, sms:delivered and sms:failed:",
}


class GatewayFacts(QFrame):
    """Facts, a line each; what is wrong stands above them, the address for webhooks below."""

    def __init__(self, theme: Theme, notices: Notices) -> None:
        super().__init__()
        self._notices = notices
        self.heading = PlainLabel("", "title")
        self.why = PlainLabel("", "body")
        self.why.set_tone("bad")
        self.why.setWordWrap(True)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(16)
        self.grid.setVerticalSpacing(8)
        self.grid.setColumnStretch(1, 1)
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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for part in (self.heading, self.why):
            column.addWidget(part)
        column.addLayout(self.grid)
        column.addWidget(self._below)
        column.addStretch(1)
        self.setMaximumWidth(480)

    def show_standing(self, standing: SmsStanding | None) -> None:
        """Show one gateway, or nothing."""
        self.setVisible(standing is not None)
        self._clear()
        if standing is None:
            return
        self.heading.setText(standing.account.name)
        self.why.setText(standing.trouble)
        self.why.setVisible(bool(standing.trouble))
        for place, (name, value) in enumerate(standing.facts()):
            said = PlainLabel(value, "body")
            said.setWordWrap(True)
            self.grid.addWidget(PlainLabel(name, "sub"), place, 0, Qt.AlignmentFlag.AlignTop)
            self.grid.addWidget(said, place, 1)
        title = standing.kind.title if standing.kind else "the gateway"
        words = PLACES.get(standing.account.gateway, CALLBACK.format(title=title))
        self.tells.setText(words)
        self.address.setText(standing.callback)
        self.address.setCursorPosition(0)
        self._below.setVisible(bool(standing.callback))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.address.text())
        self._notices.tell("The address is in the clipboard.", "ok")

    def _clear(self) -> None:
        while (item := self.grid.takeAt(0)) is not None:
            widget: QWidget | None = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
