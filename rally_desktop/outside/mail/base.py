"""What every way of sending a message has in common: the envelope, the account, the carrier."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from rally_desktop.core import texts
from rally_desktop.core.message import Letter

LONGEST_NAME = 300  # characters that are kept of what a server calls a message
Security = Literal["tls", "starttls", "none"]
BeforeDot = Callable[[], Awaitable[None]]
# Returns a token that stands for a password (RFC 6749); asked once more with the token that a
# server did not take, another one. Raises SendFailed where somebody has to sign in again.
Token = Callable[[str], Awaitable[str]]


@dataclass(frozen=True)
class Envelope:
    """A letter ready for the wire: who it is from, who gets it, and its bytes (CRLF lines).

    ``others`` get it too.
    """

    sender: str
    recipient: str
    data: bytes
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Account:
    """Where an office's mail is handed over, and as whom.

    ``login`` is empty where the server asks for none. Security ``none`` is for servers on
    this computer only, and never carries a password. ``copy_to`` gets a blind copy of all mail.
    With a ``token`` there is no password: somebody signed in with the provider.
    """

    host: str
    port: int
    security: Security = "tls"
    login: str = ""
    password: str = ""
    copy_to: str = ""
    token: Token | None = None

    def __repr__(self) -> str:
        """Say all but the password."""
        who = f"{self.login}@" if self.login else ""
        return f"Account({who}{self.host}:{self.port}, {self.security})"


class Receipt(str):
    """A server's answer in words, and its own name for the message, as far as it can be kept."""

    id: str

    def __new__(cls, said: str, number: str) -> Receipt:
        """Keep both."""
        made = super().__new__(cls, said)
        made.id = texts.mended(number)[:LONGEST_NAME]
        return made


class Carrier(Protocol):
    """One account's open connection; it hands one letter over at a time."""

    async def check(self) -> None:
        """Connect and log in, or raise SendFailed: what «Test connection» does."""
        ...

    async def hand_over(self, letter: Letter, before_dot: BeforeDot) -> str:
        """Hand a letter over and return the server's answer, a Receipt where it names the message.

        ``before_dot`` is awaited when all but the final dot is with the server; if it raises,
        the dot is not sent and nothing was delivered. Raises SendFailed.
        """
        ...

    async def close(self) -> None:
        """Take leave of the server; a later letter connects again."""
        ...


class Journal(Protocol):
    """Where copies of an account's mail are kept; ``name`` says where to a person."""

    @property
    def name(self) -> str:
        """Return what people call the place."""
        ...

    async def holds(self, message_id: str) -> bool | None:
        """Say whether a message is there; None where that cannot be told at the moment."""
        ...

    def called(self, message_id: str) -> str:
        """Return the place's own name for a message that is there; empty where it has none."""
        ...

    async def close(self) -> None:
        """Take leave; a later question connects again."""
        ...
