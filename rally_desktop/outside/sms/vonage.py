"""Vonage's way of text messages: its SMS interface, its reports, and how it signs."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode, urljoin, urlsplit

from rally_desktop.core import sms
from rally_desktop.core.errors import Refused, SendFailed
from rally_desktop.core.webhook import Reply, Webhook
from rally_desktop.outside.http import Request
from rally_desktop.outside.sms import base
from rally_desktop.outside.sms.base import Incoming, Piece, Place, Receipt, Status, Text, Told

URL = "https://rest.nexmo.com"
REPORTS = "https://api.nexmo.com"
# Its codes: what is to be tried later, what is about us, what broke down in the middle.
_LATER, _OURS, _BROKEN = frozenset("1"), frozenset({"4", "8", "9", "11", "14", "15", "32"}), "5"
_STATES: Mapping[str, str] = {
    "delivered": "delivered", "failed": "failed", "rejected": "failed", "expired": "failed",
}  # fmt: skip
_WAYS = {"md5": hashlib.md5, "sha1": hashlib.sha1, "sha256": hashlib.sha256,
         "sha512": hashlib.sha512}  # fmt: skip
_GONE = ("3", "9")  # a subscriber who is absent for good, an illegal number
_ASKEW = timedelta(minutes=10)
_OLDEST = timedelta(days=2)  # how old what it signed may be: it tries again for a day
_MOST_PAGES, MOST_PARTS = 10, 40


@dataclass(frozen=True)
class Vonage:
    """One account: ``login`` is its key; ``signing`` its signature secret, another one."""

    place: Place
    now: Callable[[], datetime]
    title: ClassVar = "Vonage"

    async def send(self, text: Text, before: base.BeforeDot) -> Receipt:
        """Hand a message over, under our own name for it."""
        form = {
            "api_key": self.place.login, "api_secret": self.place.secret,
            "from": text.sender.lstrip("+"), "to": text.number.lstrip("+"), "text": text.text,
            "client-ref": text.reference,
        }  # fmt: skip
        if not sms.parts(text.text).plain:
            form["type"] = "unicode"
        if self.place.callback:
            form["callback"] = self.place.callback
        body, head = urlencode(form).encode(), (("Content-Type", base.FORM),)
        request = Request("POST", f"{self.place.url}/sms/json", head, body, base.SECONDS)
        answer = await base.hand_over(request, self.place, before)
        made = base.decoded(answer)
        if error := base.judge(answer, self.now()):
            raise error
        return self._receipt(made)

    def _receipt(self, made: Any) -> Receipt:
        """Read what became of each part; one that went out makes the message sent."""
        found = base.at(made, "messages")
        parts = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
        if not parts:
            raise SendFailed("Vonage's answer names no message.", after_dot=True)
        taken = [one for one in parts if str(one.get("status")) == "0"]
        if not taken:
            raise _refusal(parts[0])
        lost = f", {len(parts) - len(taken)} parts were refused" if len(taken) < len(parts) else ""
        number = str(taken[0].get("message-id", ""))
        return Receipt(f"accepted, {number}{lost}", number)

    async def find(self, text: Text, since: datetime, known: Collection[str]) -> str | None:
        """Look for a message by our own name for it."""
        start = since - _ASKEW
        try:
            entries = [
                entry
                async for entry in self._records("outbound", start, to=text.number.lstrip("+"))
            ]
        except SendFailed:
            return None
        ours = (entry for entry in entries if _ref(entry) == text.reference)
        return next((str(entry.get("message_id") or _ref(entry)) for entry in ours), "")

    async def poll(self, since: datetime, waiting: Sequence[str]) -> Sequence[Told]:
        """Read the reports: what came in, and what became of what went out."""
        told: list[Told] = []
        with suppress(base.ReadInPart):
            async for entry in self._records("inbound", since):
                told += _came_in(entry)
        with suppress(base.ReadInPart):
            async for entry in self._records("outbound", since):
                number, code = str(entry.get("message_id", "")), str(entry.get("error_code") or "")
                told += _status(number, _ref(entry), str(entry.get("status", "")), code)
        return told

    async def check(self) -> str:
        """Return what is left of the account's money; raise SendFailed."""
        keys = urlencode({"api_key": self.place.login, "api_secret": self.place.secret})
        url = f"{self.place.url}/account/get-balance?{keys}"
        answer = await base.ask(Request("GET", url), self.place)
        if error := base.judge(answer, self.now()):
            raise error
        value = base.at(base.decoded(answer), "value")
        return f"{value:.2f} EUR left" if isinstance(value, (int, float)) else ""

    def verify(self, request: Webhook) -> None:
        """Compare its signature over the sorted fields, and how old it is."""
        form = base.form_of(request)
        given, secret = form.pop("sig", ""), self.place.signing.encode()
        said = "".join(f"&{name}={_bare(form[name])}" for name in sorted(form)).encode()
        way = str(self.place.options.get("signed_by") or "sha256")
        made = (
            hashlib.md5(said + secret, usedforsecurity=False).hexdigest()
            if way == "md5hash"
            else hmac.new(secret, said, _WAYS.get(way, hashlib.sha256)).hexdigest()
        )
        same = hmac.compare_digest(made.encode(), given.lower().encode("utf-8", "replace"))
        if not secret or not same or not self._is_fresh(form.get("timestamp", "")):
            raise Refused("That was not signed by Vonage.")

    def _is_fresh(self, written: str) -> bool:
        try:
            signed = datetime.fromtimestamp(int(written), UTC)
        except (ValueError, OverflowError, OSError):
            return False
        return abs(self.now() - signed) < _OLDEST

    def read(self, request: Webhook) -> Sequence[Told]:
        """Read a message that came in, or what became of one."""
        form = base.form_of(request)
        number = form.get("messageId") or form.get("message-id", "")
        if not number:
            raise Refused("That request names no message.")
        if "status" in form:
            code = form.get("err-code", "")
            return _status(number, form.get("client-ref", ""), form["status"], code)
        return [
            Incoming(
                number, _plus(form.get("msisdn", "")), _plus(form.get("to", "")),
                form.get("text", ""), _moment(form.get("message-timestamp", "")),
                piece=_piece(form),
            )
        ]  # fmt: skip

    def answer(self) -> Reply:
        """Say that it was understood."""
        return Reply(200)

    async def _records(
        self, direction: str, since: datetime, **more: str
    ) -> AsyncIterator[Mapping[str, Any]]:
        """Yield the entries of the reports, page by page; raise where there are more than that."""
        end = self.now() + timedelta(minutes=1)
        asked = {
            "account_id": self.place.login, "product": "SMS", "direction": direction,
            "date_start": f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "date_end": f"{end.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "include_message": "true", **more,
        }  # fmt: skip
        start = str(self.place.options.get("reports") or REPORTS)
        url = f"{start}/v2/reports/records?{urlencode(asked)}"
        for _ in range(_MOST_PAGES):
            answer = await base.ask(Request("GET", url, (self.place.basic,)), self.place)
            if error := base.judge(answer, self.now()):
                raise error
            made = base.decoded(answer)
            found = base.at(made, "records")
            if not isinstance(found, list):
                raise SendFailed("Vonage's reports cannot be read.", account=True)
            for entry in found:
                if isinstance(entry, dict):
                    yield entry
            further = base.at(made, "_links.next.href")
            if not further:
                return
            url = urljoin(url, str(further))
            if urlsplit(url).netloc != urlsplit(start).netloc:
                break
        raise base.ReadInPart("Vonage's reports are longer than was read.", account=True)


def _refusal(part: Mapping[str, Any]) -> SendFailed:
    code, text = str(part.get("status", "")), str(part.get("error-text") or "refused")
    said = f"{text} ({code})"
    if code in _LATER:
        return SendFailed(said, account=True)
    if code in _OURS:
        return SendFailed(said, permanent=True, account=True)
    return SendFailed(said, after_dot=code == _BROKEN, permanent=code != _BROKEN)


def _came_in(entry: Mapping[str, Any]) -> Iterator[Told]:
    number, text = str(entry.get("message_id", "")), entry.get("message_body")
    if number and isinstance(text, str):
        who, to = _plus(str(entry.get("from", ""))), _plus(str(entry.get("to", "")))
        yield Incoming(number, who, to, text, _moment(str(entry.get("date_received", ""))))


def _piece(form: Mapping[str, str]) -> Piece | None:
    """Return which part of a long message one is: Vonage tells each of them by itself."""
    whole, place, count = (form.get(f"concat-{name}", "") for name in ("ref", "part", "total"))
    if form.get("concat") != "true" or not (place.isdecimal() and count.isdecimal()):
        return None
    return Piece(whole, int(place), int(count)) if 1 < int(count) <= MOST_PARTS else None


def _status(number: str, reference: str, state: str, code: str) -> list[Told]:
    known = _STATES.get(state)
    if known == "delivered":
        return [Status(number, reference, "delivered")]
    if known == "failed":
        how = "gone" if code in _GONE else "failed"
        said = f"{state}, error {code}" if code not in ("", "0") else state
        return [Status(number, reference, how, said)]
    return []


def _ref(entry: Mapping[str, Any]) -> str:
    return str(entry.get("client_ref") or "")


def _bare(value: str) -> str:
    return value.replace("&", "_").replace("=", "_")


def _plus(number: str) -> str:
    return f"+{number}" if number.isdecimal() and len(number) > 6 else number


def _moment(written: str) -> datetime | None:
    try:
        made = datetime.fromisoformat(written.strip())
    except ValueError:
        return None
    return made.replace(tzinfo=made.tzinfo or UTC).astimezone(UTC)
