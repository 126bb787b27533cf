r"""Any gateway that takes text messages by HTTP: how it is asked, and how its answers are read.

A value is found in an answer by a path (``messages.0.id``) where that is JSON, or by a regular
expression between slashes (``/id=(\w+)/``), whose first group is the value.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import parse_qsl, quote, urlencode

import msgspec

from rally_desktop.core import texts
from rally_desktop.core.errors import BadSettings, Refused, SendFailed
from rally_desktop.core.webhook import Reply, Webhook
from rally_desktop.outside.http import Request
from rally_desktop.outside.sms import base
from rally_desktop.outside.sms.base import Incoming, Place, Receipt, Status, Text, Told

NAMES = ("number", "digits", "text", "id", "sender", "secret")
_FIELD = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_TYPES = {
    "json": "application/json", "form": base.FORM, "text": "text/plain; charset=utf-8",
    "nothing": "",
}  # fmt: skip
READ = 20_000  # characters of an answer that a regular expression looks at
_SAID = 200


class Options(msgspec.Struct, frozen=True):
    """How a gateway is asked, and how what it says is read."""

    method: str = "POST"
    headers: str = ""
    body: str = "json"
    content: str = '{"to": "{{ number }}", "text": "{{ text }}", "reference": "{{ id }}"}'
    id_at: str = "id"
    error_at: str = ""
    status_url: str = ""
    state_at: str = "status"
    delivered: str = "delivered"
    failed: str = "failed, undelivered, rejected, expired"
    from_at: str = "from"
    text_at: str = "text"
    in_id_at: str = "id"
    in_state_at: str = "status"

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by setting."""
        found: dict[str, str] = {}
        for name in ("headers", "content", "status_url"):
            unknown = [one for one in _FIELD.findall(getattr(self, name)) if one not in NAMES]
            if unknown:
                found[name] = f"names ‘{unknown[0]}’, which is none of {', '.join(NAMES)}"
        if self.body == "json" and "content" not in found:
            try:
                json.loads(_FIELD.sub("x", self.content))
            except ValueError:
                found["content"] = "must be JSON; fields such as {{ text }} stand in its quotes"
        for name in ("id_at", "error_at", "state_at", "from_at", "text_at", "in_id_at"):
            if problem := _bad_place(getattr(self, name)):
                found[name] = problem
        return found


def _bad_place(how: str) -> str:
    if not _is_expression(how):
        return ""
    try:
        re.compile(how[1:-1])
    except re.error as error:
        return f"is no regular expression: {error}"
    return ""


def _is_expression(how: str) -> bool:
    return len(how) > 2 and how.startswith("/") and how.endswith("/")


def value_at(body: bytes, how: str) -> str:
    """Return a value of an answer, by a path or an expression; empty where there is none."""
    if not how:
        return ""
    if _is_expression(how):
        found = re.search(how[1:-1], body.decode("utf-8", "replace")[:READ])
        return (found[1] if found and found.re.groups else found[0] if found else "") or ""
    value = base.at(base.json_of(body), how)
    return "" if value is None or isinstance(value, dict | list) else str(value)


@dataclass(frozen=True)
class Generic:
    """One gateway, asked as the office has said."""

    place: Place
    now: Callable[[], datetime]
    title: ClassVar = "the gateway"

    @property
    def options(self) -> Options:
        """Return how it is asked; raise BadSettings where that cannot be read."""
        try:
            return msgspec.convert(dict(self.place.options), Options)
        except msgspec.ValidationError as error:
            raise BadSettings({"options": str(error)}) from error

    async def send(self, text: Text, before: base.BeforeDot) -> Receipt:
        """Hand a message over as the office has said."""
        options, values = self.options, self._values(text)
        body = b"" if options.body == "nothing" else _filled(options, values)
        head = self._headers(options, values)
        url = _in_url(self.place.url, values)
        request = Request(options.method, url, head, body, base.SECONDS)
        answer = await base.hand_over(request, self.place, before)
        wrong = value_at(answer.body, options.error_at)
        shown = texts.mended(answer.body.decode("utf-8", "replace"))[:_SAID].strip()
        if error := base.judge(answer, self.now(), self._hidden(wrong or shown)):
            raise error
        if wrong:
            raise SendFailed(self._hidden(f"The gateway said: {wrong}"), permanent=True)
        number = value_at(answer.body, options.id_at)
        return Receipt(f"accepted, {number}" if number else "accepted", number)

    async def find(self, text: Text, since: datetime, known: Collection[str]) -> str | None:
        """Tell nothing: nobody knows whether such a gateway keeps a log, so a person decides."""
        return None

    async def poll(self, since: datetime, waiting: Sequence[str]) -> Sequence[Told]:
        """Ask what became of messages, where the office has said how."""
        options, told = self.options, list[Told]()
        for number in waiting if options.status_url else ():
            values = {**self._values(Text("", self.place.sender, "", "")), "id": number}
            url, head = _in_url(options.status_url, values), self._headers(options, values)
            answer = await base.ask(Request("GET", url, head), self.place)
            if error := base.judge(answer, self.now()):
                raise error
            told += self._status(number, value_at(answer.body, options.state_at))
        return told

    async def check(self) -> str:
        """Tell nothing: what such a gateway can be asked besides is not known."""
        return ""

    def verify(self, request: Webhook) -> None:
        """Compare the word that the gateway was given: in the address, or as a bearer’s."""
        query = _query(request)
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        given = query.get("token") or bearer
        secret = self.place.signing.encode()
        if not secret or not hmac.compare_digest(secret, given.encode("utf-8", "replace")):
            raise Refused("That request does not have the word that the gateway was given.")

    def read(self, request: Webhook) -> Sequence[Told]:
        """Read a message that came in, or what became of one."""
        options, body = self.options, _as_json(request)
        number = value_at(body, options.in_id_at)
        text, who = value_at(body, options.text_at), value_at(body, options.from_at)
        state = value_at(body, options.in_state_at)
        if number and self._state(state):
            return self._status(number, state)
        if not who:
            raise Refused("That request names nobody who wrote.")
        # Without a name for it nobody can tell a repetition: better twice than not at all.
        return [Incoming(number or f"{self.now().isoformat()} {who}", who, self.place.sender, text)]

    def answer(self) -> Reply:
        """Say that it was understood."""
        return Reply(200)

    def _status(self, number: str, state: str) -> list[Told]:
        known = self._state(state)
        return [Status(number, "", known, state)] if known else []

    def _state(self, said: str) -> Any:
        options, word = self.options, said.strip().casefold()
        for state in ("delivered", "failed"):
            words = getattr(options, state).casefold().split(",")
            if word and word in (one.strip() for one in words):
                return state
        return ""

    def _values(self, text: Text) -> Mapping[str, str]:
        return {
            "number": text.number, "digits": text.number.lstrip("+"), "text": text.text,
            "id": text.reference, "sender": text.sender, "secret": self.place.secret,
        }  # fmt: skip

    def _headers(self, options: Options, values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        found = [
            (name.strip(), _put(value.strip(), values, _one_line))
            for name, _, value in (line.partition(":") for line in options.headers.splitlines())
            if name.strip()
        ]
        known = {name.lower() for name, _ in found}
        if self.place.login and "authorization" not in known:
            found.append(self.place.basic)
        if (kind := _TYPES.get(options.body, "")) and "content-type" not in known:
            found.append(("Content-Type", kind))
        return tuple(found)

    def _hidden(self, said: str) -> str:
        secret = self.place.secret
        return said.replace(secret, "•••") if secret else said


def _filled(options: Options, values: Mapping[str, str]) -> bytes:
    if options.body == "json":
        return _put(options.content, values, _in_json).encode()
    if options.body == "form":
        lines = (line.partition(":") for line in options.content.splitlines() if line.strip())
        pairs = [(name.strip(), _put(value.strip(), values, str)) for name, _, value in lines]
        return urlencode(pairs).encode()
    return _put(options.content, values, str).encode()


def _put(template: str, values: Mapping[str, str], written: Callable[[str], str]) -> str:
    return _FIELD.sub(lambda found: written(values.get(found[1], "")), template)


def _in_url(template: str, values: Mapping[str, str]) -> str:
    return _put(template, values, lambda value: quote(value, safe=""))


def _in_json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _as_json(request: Webhook) -> bytes:
    """Return what a request says as JSON, however it was sent; raise Refused."""
    if base.json_of(request.body) is not None:
        return request.body
    try:
        pairs = parse_qsl(request.body.decode(), keep_blank_values=True, max_num_fields=200)
    except ValueError:
        pairs = []
    query = _query(request)
    if not pairs and not query:
        raise Refused("That request says nothing.")
    return msgspec.json.encode({**query, **dict(pairs)})


def _query(request: Webhook) -> dict[str, str]:
    """Return what the address of a request says; raise Refused where that is too much."""
    try:
        return dict(parse_qsl(request.url.partition("?")[2], max_num_fields=50))
    except ValueError as error:
        raise Refused("That request says too much.") from error
