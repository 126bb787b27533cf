"""What every way of sending a message has in common: the letter, the account, the carrier."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

Security = Literal["tls", "starttls", "none"]
BeforeDot = Callable[[], Awaitable[None]]


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


@dataclass(frozen=True)
class Letter:
    """One message to one person, as it was decided; nothing about how it travels.

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


@dataclass(frozen=True)
class Envelope:
    """A letter ready for the wire: who it is from, who gets it, and its bytes (CRLF lines)."""

    sender: str
    recipient: str
    data: bytes


@dataclass(frozen=True)
class Account:
    """Where an office's mail is handed over, and as whom.

    ``login`` is empty where the server asks for none. Security ``none`` is for servers on
    this computer only, and never carries a password.
    """

    host: str
    port: int
    security: Security = "tls"
    login: str = ""
    password: str = ""

    def __repr__(self) -> str:
        """Say all but the password."""
        who = f"{self.login}@" if self.login else ""
        return f"Account({who}{self.host}:{self.port}, {self.security})"


class Carrier(Protocol):
    """One account's open connection; it hands one letter over at a time."""

    async def check(self) -> None:
        """Connect and log in, or raise SendFailed: what «Test connection» does."""
        ...

    async def hand_over(self, letter: Letter, before_dot: BeforeDot) -> str:
        """Hand a letter over and return the server's answer.

        ``before_dot`` is awaited when all but the final dot is with the server; if it raises,
        the dot is not sent and nothing was delivered. Raises SendFailed.
        """
        ...

    async def close(self) -> None:
        """Take leave of the server; a later letter connects again."""
        ...
