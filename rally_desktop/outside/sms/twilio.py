"""Twilio's way of text messages: its REST interface, its log, and how it signs."""

from __future__ import annotations

import base64
import hmac
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar
from urllib.parse import parse_qsl, quote, urlencode, urljoin

from rally_desktop.core.errors import Refused, SendFailed
from rally_desktop.core.webhook import Reply, Webhook
from rally_desktop.outside.http import Request
from rally_desktop.outside.sms import base
from rally_desktop.outside.sms.base import Incoming, Place, Receipt, Status, Text, Told

URL = "https://api.twilio.com"
# Answers that are about us, not about who was written to: the sender, the account, its money.
_OURS = frozenset({20003, 20005, 21212, 21603, 21606, 21611, 21659, 21660, 21661, 30002})
_FAILED = ("failed", "undelivered")
_GONE = ("30005", "30006")  # an unknown handset, a landline
_MOST_PAGES = 10
_ASKEW = timedelta(minutes=2)


@dataclass(frozen=True)
class Twilio:
    """One account: ``login`` is its SID, ``secret`` its token, with which it signs as well."""

    place: Place
    now: Callable[[], datetime]
    title: ClassVar = "Twilio"

    async def send(self, text: Text, before: base.BeforeDot) -> Receipt:
        """Hand a message over; Twilio knows no name of ours, so none is given but by its way."""
        sender = "MessagingServiceSid" if text.sender.startswith("MG") else "From"
        form = {"To": text.number, sender: text.sender, "Body": text.text}
        if self.place.callback:
            form["StatusCallback"] = f"{self.place.callback}?{urlencode({'ref': text.reference})}"
        head = (self.place.basic, ("Content-Type", base.FORM))
        request = Request("POST", self._url(), head, urlencode(form).encode(), base.SECONDS)
        answer = await base.hand_over(request, self.place, before)
        made = base.decoded(answer)
        said = _said(made)
        if isinstance(made, dict) and made.get("code") in _OURS:
            raise SendFailed(said, permanent=True, account=True)
        if error := base.judge(answer, self.now(), said):
            raise error
        number = base.at(made, "sid")
        if not isinstance(number, str) or not number:
            raise SendFailed("Twilio's answer names no message.", after_dot=True)
        return Receipt(f"{base.at(made, 'status') or 'accepted'}, {number}", number)

    async def find(self, text: Text, since: datetime, known: Collection[str]) -> str | None:
        """Look for a message by number, time and words, as the log knows no name of ours.

        One with other words may be ours all the same: trial accounts put some in front, and
        Twilio writes others with plainer letters. Then nobody can tell from here.
        """
        asked = {"To": text.number, "DateSent>": f"{since - timedelta(days=1):%Y-%m-%d}"}
        try:
            entries = [entry async for entry in self._pages(asked)]
        except SendFailed:
            return None
        found = [
            (entry.get("body"), str(entry.get("sid", "")))
            for entry in entries
            if entry.get("sid") not in known
            and entry.get("direction") != "inbound"
            and (moment := _moment(entry.get("date_created"))) is not None
            and moment >= since - _ASKEW
        ]
        name = next((sid for body, sid in found if body == text.text), "")
        return name or (None if found else "")

    async def poll(self, since: datetime, waiting: Sequence[str]) -> Sequence[Told]:
        """Read the log: what came in, and what became of what went out."""
        asked = {"DateSent>": f"{since:%Y-%m-%d}"}
        told: list[Told] = []
        with suppress(base.ReadInPart):
            async for entry in self._pages(asked):
                told += _told(entry)
        return told

    async def check(self) -> str:
        """Return what the account is called; raise SendFailed where it does not let us in."""
        request = Request("GET", f"{self._account()}.json", (self.place.basic,))
        answer = await base.ask(request, self.place)
        if error := base.judge(answer, self.now(), _said(base.decoded(answer))):
            raise error
        return str(base.at(base.decoded(answer), "friendly_name") or "")

    def verify(self, request: Webhook) -> None:
        """Compare its signature: HMAC-SHA1 over the address and the sorted fields."""
        fields = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
        said = request.url + "".join(name + value for name, value in sorted(fields))
        made = hmac.digest(self.place.secret.encode(), said.encode(), "sha1")
        given = request.headers.get("x-twilio-signature", "")
        if not hmac.compare_digest(base64.b64encode(made), given.encode("utf-8", "replace")):
            raise Refused("That was not signed by Twilio.")

    def read(self, request: Webhook) -> Sequence[Told]:
        """Read a message that came in, or what became of one."""
        form = base.form_of(request)
        number = form.get("MessageSid") or form.get("SmsSid", "")
        state = form.get("MessageStatus") or form.get("SmsStatus", "")
        if not number:
            raise Refused("That request names no message.")
        if state in ("received", "receiving") or (not state and "Body" in form):
            handled = bool(form.get("OptOutType"))
            sender, to = form.get("From", ""), form.get("To", "")
            return [Incoming(number, sender, to, _words(form), handled=handled)]
        query = dict(parse_qsl(request.url.partition("?")[2]))
        return _status(number, query.get("ref", ""), state, form.get("ErrorCode", ""))

    def answer(self) -> Reply:
        """Say nothing to whoever wrote."""
        return Reply(200, b"<Response/>", "text/xml")

    def _url(self) -> str:
        return f"{self._account()}/Messages.json"

    def _account(self) -> str:
        return f"{self.place.url}/2010-04-01/Accounts/{quote(self.place.login, safe='')}"

    async def _pages(self, asked: Mapping[str, str]) -> AsyncIterator[Mapping[str, Any]]:
        """Yield the entries of the log, page by page; raise where there are more than that."""
        url = f"{self._url()}?{urlencode({**asked, 'PageSize': '200'})}"
        for _ in range(_MOST_PAGES):
            answer = await base.ask(Request("GET", url, (self.place.basic,)), self.place)
            made = base.decoded(answer)
            if error := base.judge(answer, self.now(), _said(made)):
                raise error
            found = base.at(made, "messages")
            if not isinstance(found, list):
                raise SendFailed("Twilio's log cannot be read.", account=True)
            for entry in found:
                if isinstance(entry, dict):
                    yield entry
            further = base.at(made, "next_page_uri")
            if not further:
                return
            if not isinstance(further, str) or not further.startswith("/"):
                break
            url = urljoin(self.place.url, further)
        raise base.ReadInPart("Twilio's log is longer than what was read of it.", account=True)


def _words(form: Mapping[str, str]) -> str:
    """Return what a message says; of pictures, which stay with Twilio, how many there are."""
    said, count = form.get("Body", ""), form.get("NumMedia", "0")
    if count in ("", "0"):
        return said
    pictures = "1 picture or file" if count == "1" else f"{count} pictures or files"
    return f"{said}\n({pictures}, at Twilio)".strip()


def _said(made: Any) -> str:
    """Return what an error says in words."""
    message, code = base.at(made, "message"), base.at(made, "code")
    if not isinstance(message, str):
        return ""
    return f"{message} ({code})" if code else message


def _told(entry: Mapping[str, Any]) -> Iterator[Told]:
    number, state = str(entry.get("sid", "")), str(entry.get("status", ""))
    if entry.get("direction") == "inbound":
        moment = _moment(entry.get("date_sent") or entry.get("date_created"))
        said = (str(entry.get(name) or "") for name in ("from", "to", "body"))
        yield Incoming(number, *said, at=moment)
    else:
        yield from _status(number, "", state, str(entry.get("error_code") or ""))


def _status(number: str, reference: str, state: str, code: str) -> list[Told]:
    if state == "delivered" or state == "read":
        return [Status(number, reference, "delivered")]
    if state in _FAILED:
        how = "gone" if code in _GONE else "failed"
        return [Status(number, reference, how, f"{state}, error {code}" if code else state)]
    return []


def _moment(written: Any) -> datetime | None:
    try:
        return parsedate_to_datetime(str(written)).astimezone(UTC)
    except ValueError:
        return None
