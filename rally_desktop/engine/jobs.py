"""Doing the jobs that steps put down: HTTP requests, beside the outbox, on the engine's loop."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus, urlencode

import msgspec

from rally_desktop.core import texts
from rally_desktop.core.errors import RallyError
from rally_desktop.engine import inside, sealed
from rally_desktop.model.changes import RunAdvanced
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.outside.secrets import Keyring, Locked, Vault
from rally_desktop.services import http_secrets, jobs, safeguards, settings
from rally_desktop.services.jobs import Job

if TYPE_CHECKING:
    from rally_desktop.outside.http import Answer, Request

AT_ONCE = 8
KEPT = 16_384  # characters of an answer that the run history keeps
MOST_VALUES, LONGEST_VALUE, DEEPEST = 100, 1_000, 5  # of a JSON answer
REPEATABLE = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})  # RFC 9110, 9.2.2
TRANSIENT = frozenset({408, 425, 429, *range(500, 600)})
# A gateway that says so does not know whether the server behind it acted.
LOST = frozenset({502, 504})


@dataclass
class Jobs:
    """Asks what is due; ``moving`` are the workflows whose runs go on."""

    store: Store
    vault: Vault = field(default_factory=lambda: Vault(Keyring()))
    _asking: set[asyncio.Task[None]] = field(default_factory=set)

    def begin(self, moving: Collection[int], ended: Callable[[], object] = lambda: None) -> int:
        """Begin to ask what is due, and return how much that is; ``ended`` hears of each end.

        Raises what went wrong with those that have ended since the last time.
        """
        for task in [task for task in self._asking if task.done()]:
            self._asking.discard(task)
            task.result()
        due = self.store.read(jobs.next_due)
        if due is None or due > self.store.clock.now():
            return 0
        room = AT_ONCE - len(self._asking)
        claimed = self.store.write_patiently(lambda work: _claimed(work, room, moving))
        for one in claimed:
            task = asyncio.get_running_loop().create_task(self._do(one))
            task.add_done_callback(lambda _: ended())
            self._asking.add(task)
        return len(claimed)

    @property
    def busy(self) -> bool:
        """Say whether a server has still to answer."""
        return any(not task.done() for task in self._asking)

    async def do_due(self, moving: Collection[int]) -> int:
        """Ask everything that is due, wait for the answers and return how many there are."""
        count = 0
        while begun := self.begin(moving):
            await asyncio.gather(*self._asking)
            count += begun
        return count

    async def close(self) -> None:
        """Leave what is being asked; what may have been done is not asked again blindly."""
        for task in self._asking:
            task.cancel()
        await asyncio.gather(*self._asking, return_exceptions=True)
        self._asking.clear()

    async def _do(self, one: Job) -> None:
        from rally_desktop.outside import http

        try:
            request, known = self.store.read(_prepared, one, self.vault)
            allowed = self.store.read(safeguards.of).inside_hosts()
            answer = await http.ask(request, allowed)
        except http.RequestFailed as error:
            state = "doubt" if error.lost and not repeatable(one) else "retry"
            said = {"error": str(error)}
            self._write(one, "failed" if error.permanent else state, said)
        except Locked as error:
            self._write(one, "ready", {"error": f"Waiting for another computer. {error}"})
        except RallyError as error:
            self._write(one, "failed", {"error": str(error)})
        else:
            self._write(one, _state(one, answer), _said(answer, known))

    def _write(self, one: Job, state: str, answer: dict[str, Any]) -> None:
        self.store.write_patiently(lambda work: _finish(work, one, state, answer))


def repeatable(one: Job) -> bool:
    """Say whether asking twice does no more than asking once."""
    return one.request["method"] in REPEATABLE or bool(one.request["safe"])


def _claimed(work: Work, room: int, moving: Collection[int]) -> list[Job]:
    _recover(work)
    return jobs.claim(work, secrets.token_hex(16), room, moving) if room else []


# What becomes of a job that is not over: asked again, or left to another computer.
_LATER = {"retry": jobs.again, "ready": jobs.hand_back}


def _recover(work: Work) -> None:
    """Take over what another computer left in the middle: ask anew only where that is safe."""
    for one in jobs.overdue(work):
        said = {"error": "The program was interrupted while it asked the server."}
        _conclude(work, one, "retry" if repeatable(one) else "doubt", said)


def _finish(work: Work, one: Job, state: str, answer: dict[str, Any]) -> None:
    if jobs.is_ours(work, one):
        _conclude(work, one, state, answer)


def _conclude(work: Work, one: Job, state: str, answer: dict[str, Any]) -> None:
    """Write down what came of a job, and wake its run unless it will be asked again."""
    if later := _LATER.get(state):
        if later(work, one, answer):
            return
        state = "failed"
    jobs.end(work, one, state, answer)
    waiting = inside.one(work, one.run_id)
    if waiting is not None and waiting.awaited == f"job:{one.id}" and waiting.seq == one.seq:
        waiting.due_at = work.now
        work.change(RunAdvanced(waiting))


def _state(one: Job, answer: Answer) -> str:
    if answer.status in LOST and not repeatable(one):
        return "doubt"
    if answer.status in TRANSIENT:
        return "retry"
    return "done" if 200 <= answer.status < 300 else "failed"


# -- the request, its secrets in their places --------------------------------------------------


def _prepared(work: Work, one: Job, vault: Vault) -> tuple[Request, dict[str, str]]:
    """Return the request ready to be sent, and the secrets that are in it."""
    from rally_desktop.outside.http import Request, place_of

    asked = one.request
    url = asked["url"]
    _, host, _, _ = place_of(url[0] if isinstance(url[0], str) else "")
    known = {name: http_secrets.reveal(work, name, host, vault) for name in sealed.names_in(asked)}
    in_url = {name: quote(value, safe="") for name, value in known.items()}
    headers = [(name, sealed.revealed(value, known)) for name, value in asked["headers"]]
    if one.request["method"] not in ("GET", "HEAD"):
        headers.append(("Idempotency-Key", _key(work, one)))
    made = Request(
        asked["method"], sealed.revealed(url, in_url), tuple(headers), _body(asked, known),
        asked["seconds"], asked["redirects"],
    )  # fmt: skip
    return made, known


def _key(work: Work, one: Job) -> str:
    """Return what stays the same however often one visit asks."""
    said = f"{settings.get(work, 'epoch', '')}:{one.run_id}:{one.seq}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _body(asked: Mapping[str, Any], known: dict[str, str]) -> bytes:
    form, content = asked["body"], asked["content"]
    if form == "json":
        return msgspec.json.encode(_leaves(content, known))
    if form == "form":
        return urlencode(
            [(name, sealed.revealed(value, known)) for name, value in content]
        ).encode()
    return b""


def _leaves(made: Any, known: dict[str, str]) -> Any:
    """Return JSON with each text made of its parts; ``{"text": parts}`` stands for one."""
    if isinstance(made, dict):
        if set(made) == {"text"}:
            return sealed.revealed(made["text"], known)
        return {pair[0]: _leaves(pair[1], known) for pair in made["pairs"]}
    return [_leaves(one, known) for one in made] if isinstance(made, list) else made


# -- the answer, without the secrets that it may repeat ----------------------------------------


def _said(answer: Answer, known: Mapping[str, str]) -> dict[str, Any]:
    text = texts.mended(answer.body.decode("utf-8", errors="replace"))
    made: dict[str, Any] = {"status": answer.status, "text": _censored(text, known)[:KEPT]}
    if answer.cut:
        made["cut"] = True
    try:
        whole = None if answer.cut else msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return made
    values = islice(_values(whole), MOST_VALUES)
    return {**made, "values": {name: _censored(value, known) for name, value in values}}


def _values(made: Any, path: str = "", left: int = DEEPEST) -> Iterator[tuple[str, str]]:
    """Yield what a JSON answer says by path, as ``result.items.0.id``."""
    if isinstance(made, dict | list):
        pairs = made.items() if isinstance(made, dict) else enumerate(made)
        for name, value in pairs if left else ():
            yield from _values(value, f"{path}.{name}" if path else str(name), left - 1)
    elif isinstance(made, bool):
        yield path, "yes" if made else "no"
    elif made is not None:
        yield path, texts.mended(str(made)[:LONGEST_VALUE])


def _censored(text: str, known: Mapping[str, str]) -> str:
    for value in known.values():
        written = (value, quote(value, safe=""), quote_plus(value))
        for spelling in (*written, base64.b64encode(value.encode()).decode()):
            text = text.replace(spelling, "•••")
    return text
