"""What every gateway of text messages has in common: what goes out, comes in, and becomes of it."""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Any, ClassVar, Literal, Protocol
from urllib.parse import parse_qsl

import msgspec

from rally_desktop.core.errors import Refused, SendFailed
from rally_desktop.core.webhook import Reply, Webhook
from rally_desktop.outside import http
from rally_desktop.outside.http import Answer, Request, RequestFailed
from rally_desktop.outside.mail.base import BeforeDot, Receipt

Form = Mapping[str, str]
LONGEST_WAIT = timedelta(days=1)
FORM = "application/x-www-form-urlencoded"
SECONDS = 30.0


@dataclass(frozen=True)
class Place:
    """Where a gateway is, as whom it is asked, and what only it has to be told.

    ``inside`` says that its server may stand in the office's own network. ``signing`` is what it
    signs its webhooks with; ``callback`` where it is to tell what became of a message.
    """

    url: str
    login: str = ""
    secret: str = field(default="", repr=False)
    signing: str = field(default="", repr=False)
    sender: str = ""
    callback: str = ""
    inside: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def basic(self) -> tuple[str, str]:
        """Return the header by which one says who one is."""
        said = base64.b64encode(f"{self.login}:{self.secret}".encode()).decode()
        return "Authorization", f"Basic {said}"


@dataclass(frozen=True)
class Text:
    """One message that goes out; ``reference`` is our own name for it, the same at each try."""

    reference: str
    sender: str
    number: str
    text: str


@dataclass(frozen=True)
class Piece:
    """Which part of a long message something is: the name of all, its place, how many there are."""

    whole: str
    place: int
    count: int


@dataclass(frozen=True)
class Incoming:
    """A message that came in, or a ``piece`` of one.

    ``handled`` says that the gateway has answered a wish by itself.
    """

    id: str
    sender: str
    to: str
    text: str
    at: datetime | None = None
    handled: bool = False
    piece: Piece | None = None


@dataclass(frozen=True)
class Status:
    """What became of a message that was sent: by the gateway's name for it, or by ours.

    Where it is ``gone`` no message will arrive: there is no such number, or none that takes any.
    """

    id: str
    reference: str
    state: Literal["delivered", "failed", "gone"]
    said: str = ""


Told = Incoming | Status


class Gateway(Protocol):
    """What a gateway can do; ``title`` is what people call it."""

    title: ClassVar[str]

    async def send(self, text: Text, before: BeforeDot) -> Receipt:
        """Hand a message over; raise SendFailed. ``before`` is awaited right before that."""
        ...

    async def find(self, text: Text, since: datetime, known: Collection[str]) -> str | None:
        """Return what the gateway's log calls a message, an empty text where it has none.

        None where that cannot be told. ``known`` are the gateway's names of other messages of ours.
        """
        ...

    async def poll(self, since: datetime, waiting: Sequence[str]) -> Sequence[Told]:
        """Return what came in, and what became of what went out; raise SendFailed.

        ``waiting`` are the gateway's names of messages of which that is not known.
        """
        ...

    async def check(self) -> str:
        """Ask whether it lets us in, and return what it says of the account; raise SendFailed."""
        ...

    def verify(self, request: Webhook) -> None:
        """Raise Refused where a request is not the gateway's."""
        ...

    def read(self, request: Webhook) -> Sequence[Told]:
        """Return what a request that was verified tells; raise Refused where it is none."""
        ...

    def answer(self) -> Reply:
        """Return what the gateway wants to hear when it was understood."""
        ...


def reference_of(message_id: str) -> str:
    """Return our name for a message, as short as every gateway takes it."""
    return sha256(message_id.encode()).hexdigest()[:32]


class ReadInPart(SendFailed):
    """A log is longer than what was read of it: what was not found may be there all the same."""


async def ask(request: Request, place: Place) -> Answer:
    """Ask a gateway for something that changes nothing; raise SendFailed."""
    try:
        return await http.ask(request, _allowed(request.url, place))
    except RequestFailed as error:
        raise SendFailed(str(error), permanent=error.permanent, account=True) from error


async def hand_over(request: Request, place: Place, before: BeforeDot) -> Answer:
    """Ask a gateway to send; whoever may have been heard and did not answer leaves a doubt."""
    await before()
    try:
        answer = await http.ask(request, _allowed(request.url, place))
    except RequestFailed as error:
        raise SendFailed(
            str(error), permanent=error.permanent, after_dot=error.lost, account=not error.lost
        ) from error
    if answer.cut:
        raise SendFailed("The gateway's answer is endless.", after_dot=True)
    return answer


def _allowed(url: str, place: Place) -> frozenset[str]:
    """Return the server by name where it may stand in the network, or nothing."""
    _, host, port, _ = http.place_of(url)
    return frozenset({f"{host}:{port}"}) if place.inside else frozenset()


def judge(answer: Answer, now: datetime, said: str = "") -> SendFailed | None:
    """Return what an answer that is no success means; None where it is one.

    Only where a server says that it did not act is a message tried again: one that broke down
    in the middle may have sent it.
    """
    status, why = answer.status, said or f"The gateway answered {answer.status}."
    if 200 <= status < 300:
        return None
    if status in (429, 503):
        return SendFailed(why, account=True, wait=wait_of(answer, now))
    if status in (401, 403):
        return SendFailed(f"The gateway does not let us in. {why}", permanent=True, account=True)
    if 300 <= status < 400 or status in (404, 405, 410):
        return SendFailed(
            f"That is not the address of the gateway. {why}", permanent=True, account=True
        )
    if status >= 500 or status == 408:
        return SendFailed(f"The gateway broke off. {why}", after_dot=True)
    return SendFailed(why, permanent=True)


def wait_of(answer: Answer, now: datetime) -> timedelta | None:
    """Return how long a server wants to be left alone; None where it does not say."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdecimal():
        return min(timedelta(seconds=int(said[:9])), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    if until.tzinfo is None:
        return None
    return min(max(until - now, timedelta(0)), LONGEST_WAIT)


def decoded(answer: Answer) -> Any:
    """Return an answer as JSON; None where it is none."""
    return json_of(answer.body)


def json_of(body: bytes) -> Any:
    """Return bytes as JSON; None where they are none."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def form_of(request: Webhook) -> dict[str, str]:
    """Return the fields of a request, sent as a form or as JSON; raise Refused."""
    if "json" in request.headers.get("content-type", ""):
        made = json_of(request.body)
        if isinstance(made, dict):
            return {str(name): "" if value is None else str(value) for name, value in made.items()}
    else:
        try:
            pairs = parse_qsl(request.body.decode(), keep_blank_values=True, max_num_fields=200)
        except ValueError:
            pairs = []
        if pairs:
            return dict(pairs)
    raise Refused("That request says nothing.")


def at(made: Any, path: str) -> Any:
    """Return the value at a path in JSON, as ``messages.0.id``; None where there is none."""
    for name in filter(None, path.split(".")):
        if isinstance(made, dict):
            made = made.get(name)
        elif isinstance(made, list) and name.isdecimal() and int(name) < len(made):
            made = made[int(name)]
        else:
            return None
    return made
