"""The servers of an account and how one signs in there: found, shown, and all of it changeable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.outside.mail.base import Security
from rally_desktop.outside.mail.discovery import Found
from rally_desktop.outside.mail.providers import Provider, Server
from rally_desktop.ui.pages.workflow_rows import explained
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.calm import calm
from rally_desktop.ui.widgets.plain_label import PlainLabel

KINDS = (("TLS", "tls"), ("STARTTLS", "starttls"), ("None", "none"))
UNSAFE = "Only for a server on this computer: never with a password."
USUAL: Mapping[str, Mapping[str, int]] = {
    "smtp": {"tls": 465, "starttls": 587, "none": 25},
    "imap": {"tls": 993, "starttls": 143, "none": 143},
}
APART = "Incoming mail has a sign-in of its own"
SAME = "the same"
OR = "Or type an app password below."
ELSEWHERE = (
    "Look twice: {hosts} belongs to another domain than the address. Your password would be told "
    "to it. Go on only if you know that your mail is there."
)
GUESSED = "Nobody publishes these servers; they answer and are encrypted. Compare them with what "
GUESSED += "your provider says."


class ServerLine(QWidget):
    """One server: its name, its port, and how it is secured."""

    changed = Signal()

    def __init__(self, kind: str, says: str) -> None:
        super().__init__()
        self._kind = kind
        self.host = QLineEdit(placeholderText=f"{kind}.example.com")
        self.port = QSpinBox(minimum=1, maximum=65_535, value=USUAL[kind]["tls"])
        self.security = QComboBox()
        for words, value in KINDS:
            self.security.addItem(words, value)
        self.security.setItemData(len(KINDS) - 1, UNSAFE, Qt.ItemDataRole.ToolTipRole)
        for box, name in ((self.host, ""), (self.port, ", port"), (self.security, ", security")):
            box.setAccessibleName(says + name)
        calm(self.security)
        calm(self.port)
        self.setMinimumHeight(self.security.sizeHint().height() + 2)
        self.port.setFixedWidth(84)
        self.security.setFixedWidth(116)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.host, 1)
        row.addWidget(self.port)
        row.addWidget(self.security)
        self.host.textChanged.connect(self.changed)
        self.security.activated.connect(self._suit)

    def fill(self, server: Server | None) -> None:
        """Show a server; without one the line is empty."""
        self.host.setText(server.host if server else "")
        self.port.setValue(server.port if server else USUAL[self._kind]["tls"])
        security = server.security if server else "tls"
        self.security.setCurrentIndex(self.security.findData(security))

    def read(self) -> Server | None:
        """Return the server; None where no name is typed."""
        host = self.host.text().strip().lower()
        security = cast(Security, self.security.currentData())
        return Server(host, self.port.value(), security) if host else None

    def _suit(self) -> None:
        """Offer the port that is usual for the security, unless another one was typed."""
        usual = USUAL[self._kind]
        if self.port.value() in usual.values():
            self.port.setValue(usual[self.security.currentData()])
        self.changed.emit()


class Servers(QWidget):
    """``signing_in`` is heard when somebody wants to sign in with the provider."""

    signing_in = Signal()
    registering = Signal()
    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._provider: Provider | None = None
        self._apart: list[tuple[QWidget, QWidget]] = []
        self.source = explained("")
        self.warning = PlainLabel("", "body")
        self.warning.set_tone("warn")
        self.warning.setWordWrap(True)
        self.out = ServerLine("smtp", "Outgoing mail")
        self.into = ServerLine("imap", "Incoming mail")
        self.login = QLineEdit()
        self.password = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.apart = QCheckBox(APART)
        self.imap_login = QLineEdit(placeholderText=SAME)
        self.imap_password = QLineEdit(placeholderText=SAME, echoMode=QLineEdit.EchoMode.Password)
        self.hint = explained("")
        self.consent = button(theme, "Sign in", "log-in", "primary")
        self.client = button(theme, "Client ID…", "key-round")
        self.consent_line = explained("")
        self.consent_box = self._consent_box()
        self._build()
        for line in (self.out, self.into):
            line.changed.connect(self.changed)
        for box in (self.login, self.password):
            box.textChanged.connect(self.changed)
        self.apart.toggled.connect(self._show_apart)
        self.consent.clicked.connect(self.signing_in)
        self.client.clicked.connect(self.registering)

    def show_found(self, found: Found, *, registered: bool) -> None:
        """Show what was found, and what a person should look at."""
        provider = self._provider = found.provider
        self.source.setText(found.source)
        hosts = " and ".join(found.elsewhere)
        warning = ELSEWHERE.format(hosts=hosts) if hosts else ("" if found.sure else GUESSED)
        self.warning.setText(warning)
        self.warning.setVisible(bool(warning))
        self.out.fill(found.smtp)
        self.into.fill(found.imap)
        self.login.setText(found.login)
        self.apart.setVisible(provider is None or self.apart.isChecked())
        self.hint.setText(provider.password_hint if provider else "")
        self.hint.setVisible(bool(self.hint.text()))
        self.show_registered(registered)

    def show_registered(self, registered: bool) -> None:
        """Offer to sign in where the provider wants that and the office is registered there."""
        provider = self._provider
        consent = provider.consent if provider else None
        self.consent_box.setVisible(consent is not None)
        if provider is None or consent is None:
            return
        self.consent.setText(f" Sign in with {provider.title}")
        self.consent.setAccessibleName(f"Sign in with {provider.title}")
        self.consent.setVisible(registered)
        said = (
            "The browser opens, and nobody types a password here."
            if registered
            else f"To sign in with {provider.title} the office needs a client ID of its own, once: "
            f"{consent.console}."
        )
        self.consent_line.setText(f"{said} {OR}" if provider.takes_passwords else said)

    def show_apart(self, login: str) -> None:
        """Show the user name of incoming mail, where it is another one."""
        self.imap_login.setText(login)
        self.apart.setChecked(bool(login))

    def read_apart(self) -> tuple[str, str]:
        """Return the user name and the password of incoming mail; what is empty is the same."""
        login = self.imap_login.text().strip()
        other = login if login != self.login.text().strip() else ""
        return (other, self.imap_password.text()) if self.apart.isChecked() else ("", "")

    def begin(self) -> None:
        """Put the cursor where one goes on: to sign in, or to the password."""
        box = self.consent_box
        signs_in = not box.isHidden() and not self.consent.isHidden()
        (self.consent if signs_in else self.password).setFocus()

    @property
    def provider(self) -> Provider | None:
        """Return whose servers these are, as far as they were not changed."""
        whom = self._provider
        same = whom and self.out.read() == whom.smtp and self.into.read() in (None, whom.imap)
        return whom if same else None

    def ready(self) -> bool:
        """Say whether enough is typed to try a password."""
        out = self.out.read()
        open_ = out is not None and out.security == "none" and not self.login.text().strip()
        return out is not None and (open_ or bool(self.login.text() and self.password.text()))

    def _show_apart(self, apart: bool) -> None:
        for label, box in self._apart:
            label.setVisible(apart)
            box.setVisible(apart)
        if apart and self.apart.hasFocus():
            self.imap_login.setFocus()

    def _consent_box(self) -> QFrame:
        box = QFrame(objectName="card")
        column = QVBoxLayout(box)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.consent)
        row.addWidget(self.client)
        row.addStretch(1)
        column.addWidget(self.consent_line)
        column.addLayout(row)
        return box

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        rows = (
            ("Outgoing (SMTP)", self.out), ("Incoming (IMAP)", self.into),
            ("User name", self.login), ("Password", self.password), ("", self.apart),
            ("User name (IMAP)", self.imap_login), ("Password (IMAP)", self.imap_password),
        )  # fmt: skip
        for place, (words, field) in enumerate(rows):
            label = PlainLabel(words, "sub")
            label.setBuddy(field)
            grid.addWidget(label, place, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(field, place, 1)
            if isinstance(field, QLineEdit):
                field.setAccessibleName(words)
            if field in (self.imap_login, self.imap_password):
                self._apart.append((label, field))
        self._show_apart(apart=False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.source)
        column.addWidget(self.warning)
        column.addWidget(self.consent_box)
        column.addLayout(grid)
        column.addWidget(self.hint)
        column.addStretch(1)
