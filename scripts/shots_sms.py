"""What the pictures show of text messages: two gateways, what came in, and how one is set up."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from rally_desktop.model.ref import Ref
from rally_desktop.model.store import Store
from rally_desktop.outside.secrets import Vault
from rally_desktop.outside.sms.base import Incoming
from rally_desktop.outside.sms.gateways import KINDS
from rally_desktop.services import contacts, mail_accounts, sms_accounts, sms_received
from rally_desktop.services.sms_accounts import Draft, Rules
from rally_desktop.ui.pages.sms_setup_forms import GatewayForm
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.sms_counter import SmsCounter

WIDTH = 620
NUMBER, STRANGER = "+441632960001", "+441632960007"
EMOJI = "See you at nine 😀"
PHONE = Draft(
    "android", "Front desk phone", "+441632960000", "http://192.168.1.20:8080", "sms", "shown",
    "shown", Rules(inside=True, help="Hill Dental, 020 7946 0000"),
)  # fmt: skip
TWILIO = Draft("twilio", "Reminders", "+441632960100", "", "AC1", "shown", rules=Rules(polls=True))


class _Pocket:
    name = "a pocket"
    key: bytes | None = None

    def read(self) -> bytes | None:
        return self.key

    def write(self, key: bytes) -> None:
        self.key = key


def fill(store: Store) -> None:
    """Add two gateways; somebody answers, somebody leaves, somebody is unknown."""
    vault = Vault(_Pocket(), "Front desk")
    number = store.write(sms_accounts.save, PHONE, vault)
    store.write(sms_accounts.save, TWILIO, vault)
    phone = store.read(mail_accounts.one, number)
    ana = store.read(contacts.with_email, "ana@example.com") or Ref("contact", 1)
    store.write(contacts.update, ana, {"mobile": NUMBER})
    for name, who, text in (
        ("a", NUMBER, "Yes, nine is fine"), ("b", NUMBER, "STOP"),
        ("c", STRANGER, "Are you open on Saturday?"),
    ):  # fmt: skip
        store.write(sms_received.take, phone, [Incoming(name, who, "", text)])


def parts(theme: Theme) -> Iterator[tuple[str, QFrame]]:
    """Yield what each kind of gateway is to be told, and how a text is counted."""
    for key in KINDS:
        yield f"sms_{key}", _framed(GatewayForm(key))
    counter = SmsCounter()
    counter.count(EMOJI)
    yield "sms_counter", _framed(counter)


def _framed(part: QWidget) -> QFrame:
    panel = QFrame()
    panel.setObjectName("panel")
    column = QVBoxLayout(panel)
    column.setContentsMargins(24, 20, 24, 20)
    column.addWidget(part)
    return panel
