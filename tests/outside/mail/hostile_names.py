"""Names, subjects and headers that would add a header or a recipient, if anything let them."""

from __future__ import annotations

import random
from email import message_from_bytes
from email.policy import compat32
from email.utils import parseaddr

from rally_desktop.core.errors import SendFailed
from rally_desktop.core.message import Copy, Mailbox
from rally_desktop.outside.mail import header, letter
from tests import mail_server

PLANNED = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version"]
BODY = ["Content-Type", "Content-Transfer-Encoding"]
CONTROLS = [*map(chr, [*range(0x20), *range(0x7F, 0xA0)]), "\u2028", "\u2029", "\ud800", "\udfff"]

# What was tried on purpose: every line end in every place, folded lines, encoded words that
# decode to line ends, half-closed quotes, comments, addresses in names, names in addresses.
BREAKS = [
    *(f"{c}Bcc: evil@example.com" for c in CONTROLS),
    *(f"{c} folded{c}\tBcc: evil@example.com" for c in CONTROLS),
    "\r\n\r\nBcc: evil@example.com",
]
TRICKS = [
    "=?utf-8?q?=0D=0ABcc:_evil@example.com?=",
    "=?utf-8?b?DQpCY2M6IGV2aWxAZXhhbXBsZS5jb20=?=",
    '" <evil@example.com>, "',
    '\\" <evil@example.com>, \\"',
    "<evil@example.com>",
    "evil@example.com,",
    "(Bcc: evil@example.com",
    ";:,.@[]<>()\"\\'",
    "Group: evil@example.com;",
    "\u202eevil",
    "é" * 300,
    "x" * 3000,
    "a " * 2000,
]


def hostile(seed):
    """Make one hostile name out of the tricks above and ordinary pieces."""
    chance = random.Random(seed)
    pieces = [*TRICKS, "Ana", "Ruiz", "Jörg", "小林", "🙂", " ", "'", '"', "\\", "=?", "?="]
    pieces += [chance.choice(BREAKS)] * chance.randint(0, 8)
    return "".join(chance.choice(pieces) for _ in range(chance.randint(1, 5)))


def tried(seeds, monkeypatch, *, cleaning):
    """Build a letter with each name at one of five places; return how many were not refused.

    Each is read as the plainest of readers would, and must have the planned headers and nobody
    but the planned recipient. Without ``cleaning`` the first defence is taken away.
    """
    if not cleaning:
        for module in (header, letter):
            monkeypatch.setattr(module, "clean_header", lambda value, what="": value)
    built = 0
    for seed in seeds:
        name, place = hostile(seed), seed % 5
        copies = (Copy("cc", Mailbox("ben@example.org", name)),) if place == 4 else ()
        made = mail_server.letter(
            recipient=Mailbox("ana@example.org", name if place == 0 else "Ana"),
            sender=Mailbox("office@example.com", name if place == 1 else "Office"),
            subject=name if place == 2 else "Hello",
            headers=(("X-Rally-Key", name if place == 3 else "1"),),
            copies=copies,
        )
        try:
            envelope = letter.build(made)
        except (SendFailed, UnicodeEncodeError):
            continue
        built += 1
        message = message_from_bytes(envelope.data, policy=compat32)
        copied = ["Cc"] if copies else []
        assert message.keys() == [*PLANNED[:2], *copied, *PLANNED[2:], "X-Rally-Key", *BODY], seed
        assert parseaddr(message["To"].replace("\r\n", ""))[1] == "ana@example.org", seed
        others = ("ben@example.org",) if copies else ()
        assert (envelope.recipient, envelope.others) == ("ana@example.org", others), seed
        assert max(map(len, envelope.data.split(b"\r\n"))) <= 998, seed
    return built
