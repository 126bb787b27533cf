"""What a mail server's refusal means for the message, and what a person can do about it."""

from __future__ import annotations

import socket
import ssl

from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPConnectResponseError,
    SMTPException,
    SMTPResponseException,
    SMTPTimeoutError,
)

from rally_desktop.core.errors import SendFailed
from rally_desktop.outside.mail import unreached, untrusted
from rally_desktop.outside.mail.base import Account
from rally_desktop.outside.mail.dialogue import Reply

# Replies about us rather than about the person written to (RFC 4954, RFC 5321 section 4.2).
_ABOUT_LOGIN = frozenset((530, 534, 535, 538))
_LONGEST = 300
TLS_PORT = 465


def refused(reply: Reply, stage: str, address: str) -> SendFailed:
    """Return the failure that a reply at ``mail``, ``rcpt``, ``copy``, ``data``, ``dot`` means."""
    said = f"The mail server said: {str(reply)[:_LONGEST]}"
    permanent = reply.code >= 500
    if reply.code == 421:
        return SendFailed(
            f"The mail server is busy or closing; it will be tried again later. {said}",
            account=True,
        )
    if reply.code in _ABOUT_LOGIN:
        return SendFailed(
            f"The mail server wants a login. Check the account’s user name and password. {said}",
            permanent=permanent,
            account=True,
        )
    if stage == "mail":
        what = "does not let this account send" if permanent else "takes no mail at the moment"
        todo = "Check the sender’s address in the account. " if permanent else ""
        text = f"The mail server {what} as ‘{address}’. {todo}{said}"
        return SendFailed(text, permanent=permanent, account=True)
    if stage == "copy":
        text = f"The mail server takes no copies for ‘{address}’. Check the account’s journal. "
        return SendFailed(text + said, permanent=permanent, account=True)
    if permanent:
        what = f"refused ‘{address}’" if stage == "rcpt" else f"refused the message to ‘{address}’"
        todo = "Check the address." if stage == "rcpt" else "Change the text and send it again."
        return SendFailed(f"The mail server {what}. {todo} {said}", permanent=True)
    return SendFailed(
        f"The mail server asked to try ‘{address}’ again later, which happens by itself. {said}"
    )


def lost(account: Account, *, after_dot: bool) -> SendFailed:
    """Return the failure that a connection's end means, before or after the final dot."""
    if after_dot:
        return SendFailed(
            f"The connection to {account.host} ended before it said whether it took the message. "
            "It may have been sent: look into the account’s Sent folder or ask the person, "
            "before sending it again.",
            after_dot=True,
        )
    return SendFailed(
        f"The connection to {account.host} ended before the message was sent. It will be tried "
        "again by itself; if this goes on, check this computer’s connection.",
        account=True,
    )


def too_slow(account: Account, seconds: float, *, after_dot: bool) -> SendFailed:
    """Return the failure that silence means, before or after the final dot."""
    if after_dot:
        return SendFailed(
            f"{account.host} did not say within {seconds:g} seconds whether it took the message. "
            "It may have been sent: look into the account’s Sent folder or ask the person, "
            "before sending it again.",
            after_dot=True,
        )
    return SendFailed(
        f"{account.host} did not answer within {seconds:g} seconds. Check the server’s name and "
        "port, and that this computer is on line.",
        account=True,
    )


def unreachable(account: Account, error: Exception, seconds: float) -> SendFailed:
    """Return the failure that an error while connecting or logging in means."""
    for seen in (error, error.__cause__):
        if isinstance(seen, ssl.SSLError):
            text = untrusted.why(account.host, account.port, account.security, seen, TLS_PORT)
            return SendFailed(text, permanent=True, account=True)
        if isinstance(seen, socket.gaierror):
            return SendFailed(
                f"No mail server called ‘{account.host}’ can be found. Check its name, and that "
                "this computer is on line.",
                account=True,
            )
    if isinstance(error, SMTPResponseException):
        return _answered(account, error)
    if isinstance(error, SMTPTimeoutError):
        return too_slow(account, seconds, after_dot=False)
    if isinstance(error, SMTPException) and not isinstance(error, OSError):
        return _unsupported(account, str(error))
    return SendFailed(unreached.why(account.host, account.port, error), account=True)


def _answered(account: Account, error: SMTPResponseException) -> SendFailed:
    said = f"The mail server said: {error.code} {error.message[:_LONGEST]}"
    permanent = error.code >= 500
    if isinstance(error, SMTPAuthenticationError):
        again = "Sign in again." if account.token else "Enter the user name and password again."
        todo = again if permanent else "It is tried again."
        text = f"{account.host} did not accept the login. {todo} {said}"
    elif isinstance(error, SMTPConnectResponseError):
        text = f"{account.host} takes no mail from this computer at the moment. {said}"
    else:
        text = f"{account.host} cannot be used as it is set up. {said}"
    return SendFailed(text, permanent=permanent, account=True)


def _unsupported(account: Account, said: str) -> SendFailed:
    if "STARTTLS" in said.upper():
        text = (
            f"{account.host} offers no STARTTLS on port {account.port}. Choose TLS (often port "
            "465), or ask the provider; nothing is sent without encryption."
        )
    elif "AUTH" in said.upper():
        text = f"{account.host} asks for no login on port {account.port}. Check server and port."
    else:
        text = f"{account.host} cannot be used as it is set up. ({said[:_LONGEST]})"
    return SendFailed(text, permanent=True, account=True)
