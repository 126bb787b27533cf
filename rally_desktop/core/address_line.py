"""A line of addresses as people type it: «Ana Ruiz <ana@example.com>, ben@example.com; …»."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from rally_desktop.core.message import Mailbox

_PART = re.compile(r'(?:"(?:[^"\\]|\\.)*"|<[^<>]*>|[^",;<>\n]|["<>])+')
_ADDRESS = re.compile(
    r"[^\s@<>\",;:()\[\]\\]{1,64}@[^\s@<>\",;:()\[\]\\]+\.[^\s@<>\",;:.()\[\]\\]{2,}"
)
# Where most people have their mail, and what is typed in their place.
_KNOWN = (
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com",
    "yahoo.com", "yahoo.co.uk", "yahoo.fr", "hotmail.co.uk", "hotmail.fr", "icloud.com", "me.com",
    "aol.com", "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de",
    "orange.fr", "free.fr", "laposte.net", "libero.it", "virgilio.it", "bluewin.ch", "proton.me",
    "protonmail.com", "btinternet.com", "mail.com",
)  # fmt: skip
_ENDINGS = {"con": "com", "cmo": "com", "ocm": "com", "comm": "com", "nte": "net", "ner": "net"}


class Line(NamedTuple):
    """Whom a line names, and what of it is no address."""

    people: tuple[Mailbox, ...]
    wrong: tuple[str, ...] = ()


def read(text: str) -> Line:
    """Return the mailboxes of a line, each address once."""
    people: dict[str, Mailbox] = {}
    wrong = []
    for part in _parts(text):
        box = _mailbox(part)
        if _ADDRESS.fullmatch(box.address) and ".." not in box.address:
            people.setdefault(box.address.casefold(), box)
        else:
            wrong.append(part)
    return Line(tuple(people.values()), tuple(wrong))


def written(people: Collection[Mailbox]) -> str:
    """Return mailboxes as a line that ``read`` understands."""
    return ", ".join(
        f'"{one.name}" <{one.address}>' if re.search(r'[",;<>@]', one.name) else str(one)
        for one in people
    )


def last_part(text: str) -> str:
    """Return what is being typed at the end of a line."""
    return re.split(r"[,;]", text)[-1].strip()


def slip(address: str, near: Collection[str] = ()) -> str:
    """Return what an address was probably meant to be; empty where nothing looks mistyped.

    ``near`` are the domains of people one writes to: one letter beside them is a slip, too.
    """
    local, _, domain = address.rpartition("@")
    typed = domain.lower()
    known = (*(one.lower() for one in near if one), *_KNOWN)
    if typed in known:
        return ""
    meant = next((one for one in known if _is_beside(typed, one)), "")
    if not meant:
        stem, _, ending = typed.rpartition(".")
        meant = f"{stem}.{_ENDINGS[ending]}" if ending in _ENDINGS else ""
    return f"{local}@{meant}" if meant else ""


def _parts(text: str) -> Iterator[str]:
    for found in _PART.finditer(text):
        if part := found[0].strip():
            yield part


def _mailbox(part: str) -> Mailbox:
    box = Mailbox.read(part)
    name = box.name.strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return Mailbox(box.address.removeprefix("mailto:"), name)


def _is_beside(typed: str, known: str) -> bool:
    """Say whether one letter too many, too few, another, or two the other way round part two."""
    if abs(len(typed) - len(known)) > 1 or min(len(typed), len(known)) < 5:
        return False
    first = next((n for n, (a, b) in enumerate(zip(typed, known, strict=False)) if a != b), None)
    if first is None:
        return len(typed) != len(known)
    here, there = typed[first:], known[first:]
    if len(here) == len(there):
        turned = here[:2] == there[1::-1] and here[2:] == there[2:] and len(here) > 1
        return here[1:] == there[1:] or turned
    return here[1:] == there or here == there[1:]
