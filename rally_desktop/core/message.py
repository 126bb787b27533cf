"""A message as it was decided: who writes to whom, and what; nothing about how it travels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

# A text says this where its reader is to find the way out of the list; as it goes out, every
# message gets a link of its own instead.
WAY_OUT = "https://unsubscribe.invalid/"


@dataclass(frozen=True)
class Mailbox:
    """A person's address and, where known, the name shown beside it."""

    address: str
    name: str = ""

    def __str__(self) -> str:
        """Say it as ``Ana Ruiz <ana@example.com>``; ``read`` understands that again."""
        return f"{self.name} <{self.address}>" if self.name else self.address

    @classmethod
    def read(cls, text: str) -> Mailbox:
        """Read ``Ana Ruiz <ana@example.com>`` or a bare address, as the outbox keeps them."""
        text = text.strip()
        if not text.endswith(">"):
            return cls(text)
        name, _, address = text[:-1].rpartition("<")
        return cls(address.strip(), name.strip())


class Copy(NamedTuple):
    """Somebody else who gets the very same message, and the line of its head that says so.

    ``line`` is ``to`` or ``cc``, or ``bcc``, which no head says.
    """

    line: str
    mailbox: Mailbox


@dataclass(frozen=True)
class Attached:
    """A file that goes with a message; ``kind`` is its media type."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """One message to one person, as it was decided; nothing about how it travels.

    ``copies`` go to others, in the same breath: either everybody gets it or nobody.

    ``text`` may be empty where ``html`` is not: the plain part is then made from it.
    ``headers`` are further ones, such as ``List-Unsubscribe``. ``date`` is zone-aware.
    """

    message_id: str
    sender: Mailbox
    recipient: Mailbox
    subject: str
    text: str
    date: datetime
    html: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    files: tuple[Attached, ...] = ()
    copies: tuple[Copy, ...] = ()


@dataclass(frozen=True)
class Dress:
    """What a message says as it goes out, with its links, and what its head holds besides."""

    text: str
    html: str
    headers: tuple[tuple[str, str], ...]
