"""Mail: how many messages a second are made ready, and handed over on one connection or three.

Yardsticks in the same interleaved run: ``EmailMessage`` of the standard library making the same
message, and ``smtplib`` sending the same bytes to the same server on one connection. The server
is a process of its own that does as little as one can; it answers at once, and then as over a
network, five milliseconds later.
"""

from __future__ import annotations

import asyncio
import smtplib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from benchmarks._office import published
from rally_desktop.core.clock import SystemClock
from rally_desktop.core.message import Letter, Mailbox
from rally_desktop.engine.carriers import smtp_carrier
from rally_desktop.engine.outbox import Outbox
from rally_desktop.model.graph import Step, Trigger
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.outside.mail.base import Account
from rally_desktop.outside.mail.letter import build
from rally_desktop.outside.mail.smtp import SmtpCarrier
from rally_desktop.services import contacts, mail_accounts, messages, office, outbox
from rally_desktop.services.messages import Content, Origin

GOAL_READY = 2500
GOAL_HANDED = 1.0
# Two commits a message are what it costs that none is sent twice; a network hides them.
GOAL_SENT = 1.0
_TRIGGER = Trigger("trigger", "record_created")
_WHERE = {0: "on this computer", 0.005: "over a network (5 ms)"}
_TEXT = "Dear Zoë,\n" + "it was good to meet you, and here is what we spoke about.\n" * 12
_HTML = "<html><body>" + "<p>It was good to meet you, Zoë.</p>\n" * 60 + "</body></html>"
_LETTER = Letter(
    message_id="<run7.step2@example.com>",
    sender=Mailbox("office@example.com", "The office"),
    recipient=Mailbox("zoe@example.org", "Zoë Müller"),
    subject="Good to meet you, Zoë",
    text=_TEXT,
    html=_HTML,
    date=datetime(2026, 6, 2, 12, tzinfo=UTC),
    headers=(("List-Unsubscribe", "<https://example.com/u/7>"),),
)
_SERVER = """
import asyncio, sys
DELAY = float(sys.argv[1])
async def serve(reader, writer):
    loop = asyncio.get_running_loop()
    def say(text):
        if DELAY:
            loop.call_later(DELAY, writer.write, text)
        else:
            writer.write(text)
    say(b'220 here\\r\\n')
    try:
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b'EHLO':
                say(b'250-here\\r\\n250 PIPELINING\\r\\n')
            elif word == b'DATA':
                say(b'354 go on\\r\\n')
                await reader.readuntil(b'\\r\\n.\\r\\n')
                say(b'250 kept\\r\\n')
            elif word == b'QUIT':
                say(b'221 bye\\r\\n')
            else:
                say(b'250 fine\\r\\n')
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    writer.close()
async def main():
    server = await asyncio.start_server(serve, '127.0.0.1', 0, limit=2**24)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


def run(quick: bool) -> list[dict[str, Any]]:
    """Measure both and return a row for each."""
    rounds, count = (3, 100) if quick else (7, 400)
    return [
        _ready(rounds, count),
        _handed_over(rounds, count, 0),
        _handed_over(rounds, count // 4, 0.005),
        _sent_from_outbox(rounds, count // 2, 0),
        _sent_from_outbox(rounds, count // 4, 0.005),
        _sent_from_outbox(rounds, count // 4, 0.005, connections=3),
    ]


def _ready(rounds: int, count: int) -> dict[str, Any]:
    ours, library = [], []
    for _ in range(rounds):
        ours.append(_a_second(lambda: build(_LETTER), count))
        library.append(_a_second(_by_library, count))
    return _row("messages made ready a second", ours, library, f"≥ {GOAL_READY}", GOAL_READY)


def _handed_over(rounds: int, count: int, delay: float) -> dict[str, Any]:
    ours, library = [], []
    with _serving(delay) as port:
        for _ in range(rounds):
            ours.append(asyncio.run(_by_carrier(port, count)))
            library.append(_by_smtplib(port, count))
    row = _row(f"messages handed over a second {_WHERE[delay]}", ours, library, "≥ 1× smtplib", 0)
    return {**row, "holds": row["ratio"] >= GOAL_HANDED}


def _sent_from_outbox(
    rounds: int, count: int, delay: float, connections: int = 1
) -> dict[str, Any]:
    """Send what lies in the outbox, every state kept on disk, as against sending alone."""
    ours, library = [], []
    with _serving(delay) as port:
        for _ in range(rounds):
            ours.append(_by_outbox(port, count, connections))
            library.append(_by_smtplib(port, count))
    how = "" if connections == 1 else f", {connections} connections"
    words = f"messages sent from the outbox a second {_WHERE[delay]}{how}"
    row = _row(words, ours, library, "", 0)
    goal = f"≥ {GOAL_SENT}× smtplib alone"
    return {**row, "goal": goal, "holds": row["ratio"] >= GOAL_SENT}


@contextmanager
def _serving(delay: float) -> Iterator[int]:
    command = [sys.executable, "-c", _SERVER, str(delay)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        yield int(server.stdout.readline())
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


def _row(
    measure: str, ours: list[float], library: list[float], goal: str, least: float
) -> dict[str, Any]:
    mine, theirs = statistics.median(ours), statistics.median(library)
    return {
        "measure": measure,
        "ours": round(mine),
        "yardstick": round(theirs),
        "ratio": round(mine / theirs, 2),
        "goal": goal,
        "holds": mine >= least,
    }


def _a_second(once: Any, count: int) -> float:
    start = time.perf_counter()
    for _ in range(count):
        once()
    return count / (time.perf_counter() - start)


def _by_library() -> bytes:
    message = EmailMessage(policy=SMTP.clone(max_line_length=998))
    message["From"] = f"{_LETTER.sender.name} <{_LETTER.sender.address}>"
    message["To"] = f"{_LETTER.recipient.name} <{_LETTER.recipient.address}>"
    message["Subject"] = _LETTER.subject
    message["Date"] = format_datetime(_LETTER.date)
    message["Message-ID"] = _LETTER.message_id
    message["List-Unsubscribe"] = _LETTER.headers[0][1]
    message.set_content(_LETTER.text)
    message.add_alternative(_LETTER.html, subtype="html")
    return message.as_bytes()


async def _by_carrier(port: int, count: int) -> float:
    """Hand over bytes that are ready, with the mark before the dot."""

    async def mark() -> None:
        return None

    ready = build(_LETTER)
    carrier = SmtpCarrier(Account("127.0.0.1", port, "none"))
    await carrier.deliver(ready, mark)
    start = time.perf_counter()
    for _ in range(count):
        await carrier.deliver(ready, mark)
    seconds = time.perf_counter() - start
    await carrier.close()
    return count / seconds


def _by_outbox(port: int, count: int, connections: int) -> float:
    """Send messages that workflows have decided, from a database of their own."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/office.rally", SystemClock())
        store.write(office.found)
        store.write(_add_account, port, connections)
        workflow_id = published(store, "Letters", _TRIGGER, (Step("end", "end"),))
        store.write(_fill_outbox, workflow_id, count)
        start = time.perf_counter()
        asyncio.run(_empty_outbox(store))
        seconds = time.perf_counter() - start
        sent = store.read(outbox.waiting) == 0
        store.close()
    assert sent, "Messages were left in the outbox."
    return count / seconds


def _add_account(work: Work, port: int, connections: int) -> None:
    access: dict[str, Any] = {"host": "127.0.0.1", "security": "none", "hourly_limit": 0}
    access["connections"] = connections
    mail_accounts.add(work, "The office", _LETTER.sender.address, port=port, **access)


def _fill_outbox(work: Work, workflow_id: int, count: int) -> None:
    (account,) = mail_accounts.accounts(work)
    content = Content(_LETTER.subject, _TEXT, _HTML)
    for number in range(count):
        ref = contacts.create(work, {"first_name": "Zoë", "email": f"zoe{number}@example.org"})
        origin = Origin(workflow_id, number, "mail", 1, work.now)
        messages.queue(work, ref, work.record(ref), account, content, origin)


async def _empty_outbox(store: Store) -> None:
    sending = Outbox(store, smtp_carrier)
    try:
        await sending.send_due()
    finally:
        await sending.close()


def _by_smtplib(port: int, count: int) -> float:
    """Send bytes that are ready by the standard library."""
    ready = build(_LETTER).data
    client = smtplib.SMTP("127.0.0.1", port, local_hostname="here")
    assert client.sock is not None
    client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    client.ehlo()

    def send() -> None:
        client.sendmail(_LETTER.sender.address, [_LETTER.recipient.address], ready)

    send()
    speed = _a_second(send, count)
    client.quit()
    return speed
