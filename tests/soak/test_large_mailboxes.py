"""A mailbox of 200,000 messages, and messages that are too large, too deep or hardly any."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from rally_desktop.engine import receiving_files
from tests.soak import real_mail
from tests.soak.mail_servers import OURS
from tests.soak.real_mail import number_anew, put, receive

HELLO = OURS[0]
ALL, RECENT = 200_000, 10_000
MEGABYTE = 1024 * 1024


@pytest.fixture
def office(world, servers):
    """An office whose account was set up and never read; Ana is a contact."""
    real_mail.furnish(world, servers)
    world.ana = world.contact("Ana", email="ana@example.org")
    real_mail.set_up(world, servers)
    servers.empty()
    return world


def letter(name, sender="ana@example.org"):
    """A short message."""
    head = f"From: {sender}\r\nTo: {HELLO}\r\nSubject: Letter\r\nMessage-ID: <{name}@example.org>"
    return f"{head}\r\nDate: Tue, 02 Jun 2026 08:00:00 +0000\r\n\r\nYes, gladly.\r\n".encode()


@contextmanager
def measured(say, what, count, megabytes=100):
    """Say how long something takes, and that it takes no more memory than so much."""
    Path("/proc/self/clear_refs").write_text("5")  # begins to look for the most anew
    before, began = memory("VmRSS"), time.perf_counter()
    yield
    took, grown = time.perf_counter() - began, memory("VmHWM") - before
    say(f"{what}: {took:.1f} s, {count / took:,.0f} messages/s, {grown:.0f} MB more memory")
    assert grown < megabytes


def memory(name):
    """Megabytes that this process holds, or held at most."""
    said = Path("/proc/self/status").read_text().partition(f"{name}:")[2]
    return int(said.split()[0]) / 1024


def received(world):
    """How many messages were written down."""
    return world.rows("select count(*) from activity where kind = 'email_received'")[0][0]


def test_two_hundred_thousand_messages(office, servers, say):
    """The last weeks are read, once; numbered anew, nothing is doubled; then only what is new."""
    now = office.clock.now()
    old = ((letter(f"old{n}"), now - timedelta(days=200, seconds=n)) for n in range(ALL - RECENT))
    put(servers, HELLO, old)
    put(servers, HELLO, ((letter(n), now - timedelta(seconds=60 * n)) for n in range(RECENT)))
    with measured(say, "first look", RECENT):
        assert receive(office) == RECENT
    assert received(office) == RECENT
    number_anew(servers, HELLO)
    with measured(say, "numbered anew", RECENT):
        assert receive(office) == 0
    put(servers, HELLO, [(letter("new"), now)])
    with measured(say, "one more", 1):
        assert receive(office) == 1
    assert received(office) == RECENT + 1


def test_eighty_megabytes(office, servers, say):
    """Its text is read, its file is named and fetched, and neither takes all of the memory."""
    made = EmailMessage()
    made["From"], made["Message-ID"] = "ana@example.org", "<large@example.org>"
    made.set_content("The film, at last.")
    made.add_attachment(bytes(40 * MEGABYTE), "video", "mp4", filename="film.mp4")
    made.add_attachment(b"\0\1\2" * MEGABYTE * 6, "image", "png", filename="plan.png")
    put(servers, HELLO, [(made.as_bytes(), office.clock.now()), (letter(1), office.clock.now())])
    del made
    with measured(say, "80 MB", 2, megabytes=30):
        assert receive(office) == 2
    query = "select id, text, files from message where message_id = '<large@example.org>'"
    ((number, text, files),) = office.rows(query)
    assert text.strip() == "The film, at last."
    files = json.loads(files) if isinstance(files, str) else files
    assert [one["name"] for one in files] == ["film.mp4", "plan.png"]
    assert abs(files[0]["size"] - 40 * MEGABYTE) < 10
    fetched = receiving_files.fetch(office.store, number, 1, office.carriers.mailbox)
    assert fetched.data == b"\0\1\2" * MEGABYTE * 6


def nested(levels, filling=b""):
    """A message whose parts lie in each other."""
    head = b"From: ana@example.org\r\nMessage-ID: <deep@example.org>\r\nMIME-Version: 1.0\r\n"
    kind = b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n'
    inside = b"".join(kind % (n, n) for n in range(levels))
    return head + inside + b"Content-Type: text/plain\r\n\r\nYes.\r\n" + filling


@pytest.mark.parametrize("filling", [0, 2 * MEGABYTE])
def test_whatever_comes_the_rest_is_read(office, servers, say, filling):
    """5,000 levels, no headers, nothing at all: each is read, and what comes after it, too."""
    now = office.clock.now()
    odd = [nested(5_000, b"x" * filling), b"no headers at all" + b" x" * filling, b"", b"\n\n"]
    put(servers, HELLO, [(data, now) for data in odd])
    put(servers, HELLO, [(letter("after"), now)])
    with measured(say, "odd ones", 5, megabytes=60):
        assert receive(office) >= 4
    assert received(office) == 2
    assert receive(office) == 0
