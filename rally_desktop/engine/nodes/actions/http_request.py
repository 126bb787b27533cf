"""Action: ask a web server something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import quote, urlsplit

import msgspec

from rally_desktop.core.errors import RallyError
from rally_desktop.core.schema import Choice, Number, Pick, Text, YesNo
from rally_desktop.engine.nodes.base import Done, Failed, Family, Here, Outcome, StepKind, Waiting
from rally_desktop.engine.sealed import parts_of
from rally_desktop.model.work import Work
from rally_desktop.services import entry, jobs
from rally_desktop.services.jobs import Job

_FIELD = re.compile(r"(\{\{.*?\}\})")
# A scheme and a server in plain text: no field of a contact says whom a workflow talks to.
_SERVER = re.compile(r"https?://[^\s/?#{}\\]+(?=[/?#]|$)")
_TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}


class HttpRequest(StepKind, frozen=True):
    """Asks a web server something, and can keep a value of its answer in a field.

    Texts may use merge fields and secrets: {{ secret.NAME }} is filled in only when the request
    leaves, for the one server that the secret was added for, and stands nowhere in the history.
    A request that may be lost on the way is repeated only where asking twice does no harm; it
    carries an Idempotency-Key by which the server can tell.
    """

    title: ClassVar = "HTTP request"
    icon: ClassVar = "webhook"
    family: ClassVar[Family] = "record"
    says: ClassVar = "{method} {url}"
    example: ClassVar = {
        "url": "https://api.example.com/leads",
        "content": '{"email": "{{ contact.email }}"}',
    }
    words: ClassVar = ("webhook", "api", "url", "web", "json", "zapier")

    url: Annotated[str, Text("Address", merge=True, secrets=True)]
    method: Annotated[Literal["GET", "POST", "PUT", "PATCH", "DELETE"], Choice("Method")] = "POST"
    headers: Annotated[
        str,
        Text(
            "Headers",
            help="One a line: Authorization: Bearer {{ secret.NAME }}",
            merge=True,
            secrets=True,
            required=False,
            lines=3,
        ),
    ] = ""
    body: Annotated[Literal["json", "form", "nothing"], Choice("Sends")] = "json"
    content: Annotated[
        str,
        Text(
            "Content",
            help="JSON with merge fields inside its texts; of a form one ‘name: value’ a line.",
            merge=True,
            secrets=True,
            required=False,
            lines=6,
        ),
    ] = ""
    seconds: Annotated[int, Number("Time-out", unit="seconds", least=1, most=60)] = 20
    safe: Annotated[
        bool, YesNo("Safe to repeat", help="Asking twice does no more than asking once.")
    ] = False
    redirects: Annotated[bool, YesNo("Follow redirects", shown_when=("method", "GET"))] = False
    value: Annotated[
        str,
        Text("Value to keep", help="Where it is in the answer: result.id", required=False),
    ] = ""
    field: Annotated[str, Pick("Keep it in", source="field", required=False)] = ""

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Go on, or the other way where the server could not be asked or refused."""
        return (("next", ""), ("failed", "Failed"))

    def causes(self) -> tuple[tuple[str, str | None, str | None], ...]:
        """Change the field that the answer goes into."""
        return (("updated", self.field, None),) if self.field else ()

    def problems(self) -> dict[str, str]:
        """Refuse an address without a server, lines that are none, and JSON that is none."""
        found = super().problems()
        if "url" not in found and (not _SERVER.match(self.url) or "{%" in self.url):
            found["url"] = "must begin with https:// and a server, without merge fields in them"
        if "headers" not in found and not _are_pairs(self.headers):
            found["headers"] = "must have one ‘Name: value’ a line"
        if "content" not in found and (wrong := self._wrong_content()):
            found["content"] = wrong
        return found

    def _wrong_content(self) -> str:
        if self.body == "form":
            return "" if _are_pairs(self.content) else "must have one ‘name: value’ a line"
        if self.body == "json" and self.content.strip():
            try:
                msgspec.json.decode(self.content)
            except (msgspec.DecodeError, RecursionError):
                return "must be JSON; merge fields stand inside its texts, in quotes"
        return ""

    def run(self, work: Work, here: Here) -> Outcome:
        """Put the request down, to be sent outside the transaction; come back for the answer."""
        asked = jobs.of_visit(work, here.run_id, here.seq)
        if asked is None:
            request = self._request(here)
            number = jobs.put(work, "http", (here.run_id, here.step_id, here.seq), request)
            detail = {"job": number, "method": self.method, "url": self.url}
            return Waiting(None, f"Asks {self._host()}.", "", f"job:{number}", detail)
        if asked.state not in jobs.ENDED:
            return Waiting(None, f"Asks {self._host()}.", "", f"job:{asked.id}", here.said)
        detail = {**here.said, **asked.answer}
        detail.pop("values", None)
        if asked.state == "done":
            return self._keep(work, here, asked, detail)
        if asked.state == "doubt":
            return Failed("in_doubt", f"{self._host()} may have acted on it. {_why(asked)}", detail)
        reason = "http_refused" if "status" in asked.answer else "no_answer"
        return Failed(reason, _why(asked), detail)

    def _keep(self, work: Work, here: Here, asked: Job, detail: dict[str, Any]) -> Outcome:
        said = f"{self._host()} answered {asked.answer['status']}."
        if not (self.value and self.field):
            return Done(said, detail=detail)
        value = asked.answer.get("values", {}).get(self.value)
        if value is None:
            return Failed("no_such_value", f"{said} It holds no ‘{self.value}’.", detail)
        try:
            entry.update(work, here.ref, {self.field: value})
        except RallyError as error:
            return Failed("bad_settings", str(error), detail)
        return Done(f"{said} Set {self.field.replace('_', ' ')} to “{value}”.", detail=detail)

    # -- the request, with its secrets still named -------------------------------------------

    def _request(self, here: Here) -> dict[str, Any]:
        headers = [[name, parts_of(value, here.merge)] for name, value in _pairs(self.headers)]
        sends = self.body if self.method != "GET" and self.content.strip() else "nothing"
        if sends in _TYPES and "content-type" not in {name.lower() for name, _ in headers}:
            headers.append(["Content-Type", [_TYPES[sends]]])
        return {
            "method": self.method,
            "url": parts_of(self.url, lambda text: _in_url(text, here)),
            "headers": headers,
            "body": sends,
            "content": self._content(sends, here),
            "seconds": self.seconds,
            "safe": self.safe,
            "redirects": self.redirects and self.method == "GET",
        }

    def _content(self, sends: str, here: Here) -> Any:
        if sends == "json":
            return _leaves(msgspec.json.decode(self.content), here)
        if sends == "form":
            pairs = _pairs(self.content)
            return [[name, parts_of(value, here.merge)] for name, value in pairs]
        return None

    def _host(self) -> str:
        found = _SERVER.match(self.url)
        return urlsplit(found[0]).netloc if found else ""

    def sentence(self) -> str:
        """Say the method and the server."""
        return f"{self.method} {self._host()}"


def _why(asked: Job) -> str:
    if "status" in asked.answer:
        return f"The server answered {asked.answer['status']}."
    return asked.answer.get("error", "")


def _in_url(text: str, here: Here) -> str:
    """Fill in an address; what merge fields say can add no part of their own to it."""
    pieces = _FIELD.split(text)
    return "".join(
        quote(here.merge(piece), safe="") if number % 2 else piece
        for number, piece in enumerate(pieces)
    )


def _leaves(made: Any, here: Here) -> Any:
    """Fill in the texts of JSON one by one, so that a quotation mark in a name is only that."""
    if isinstance(made, dict):
        return {"pairs": [[name, _leaves(value, here)] for name, value in made.items()]}
    if isinstance(made, list):
        return [_leaves(value, here) for value in made]
    return {"text": parts_of(made, here.merge)} if isinstance(made, str) else made


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _, value = line.partition(":")
        yield name.strip(), value.strip()


def _are_pairs(text: str) -> bool:
    return all(name and value for name, value in _pairs(text))
