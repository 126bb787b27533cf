"""The way from a request to the data: on threads of its own, so that the engine goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Concatenate, ParamSpec, TypeVar, cast

from starlette.requests import Request

from rally_desktop.core.errors import RallyError
from rally_desktop.core.signing import code_of
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.outside.secrets import Vault
from rally_desktop.services.web import Web
from rally_desktop.services.web_words import WORDS, Words, preferred

P = ParamSpec("P")
T = TypeVar("T")
THREADS, MOST_WAITING = 4, 64


class Busy(RallyError):
    """So many ask at once that one more would only wait."""


class Office:
    """What the routes work with: the settings, the key of links, reading and writing."""

    def __init__(self, store: Store, settings: Web, key: bytes, vault: Vault) -> None:
        self.settings, self.key, self.vault = settings, key, vault
        self._store = store
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="web")
        self._waiting = 0

    async def read(
        self, query: Callable[Concatenate[Work, P], T], *args: P.args, **kw: P.kwargs
    ) -> T:
        """Await a query; raise Busy where too many wait already."""
        return await self._run(lambda: self._store.read(query, *args, **kw))

    async def write(
        self, service: Callable[Concatenate[Work, P], T], *args: P.args, **kw: P.kwargs
    ) -> T:
        """Await a service; whoever works at the screen goes first."""
        patient = self._store.write_patiently
        return await self._run(lambda: patient(lambda work: service(work, *args, **kw)))

    def close(self) -> None:
        """Let go of the threads, once they have written what they write."""
        self._threads.shutdown()

    async def _run(self, what: Callable[[], T]) -> T:
        if self._waiting >= MOST_WAITING:
            raise Busy
        self._waiting += 1
        try:
            return await asyncio.wrap_future(self._threads.submit(what))
        finally:
            self._waiting -= 1


def office_of(request: Request) -> Office:
    """Return the office that a request is for."""
    return cast(Office, request.app.state.office)


def code_in(request: Request, purpose: str) -> str | None:
    """Return the code of the token in the address, where it is ours and for this purpose."""
    token = request.path_params["token"].removesuffix(".gif")
    return code_of(office_of(request).key, purpose, token)


def words_for(request: Request) -> tuple[str, Words]:
    """Return the language that the reader wants most, and its texts."""
    language = preferred(request.headers.get("accept-language", ""))
    return language, WORDS[language]
