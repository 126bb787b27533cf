"""Receiving: how many messages a second are read from a mailbox, judged and written down.

Half of them are replies of contacts, half of strangers; each has a text with a quotation and an
HTML part. The server is on this computer, in the same process. Yardstick: ``imaplib`` fetching the
same messages one by one, which the standard library parses, and nothing is done with them. Then the
mailbox is numbered anew, and everything in it is recognised.
"""

from __future__ import annotations

import asyncio
import imaplib
import tempfile
import time
from email import message_from_bytes
from email.message import EmailMessage
from typing import Any

from rally_desktop.core.clock import SystemClock
from rally_desktop.engine.receiving import Receiving
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.outside.mail.imap import Place
from rally_desktop.services import contacts, mail_accounts, office
from rally_desktop.services.mail_accounts import Account
from tests.mailbox_server import serving

# A second; what reading and judging take is all but the whole of it, see «judging».
GOAL_READ, GOAL_KNOWN = 100.0, 1_000.0
_TEXT = "Yes, gladly: Tuesday at ten would suit us.\n" * 8
_QUOTED = "\nOn Mon, 1 Jun 2026 at 10:00, Office wrote:\n" + "> It was good to meet you.\n" * 12
_HTML = "<html><body>" + "<p>Yes, gladly: Tuesday at ten would suit us.</p>\n" * 30


def run(quick: bool) -> list[dict[str, Any]]:
    """Receive a mailbox twice and return a row for each figure."""
    count = 500 if quick else 5_000
    with serving() as server, tempfile.TemporaryDirectory() as folder:
        now = SystemClock().now()
        for number in range(count):
            server.inbox.add(_letter(number), at=now)
        store = Store.open(f"sqlite:///{folder}/office.rally", SystemClock())
        store.write(office.found)
        store.write(_furnish, server.port, count)
        plain = count / _seconds(lambda: _by_imaplib(server.port))
        ours = count / _seconds(lambda: _receive(store))
        server.inbox.number_anew()
        again = count / _seconds(lambda: _receive(store))
        store.close()
    return [
        _row("messages received a second", ours, plain, GOAL_READ),
        _row("messages recognised a second, numbered anew", again, plain, GOAL_KNOWN),
    ]


def _row(measure: str, ours: float, plain: float, goal: float) -> dict[str, Any]:
    figures = {"measure": measure, "ours": ours, "yardstick": plain, "ratio": ours / plain}
    return {**figures, "goal": goal, "holds": ours >= goal}


def _seconds(done: Any) -> float:
    began = time.perf_counter()
    done()
    return time.perf_counter() - began


def _letter(number: int) -> bytes:
    made = EmailMessage()
    made["From"] = f"Zoë {number} <zoe{number}@example.org>"
    made["To"], made["Subject"] = "hello@example.com", f"Re: Good to meet you ({number})"
    made["Message-ID"], made["Date"] = f"<{number}@example.org>", "Tue, 02 Jun 2026 09:00:00 +0000"
    made.set_content(_TEXT + _QUOTED)
    made.add_alternative(_HTML, subtype="html")
    return made.as_bytes()


def _furnish(work: Work, port: int, count: int) -> None:
    mail_accounts.add(
        work, "Office", "hello@example.com", host="127.0.0.1", port=25, security="none",
        login="hello", imap_host="127.0.0.1", imap_port=port, imap_security="none",
    )  # fmt: skip
    for number in range(0, count, 2):
        contacts.create(work, {"first_name": "Zoë", "email": f"zoe{number}@example.org"})


def _place(account: Account) -> Place:
    return Place("127.0.0.1", account.imap_port or 0, "none", account.login, "secret")


def _receive(store: Store) -> None:
    (account,) = store.read(mail_accounts.accounts)
    asyncio.run(Receiving(store, _place).look(account))


def _by_imaplib(port: int) -> None:
    client = imaplib.IMAP4("127.0.0.1", port)
    client.login("hello", "secret")
    client.select("INBOX", readonly=True)
    found = client.uid("SEARCH", "1:1000000 UID 1:*")[1][0]
    for number in found.split():
        said = client.uid("FETCH", number.decode(), "(UID BODY.PEEK[]<0.1000000>)")[1]
        message_from_bytes(said[0][1]).get_payload()
    client.logout()
