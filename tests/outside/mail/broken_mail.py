"""Mail that was damaged on the way, or made to do damage: the corpus, mutated by a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from rally_desktop.outside.mail.arrived import Arrived, content, read
from rally_desktop.outside.mail.automatic import judge
from rally_desktop.outside.mail.bounces import bounced
from rally_desktop.outside.mail.quotes import own_text, split, split_html
from rally_desktop.outside.mail.wishes import asks_to_stop

CORPUS = Path(__file__).parent / "corpus"
_PIECES = (
    b"\0",
    b"\r",
    b"\r\n",
    b"\n\n",
    b"\xff\xfe",
    b"\xc3",
    b"\x80" * 40,
    b":",
    b";",
    b'"',
    b"<",
    b">",
    b"(" * 60,
    b"=?utf-8?b?",
    b"=?x?q?=ff?=",
    b"=?iso-2022-jp?B?GyRC?=",
    b"?=",
    b"=" * 30,
    b"Content-Type: multipart/mixed; boundary=x\n\n--x\n",
    b"--x--\n",
    b"--=_report\n",
    b"Content-Type: message/rfc822\n\n",
    b"Content-Transfer-Encoding: base64\n",
    b"Content-Type: text/plain; charset=utf-16\n",
    b"Content-Type: text/plain; charset=unicode_escape\n",
    b"Content-Type: text/html; charset*0*=''x; name*1=y\n",
    b"Content-Transfer-Encoding: x-uuencode\n",
    b"begin 644 a.txt\n#86)C\nend\n",
    b"Date: Tue, 99 Feb 0000 25:61:61 +9999\n",
    b"Date: \n",
    b"From: (((a@b\n",
    b"From: =?utf-8?q?a=40b=2Ec?=\n",
    b"Message-ID: <a b\tc@d>\n",
    b" \t \n",
    b"Subject: " + b"x" * 5_000 + b"\n",
    b"References: " + b"<a@b> " * 300 + b"\n",
    b"<!--",
    b"<a b='",
    b"<div class=gmail_quote>" * 20,
    b"<blockquote>",
    b"&#x110000;",
    b"> " * 50,
    b"On " * 100,
    b"31.02.2026 ",
    b"0000-00-00 ",
    b"until 7 ",
    b"99/99/9999",
    b"\xe2\x80\xae",
    b"format=flowed; delsp=yes",
)


def damaged(seed: int, count: int) -> Iterator[bytes]:
    """Yield so many messages, the same for the same seed."""
    chance = random.Random(seed)
    whole = [path.read_bytes() for path in sorted(CORPUS.glob("*/*.eml"))]
    ways: tuple[Callable[[random.Random, bytes], bytes], ...] = (
        _cut, _flip, _insert, _insert, _double, _swap_lines, _drop_lines, _fold,
    )  # fmt: skip
    for _ in range(count):
        data = chance.choice(whole)
        for _ in range(chance.randint(1, 6)):
            data = chance.choice(ways)(chance, data)
        if chance.random() < 0.1:
            data += chance.choice(whole)[chance.randrange(200) :]
        yield data


def judge_all(data: bytes) -> Arrived:
    """Do with a message all that is done with mail that arrives."""
    arrived = read(data)
    bounced(arrived)
    own = own_text(arrived)
    judge(arrived, own, date(2026, 7, 14))
    asks_to_stop(arrived, own)
    split(arrived.text)
    split_html(arrived.html)
    for attachment in arrived.attachments[:5]:
        content(data, attachment)
    return arrived


def _cut(chance: random.Random, data: bytes) -> bytes:
    start = chance.randrange(len(data) + 1) if chance.random() < 0.3 else 0
    return data[start : chance.randrange(start, len(data) + 1)]


def _flip(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 20) if changed else 0):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _insert(chance: random.Random, data: bytes) -> bytes:
    place = chance.randrange(len(data) + 1)
    if chance.random() < 0.5:
        place = data.find(b"\n", place) + 1
    return data[:place] + chance.choice(_PIECES) + data[place:]


def _double(chance: random.Random, data: bytes) -> bytes:
    start = chance.randrange(len(data) + 1)
    end = min(len(data), start + chance.randint(1, 300))
    return data[:end] + data[start:end] * chance.randint(1, 8) + data[end:]


def _swap_lines(chance: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _drop_lines(chance: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    return b"\n".join(line for line in lines if chance.random() > 0.08)


def _fold(chance: random.Random, data: bytes) -> bytes:
    return data.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\r", b"\n ", b"\n\n")))


def hostile() -> dict[str, bytes]:
    """Return messages that take for ever where somebody reads them carelessly."""
    levels = (f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(5_000))
    answer = b"Auto-Submitted: auto-replied\n"
    server = b"From: mailer-daemon@example.com\nSubject: failure notice\n"
    return {
        "nested": "".join(levels).encode(),
        "messages": b"Content-Type: message/rfc822\n\n" * 5_000,
        "digests": b"Content-Type: multipart/digest; boundary=b\n\n" + b"--b\n\n" * 9_000,
        "parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 100_000,
        "dashes": b"Content-Type: multipart/mixed; boundary=-\n\n" + b"-" * 25_000_000,
        "empty lines": b"Subject: x\n\n" + b"\n" * 2**20,
        "quotes": b"Subject: x\n\n" + b">\n" * 2**20,
        "wrote": b"Subject: x\n\n" + b"On 1\n" * 200_000,
        "copies": b"Subject: x\n\n" + b"From: a\n" * 100_000,
        "html": b"Content-Type: text/html\n\n" + b"<a " * 200_000,
        "classes": b"Content-Type: text/html\n\n" + (b"<div " + b"class= " * 150 + b">") * 500,
        "open quotes": b"Content-Type: text/html\n\n" + b"<div class=gmail_quote>" * 20_000,
        "blockquotes": b"Content-Type: text/html\n\n" + b"<blockquote>" * 40_000,
        "flowed": b"Content-Type: text/plain; format=flowed\n\n" + b"> a \n" * 200_000,
        "addresses": server + b"\n" + b"a@b.example.org " * 60_000,
        "at signs": server + b"\n" + b"@" * 2**20,
        "ids": server + b"\n" + b"Message-ID: <" * 80_000,
        "reports": b"Content-Type: message/delivery-status\n\n" + b"Action: failed\n\n" * 40_000,
        "days": answer + b"\n" + b"1.8. until back " * 300,
        "spaces": answer + b"\n" + b"until " + b" " * 4_000 + b"back " * 500,
        "comments": b"To: " + b"(" * 60_000 + b"\nFrom: " + b"<" * 60_000 + b"\n\n",
        "groups": b"To: " + b"a:;" * 20_000 + b"\nCc: " + b'"a\\"' * 16_000 + b"\n\n",
        "words": b"Subject: " + b"=?utf-8?q?" + b"=" * 60_000 + b"?=\n\n",
        "folds": b"Subject: a\n" + b" =?utf-8?b?4?=\n" * 100_000 + b"\n",
        "headers": b"X-A: b\n" * 200_000,
        "one header": b"Subject: " + b"x" * 5_000_000,
        "parameters": b"Content-Type: text/plain" + b';"' * 2_000 + b"\n\nx",
        "uuencode": b"Subject: x\n\n" + b"begin 644 a\n#86)C\nend\n" * 20_000,
        "signed": b"Subject: x\n\n" + b"-----BEGIN PGP SIGNED MESSAGE-----\nA: b\n" * 20_000,
        "shifts": b"Content-Type: text/plain; charset=iso-2022-jp\n\n" + b"\x1b$B" * 200_000,
    }
