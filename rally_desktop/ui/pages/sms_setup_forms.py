"""What each kind of gateway is to be told when it is set up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.outside.sms.gateways import KINDS
from rally_desktop.outside.sms.generic import Options
from rally_desktop.services import sms_accounts
from rally_desktop.services.mail_accounts import Account
from rally_desktop.services.sms_accounts import Draft, Rules
from rally_desktop.ui.pages.workflow_rows import choices, choose, named, under
from rally_desktop.ui.widgets.plain_label import PlainLabel

KEEP = "As it was"
FIELDS_HELP = (
    "{{ number }}, {{ digits }} (without +), {{ text }}, {{ id }}, {{ sender }} and {{ secret }} "
    "are filled in."
)
PLACE_HELP = "A path such as result.0.id, or an expression between slashes: /id=(\\w+)/"
METHODS = (("POST", "POST"), ("PUT", "PUT"), ("GET", "GET"))
BODIES = (("JSON", "json"), ("Form", "form"), ("Plain text", "text"), ("Nothing", "nothing"))
SIGNED = (
    ("SHA-256 HMAC", "sha256"), ("SHA-512 HMAC", "sha512"), ("SHA-1 HMAC", "sha1"),
    ("MD5 HMAC", "md5"), ("MD5 hash", "md5hash"),
)  # fmt: skip
Placed = Sequence[tuple[str, QWidget, str]]


class GatewayForm(QWidget):
    """The fields of one kind; ``changed`` is heard while one types."""

    changed = Signal()

    def __init__(self, key: str) -> None:
        super().__init__()
        self.kind = KINDS[key]
        self._rules = Rules()
        self.url = _line("Address")
        self.login, self.secret = _line(self.kind.login), _line(self.kind.secret, hidden=True)
        self.signing = _line(self.kind.signing or "Signing", hidden=True)
        self.inside = QCheckBox("This server may stand in the office’s own network")
        self.inside.setChecked(key == "android")  # a phone on the office's own wireless network
        self.options = OptionFields() if key == "generic" else None
        self.signed_by = choices(SIGNED, "Signs by") if key == "vonage" else None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for label, field, help_ in self._rows():
            column.addWidget(named(label, field, help_))
            if isinstance(field, QLineEdit):
                field.textChanged.connect(lambda _: self.changed.emit())
        if key in ("android", "generic"):
            helps = "Requests to private addresses are refused otherwise. Only this one is allowed."
            column.addWidget(under(self.inside, helps))
        if self.options is not None:
            column.addWidget(self.options)

    def _rows(self) -> Placed:
        key = self.kind.key
        where = {
            "android": ("Address", self.url, "What the app shows: http://192.168.1.20:8080"),
            "generic": ("Address", self.url, f"Where a message is handed over. {FIELDS_HELP}"),
        }
        rows: list[tuple[str, QWidget, str]] = [where[key]] if key in where else []
        optional = " (if it asks for one)" if key == "generic" else ""
        rows.append((self.kind.login + optional, self.login, _LOGIN_HELP.get(key, "")))
        rows.append((self.kind.secret + optional, self.secret, _SECRET_HELP))
        if self.kind.signing:
            rows.append((f"{self.kind.signing} (for answers)", self.signing, _SIGNS_HELP[key]))
        if self.signed_by is not None:
            rows.append(("Signs by", self.signed_by, "As its dashboard says."))
        return rows

    def fill(self, account: Account) -> None:
        """Show a gateway that is there already; its secrets stay unless others are typed."""
        draft = sms_accounts.draft_of(account)
        self._rules = draft.rules
        self.url.setText(draft.url)
        self.login.setText(draft.login)
        for field in (self.secret, self.signing):
            field.setPlaceholderText(KEEP)
        self.inside.setChecked(draft.rules.inside)
        if self.options is not None:
            self.options.fill(draft.rules.asks)
        if self.signed_by is not None:
            choose(self.signed_by, str(draft.rules.asks.get("signed_by") or "sha256"))

    def read(self, name: str, sender: str) -> Draft:
        """Return what was typed."""
        url = self.url.text().strip()
        asks = self._rules.asks
        if self.options is not None:
            asks = self.options.read()
        if self.signed_by is not None:
            asks = {**asks, "signed_by": self.signed_by.currentData()}
        inside = self.inside.isChecked()
        rules = msgspec.structs.replace(self._rules, inside=inside, asks=asks)
        return Draft(
            self.kind.key, name, sender, url, self.login.text().strip(), self.secret.text(),
            self.signing.text(), rules,
        )  # fmt: skip

    def ready(self, *, known: bool) -> bool:
        """Say whether enough was typed; what is ``known`` already need not be typed again."""
        wants = [self.url] if self.kind.key in ("android", "generic") else []
        if self.kind.key != "generic":
            wants += [self.login, *([] if known else [self.secret])]
        return all(field.text().strip() for field in wants)


class OptionFields(QWidget):
    """How a gateway of another kind is asked, and how what it says is read."""

    def __init__(self) -> None:
        super().__init__()
        self.method = choices(METHODS, "Method")
        self.headers = _lines("Headers", 2)
        self.body = choices(BODIES, "Sends")
        self.content = _lines("Content", 4)
        places = (
            "id_at", "error_at", "status_url", "state_at", "delivered", "failed", "from_at",
            "text_at", "in_id_at", "in_state_at",
        )  # fmt: skip
        self.lines = {name: _line(_TITLES[name][0]) for name in places}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(PlainLabel("How a message is sent", "title"))
        column.addWidget(named("Method", self.method))
        column.addWidget(named("Headers", self.headers, "One a line: X-Api-Key: {{ secret }}"))
        column.addWidget(named("Sends", self.body))
        column.addWidget(named("Content", self.content, "Of a form one ‘name: value’ a line."))
        for name, field in self.lines.items():
            title, help_, heading = _TITLES[name]
            if heading:
                column.addWidget(PlainLabel(heading, "title"))
            column.addWidget(named(title, field, help_))
        self.fill({})

    def fill(self, asks: dict[str, Any]) -> None:
        """Show how it is asked."""
        made = msgspec.convert(asks, Options)
        choose(self.method, made.method)
        choose(self.body, made.body)
        self.headers.setPlainText(made.headers)
        self.content.setPlainText(made.content)
        for name, field in self.lines.items():
            field.setText(getattr(made, name))

    def read(self) -> dict[str, Any]:
        """Return what was typed."""
        return {
            "method": self.method.currentData(), "body": self.body.currentData(),
            "headers": self.headers.toPlainText().strip(),
            "content": self.content.toPlainText().strip(),
            **{name: field.text().strip() for name, field in self.lines.items()},
        }  # fmt: skip


_LOGIN_HELP = {"twilio": "Begins with AC; it stands on the first page of the Twilio console."}
_SECRET_HELP = "Kept sealed on this computer, and told to this server alone."
_SIGNS_HELP = {
    "vonage": "By it webhooks are known to be Vonage’s. Without it answers are not believed.",
    "android": "The app has it under Settings, Webhooks. Without it answers are not believed.",
    "generic": "The gateway calls our address with ?token= and this word, or as a bearer token.",
}
# Title, help and the heading that begins with it.
_TITLES = {
    "id_at": ("Id of the message", PLACE_HELP, "What it answers"),
    "error_at": ("Error", "Where the answer says what went wrong, though it is 200 OK.", ""),
    "status_url": (
        "Address for the status", "At the same server, with {{ id }}, asked every minute.",
        "What became of it",
    ),
    "state_at": ("Status", "Where that answer says what became of it.", ""),
    "delivered": ("Means delivered", "Words, with commas between them.", ""),
    "failed": ("Means not delivered", "", ""),
    "from_at": ("Number", "Where its request names who wrote.", "What it tells us"),
    "text_at": ("Text", "", ""),
    "in_id_at": ("Id", "", ""),
    "in_state_at": ("Status", "Where its request says what became of ours.", ""),
}  # fmt: skip


def _line(says: str, *, hidden: bool = False) -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(says)
    if hidden:
        made.setEchoMode(QLineEdit.EchoMode.Password)
    return made


def _lines(says: str, count: int) -> QPlainTextEdit:
    made = QPlainTextEdit(tabChangesFocus=True)
    made.setAccessibleName(says)
    made.setFixedHeight(made.fontMetrics().lineSpacing() * count + 24)
    return made
