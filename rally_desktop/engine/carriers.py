"""From an account of the office to the connection that carries its messages."""

from __future__ import annotations

from typing import cast

from rally_desktop.outside.mail.base import Account as Server
from rally_desktop.outside.mail.base import Carrier, Security
from rally_desktop.outside.mail.smtp import SmtpCarrier
from rally_desktop.services.messages import Account


def smtp_carrier(account: Account, password: str = "") -> Carrier:
    """Return a connection to an account's SMTP server; it connects with the first message."""
    security = cast(Security, account.security)
    return SmtpCarrier(Server(account.host, account.port, security, account.login, password))
