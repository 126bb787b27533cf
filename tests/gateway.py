"""Gateways of text messages on this computer: one in memory, and one that is really asked."""

from __future__ import annotations

import base64
import json
import socket
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from rally_desktop.core.message import Letter
from rally_desktop.model.changes import RowAdded
from rally_desktop.model.work import Work
from rally_desktop.outside.mail.base import BeforeDot
from tests.web_server import ANSWER, WebServer


class Phone:
    """Takes SMS over as a gateway would, and keeps number and text."""

    def __init__(self) -> None:
        self.texts: list[tuple[str, str]] = []

    async def check(self) -> None:
        """Find everything in order."""

    async def hand_over(self, letter: Letter, before_dot: BeforeDot) -> str:
        """Keep one."""
        await before_dot()
        self.texts.append((letter.recipient.address, letter.text))
        return "accepted"

    async def close(self) -> None:
        """Have nothing to take leave of."""


def add_gateway(work: Work) -> None:
    """Add an account to send SMS from that is in memory alone."""
    row = {
        "id": work.new_id("mail_account"), "name": "Hill Dental", "channel": "sms",
        "address": "+441632960000", "host": "memory", "port": 25, "security": "none",
        "hourly_limit": 0,
    }  # fmt: skip
    work.change(RowAdded("mail_account", row))


@dataclass
class Asked:
    """One request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: str

    @property
    def form(self) -> dict[str, str]:
        """Return the fields of a form, or of the address."""
        return dict(parse_qsl(self.body or urlsplit(self.path).query))

    @property
    def login(self) -> str:
        """Return user and password."""
        said = self.headers.get("authorization", "").removeprefix("Basic ")
        return base64.b64decode(said).decode()


@dataclass
class Kept:
    """A message that the gateway took."""

    id: str
    number: str
    text: str
    reference: str = ""
    status: str = "sent"
    at: datetime | None = None


@dataclass
class Lines:
    """What a gateway took, in the order in which it did; and what people wrote to it."""

    kept: list[Kept] = field(default_factory=list)
    came_in: list[Kept] = field(default_factory=list)


class SmsServer(WebServer):
    """Speaks as Twilio, Vonage, the Android app and others do, and hangs up where it is told to.

    ``hear`` and ``say`` are after how many bytes of the next message it is asked to send it hangs
    up: of the request, or of its answer. ``refusal`` is what it answers instead.
    """

    def __init__(self, now: Any) -> None:
        super().__init__(self._react)
        self.now = now
        self.lines = Lines()
        self.asked: list[Asked] = []
        self.hear: int | None = None
        self.say: int | None = None
        self.refusal: tuple[int, bytes, bytes] | None = None
        self.quiet = False  # the log answers nothing
        self.further: str | None = None  # where a log says that it goes on
        self.answered = 0  # bytes of the last answer

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Return number and text of what was taken."""
        return [(one.number, one.text) for one in self.lines.kept]

    def _read(self, link: socket.socket) -> bytes:
        if self.hear is None:
            return super()._read(link)
        left, self.hear = self.hear, None
        link.settimeout(5)
        while left > 0 and (more := link.recv(left)):
            left -= len(more)
        return b""

    def _react(self, link: socket.socket, raw: bytes) -> None:
        head, _, body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        method, path, _ = first.split(" ")
        pairs = (line.partition(": ") for line in lines)
        headers = {name.lower(): value for name, _, value in pairs}
        asked = Asked(method, path, headers, body.decode())
        self.asked.append(asked)
        status, said, further = self._answer_to(asked)
        wire = ANSWER % (status, len(said), further, said)
        self.answered = len(wire)
        if method == "POST" and self.say is not None:
            wire, self.say = wire[: self.say], None
        link.sendall(wire)

    def _answer_to(self, asked: Asked) -> tuple[int, bytes, bytes]:
        if asked.method == "GET":
            return self._look(asked)
        if self.refusal is not None:
            refusal, self.refusal = self.refusal, None
            return refusal
        if asked.path.endswith("/Messages.json"):
            return self._twilio(asked.form)
        if asked.path == "/sms/json":
            return self._vonage(asked.form)
        made = json.loads(asked.body)
        if asked.path == "/message":
            return self._android(made)
        kept = self._keep(made["to"], made["text"], made.get("reference", ""))
        return 200, json.dumps({"result": [{"id": kept.id}]}).encode(), b""

    def _keep(self, number: str, text: str, reference: str = "") -> Kept:
        name = f"SM{len(self.lines.kept) + 1:032}"
        kept = Kept(name, number, text, reference, at=self.now())
        self.lines.kept.append(kept)
        return kept

    def _twilio(self, form: dict[str, str]) -> tuple[int, bytes, bytes]:
        kept = self._keep(form["To"], form["Body"])
        return 201, json.dumps({"sid": kept.id, "status": "queued"}).encode(), b""

    def _vonage(self, form: dict[str, str]) -> tuple[int, bytes, bytes]:
        kept = self._keep(f"+{form['to']}", form["text"], form["client-ref"])
        part = {"status": "0", "message-id": kept.id, "to": form["to"]}
        return 200, json.dumps({"message-count": "1", "messages": [part]}).encode(), b""

    def _android(self, made: dict[str, Any]) -> tuple[int, bytes, bytes]:
        if any(one.reference == made["id"] for one in self.lines.kept):
            return 409, b'{"message": "It is there already."}', b""
        self._keep(made["phoneNumbers"][0], made["textMessage"]["text"], made["id"])
        return 202, json.dumps({"id": made["id"], "state": "Pending"}).encode(), b""

    # -- what can be asked -------------------------------------------------------------------

    def _look(self, asked: Asked) -> tuple[int, bytes, bytes]:
        if self.quiet:
            return 500, b"", b""
        path = urlsplit(asked.path).path
        if path.endswith("/Messages.json"):
            wanted = asked.form.get("To", "")
            sent = [_in_twilio(one, "outbound-api") for one in self.lines.kept]
            came = [_in_twilio(one, "inbound") for one in self.lines.came_in]
            found = [one for one in sent + came if wanted in ("", one["to"])]
            return 200, json.dumps({"messages": found, "next_page_uri": self.further}).encode(), b""
        if path.endswith("/records"):
            return self._records(asked.form)
        if path.startswith("/message/"):
            name = path.rpartition("/")[2]
            found = [one for one in self.lines.kept if one.reference == name]
            state = {"sent": "Sent", "delivered": "Delivered", "failed": "Failed"}
            if not found:
                return 404, b"{}", b""
            return 200, json.dumps({"id": name, "state": state[found[0].status]}).encode(), b""
        return 200, b'{"friendly_name": "Hill Dental", "value": 12.5}', b""

    def _records(self, form: dict[str, str]) -> tuple[int, bytes, bytes]:
        outbound = form["direction"] == "outbound"
        kept = self.lines.kept if outbound else self.lines.came_in
        found = [
            {
                "message_id": one.id, "client_ref": one.reference, "status": one.status,
                "from": one.number.lstrip("+"), "to": one.number.lstrip("+"),
                "message_body": one.text,
            }
            for one in kept
        ]  # fmt: skip
        links = {"next": {"href": self.further}} if self.further else {}
        return 200, json.dumps({"records": found, "_links": links}).encode(), b""


def _in_twilio(one: Kept, direction: str) -> dict[str, Any]:
    inbound = direction == "inbound"
    return {
        "sid": one.id, "body": one.text, "status": one.status, "direction": direction,
        "from": one.number if inbound else "+441632960000",
        "to": "+441632960000" if inbound else one.number,
        "date_created": format_datetime(one.at) if one.at else None, "error_code": None,
    }  # fmt: skip
