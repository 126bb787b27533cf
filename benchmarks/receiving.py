"""Receiving: how many messages a second are read from a mailbox, judged and written down.

Half of them are replies of contacts, half of strangers; each has a text with a quotation and an
HTML part. The server is on this computer, in a process of its own. Yardsticks, over the same
mailbox in the same run: ``imaplib`` fetching the messages one by one, and in sets as large as ours;
the standard library parses them, and nothing is done with them. Then the mailbox is numbered anew,
and everything in it is recognised.
"""

from __future__ import annotations

import asyncio
import imaplib
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from multiprocessing.connection import Connection
from typing import Any

from rally_desktop.core.clock import SystemClock
from rally_desktop.engine.receiving import Receiving
from rally_desktop.engine.receiving_look import MESSAGES
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.outside.mail.imap import Place
from rally_desktop.services import contacts, mail_accounts, office
from rally_desktop.services.mail_accounts import Account
from tests.mailbox_server import serving

# A second; what reading and judging take is all but the whole of it, see «judging».
GOAL_READ, GOAL_KNOWN = 500.0, 1_000.0
_TEXT = "Yes, gladly: Tuesday at ten would suit us.\n" * 8
_QUOTED = "\nOn Mon, 1 Jun 2026 at 10:00, Office wrote:\n" + "> It was good to meet you.\n" * 12
_HTML = "<html><body>" + "<p>Yes, gladly: Tuesday at ten would suit us.</p>\n" * 30


def run(quick: bool) -> list[dict[str, Any]]:
    """Receive a mailbox twice and return a row for each figure."""
    count = 500 if quick else 5_000
    with _server(count) as (port, number_anew), tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/office.rally", SystemClock())
        store.write(office.found)
        store.write(_furnish, port, count)
        singly = count / _seconds(lambda: _by_imaplib(port, 1))
        in_sets = count / _seconds(lambda: _by_imaplib(port, MESSAGES))
        ours = count / _seconds(lambda: _receive(store))
        number_anew()
        again = count / _seconds(lambda: _receive(store))
        store.close()
    return [
        _row("messages received a second, beside imaplib one by one", ours, singly, GOAL_READ),
        _row("messages received a second, beside imaplib in sets", ours, in_sets, GOAL_READ),
        _row("messages recognised a second, numbered anew", again, in_sets, GOAL_KNOWN),
    ]


def _row(measure: str, ours: float, plain: float, goal: float) -> dict[str, Any]:
    figures = {"measure": measure, "ours": ours, "yardstick": plain, "ratio": ours / plain}
    return {**figures, "goal": goal, "holds": ours >= goal}


def _seconds(done: Callable[[], None]) -> float:
    began = time.perf_counter()
    done()
    return time.perf_counter() - began


@contextmanager
def _server(count: int) -> Iterator[tuple[int, Callable[[], None]]]:
    """Run a server with so many messages; give its port, and a way to number them anew."""
    spawning = multiprocessing.get_context("spawn")
    here, there = spawning.Pipe()
    process = spawning.Process(target=_serve, args=(count, SystemClock().now(), there))
    process.start()

    def number_anew() -> None:
        here.send("anew")
        here.recv()

    try:
        yield here.recv(), number_anew
    finally:
        here.send("")
        process.join()


def _serve(count: int, now: datetime, line: Connection) -> None:
    with serving() as server:
        for number in range(count):
            server.inbox.add(_letter(number), at=now)
        line.send(server.port)
        while line.recv():
            server.inbox.number_anew()
            line.send("done")


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


def _by_imaplib(port: int, size: int) -> None:
    client = imaplib.IMAP4("127.0.0.1", port)
    client.login("hello", "secret")
    client.select("INBOX", readonly=True)
    found = client.uid("SEARCH", "1:1000000 UID 1:*")[1][0].split()
    for start in range(0, len(found), size):
        some = b",".join(found[start : start + size]).decode()
        said = client.uid("FETCH", some, "(UID BODY.PEEK[]<0.1000000>)")[1]
        for one in said:
            if isinstance(one, tuple):
                message_from_bytes(one[1]).get_payload()
    client.logout()
