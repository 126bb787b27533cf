"""What is known of one mailbox: what it does, what waits, where its password is."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from rally_desktop.outside.mail import providers
from rally_desktop.services.mail_accounts import Account
from rally_desktop.services.mail_standing import Standing, ago
from rally_desktop.ui.widgets.plain_label import PlainLabel, ShortLabel

JOURNALS = {"sent": "The Sent folder is asked", "bcc": "A copy to oneself is looked for"}
SECURITY = {"tls": "TLS", "starttls": "STARTTLS", "none": "not encrypted"}


class AccountFacts(QFrame):
    """Facts, a line each; why it is paused stands above them."""

    def __init__(self) -> None:
        super().__init__()
        self.heading = ShortLabel("", "title")
        self.why = PlainLabel("", "body")
        self.why.set_tone("bad")
        self.why.setWordWrap(True)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(16)
        self.grid.setVerticalSpacing(8)
        self.grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.heading)
        column.addWidget(self.why)
        column.addLayout(self.grid)
        column.addStretch(1)
        self.setMaximumWidth(480)

    def show_standing(self, standing: Standing | None) -> None:
        """Show one mailbox, or nothing."""
        self.setVisible(standing is not None)
        self._clear()
        if standing is None:
            return
        account = standing.account
        self.heading.setText(account.address)
        unread = f"Its mail cannot be read. {standing.trouble}" if standing.trouble else ""
        self.why.setText(f"Paused. {account.paused_why}" if account.paused_why else unread)
        self.why.setVisible(bool(account.paused_why or unread))
        for place, (name, value) in enumerate(_facts(standing)):
            said = PlainLabel(value, "body")
            said.setWordWrap(True)
            label = PlainLabel(name, "sub")
            self.grid.addWidget(label, place, 0)
            self.grid.addWidget(said, place, 1)

    def _clear(self) -> None:
        while (item := self.grid.takeAt(0)) is not None:
            widget: QWidget | None = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()


def _facts(standing: Standing) -> Iterator[tuple[str, str]]:
    yield from _access(standing)
    sent = f"{standing.this_hour:,} this hour, {standing.today:,} in 24 hours"
    yield "Sent", sent
    if standing.waiting or standing.in_doubt:
        doubt = f", {standing.in_doubt:,} in doubt" if standing.in_doubt else ""
        yield "Waiting", f"{standing.waiting:,}{doubt}"
    whom = [*standing.writes_for, *(["everybody else"] if standing.account.fallback else [])]
    yield "Writes for", ", ".join(whom) or "whoever is told to by a workflow"
    yield from _learnt(standing.account)


def _access(standing: Standing) -> Iterator[tuple[str, str]]:
    account = standing.account
    yield "Sends by", f"{account.host}, port {account.port}, {SECURITY[account.security]}"
    if account.receives:
        security = SECURITY[account.imap_security or "tls"]
        whom = f", as {account.imap_login}" if account.imap_login else ""
        yield "Receives by", f"{account.imap_host}, port {account.imap_port}, {security}{whom}"
    if account.provider:
        yield "Signed in", f"with {providers.BY_KEY[account.provider].title}"
    if account.login:
        yield "Opened by", ", ".join(standing.computers) or "no computer; sign in first"
    if standing.minutes is not None:
        yield "Checked", ago(standing.minutes)
    if standing.read is not None:
        yield "Mail read", ago(standing.read)


def _learnt(account: Account) -> Iterator[tuple[str, str]]:
    yield "If an answer is lost", JOURNALS.get(account.journal or "", "A person is asked")
    if account.keeps_id is False:
        yield "Message ids", "The server gives its own; ours is in another header"
    if account.sent_lag:
        yield "Sent folder", f"{account.sent_lag} s behind"
