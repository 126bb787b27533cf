"""A telephone with the app ‘SMS Gateway for Android’ (1.40 or later), in the office’s own network.

The telephone keeps what it was given under our name for it and refuses a second message of that
name: so it can be asked whether it has one, and nothing goes out twice.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from urllib.parse import quote

import msgspec

from rally_desktop.core.errors import Refused, SendFailed
from rally_desktop.core.webhook import Reply, Webhook
from rally_desktop.outside.http import Request
from rally_desktop.outside.sms import base
from rally_desktop.outside.sms.base import Incoming, Place, Receipt, Status, Text, Told

_JSON = ("Content-Type", "application/json")
_TAKEN = 409
_OLDEST = timedelta(days=2)  # the app tries again for as long


@dataclass(frozen=True)
class Android:
    """One telephone: ``login`` and ``secret`` are those the app shows on its first page."""

    place: Place
    now: Callable[[], datetime]
    title: ClassVar = "the telephone"

    async def send(self, text: Text, before: base.BeforeDot) -> Receipt:
        """Hand a message over, under our own name for it."""
        said = {
            "id": text.reference, "textMessage": {"text": text.text},
            "phoneNumbers": [text.number], "withDeliveryReport": True,
        }  # fmt: skip
        body, head = msgspec.json.encode(said), (self.place.basic, _JSON)
        request = Request("POST", f"{self.place.url}/message", head, body, base.SECONDS)
        answer = await base.hand_over(request, self.place, before)
        if answer.status == _TAKEN:
            return Receipt("it has the message already", text.reference)
        made = base.decoded(answer)
        why = base.at(made, "message")
        if error := base.judge(answer, self.now(), why if isinstance(why, str) else ""):
            raise error
        return Receipt(f"{base.at(made, 'state') or 'accepted'}", text.reference)

    async def find(self, text: Text, since: datetime, known: Collection[str]) -> str | None:
        """Ask the telephone for the message by its name."""
        try:
            answer = await self._look_up(text.reference)
        except SendFailed:
            return None
        return {200: text.reference, 404: ""}.get(answer.status)

    async def poll(self, since: datetime, waiting: Sequence[str]) -> Sequence[Told]:
        """Ask what became of messages, by their names; what comes in is told by webhook alone."""
        told: list[Told] = []
        for number in waiting:
            answer = await self._look_up(number)
            if answer.status == 404:
                continue
            if error := base.judge(answer, self.now()):
                raise error
            made = base.decoded(answer)
            told += _status(number, str(base.at(made, "state")), _why(made))
        return told

    async def check(self) -> str:
        """Raise SendFailed where the telephone is not there or does not let us in."""
        request = Request("GET", f"{self.place.url}/message/rally-desktop", (self.place.basic,))
        answer = await base.ask(request, self.place)
        if answer.status != 404 and (error := base.judge(answer, self.now())):
            raise error
        return ""

    def verify(self, request: Webhook) -> None:
        """Compare its signature over the body and the moment it was signed at."""
        signed_at = request.headers.get("x-timestamp", "")
        secret = self.place.signing.encode()
        made = hmac.digest(secret, request.body + signed_at.encode("utf-8", "replace"), "sha256")
        given = request.headers.get("x-signature", "").lower().encode("utf-8", "replace")
        same = hmac.compare_digest(made.hex().encode(), given)
        if not secret or not same or not self._is_fresh(signed_at):
            raise Refused("That was not signed by the telephone.")

    def _is_fresh(self, written: str) -> bool:
        try:
            signed = datetime.fromtimestamp(int(written), UTC)
        except (ValueError, OverflowError, OSError):
            return False
        return abs(self.now() - signed) < _OLDEST

    def read(self, request: Webhook) -> Sequence[Told]:
        """Read a message that came in, or what became of one."""
        made = base.json_of(request.body)
        event, said = base.at(made, "event"), base.at(made, "payload")
        if not isinstance(said, dict):
            raise Refused("That request says nothing.")
        if event == "sms:received":
            number, to = str(base.at(made, "id") or ""), str(said.get("recipient") or "")
            moment = _moment(str(said.get("receivedAt", "")))
            who, text = str(said.get("phoneNumber", "")), str(said.get("message", ""))
            return [Incoming(number or f"{who} {moment}", who, to, text, moment)]
        state = {"sms:delivered": "Delivered", "sms:failed": "Failed"}.get(str(event), "")
        return _status(str(said.get("messageId", "")), state, str(said.get("reason") or ""))

    def answer(self) -> Reply:
        """Say that it was understood."""
        return Reply(200)

    async def _look_up(self, number: str) -> base.Answer:
        url = f"{self.place.url}/message/{quote(number, safe='')}"
        return await base.ask(Request("GET", url, (self.place.basic,)), self.place)


def _status(number: str, state: str, why: str) -> list[Told]:
    if state == "Delivered":
        return [Status(number, number, "delivered")]
    return [Status(number, number, "failed", why)] if state == "Failed" else []


def _why(made: object) -> str:
    return str(base.at(made, "recipients.0.error") or "")


def _moment(written: str) -> datetime | None:
    try:
        made = datetime.fromisoformat(written)
    except ValueError:
        return None
    return made.astimezone(UTC)
