"""Pictures that a message names, fetched once somebody asks for them: public servers, capped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from rally_desktop.core.errors import RallyError
from rally_desktop.outside.http import Request, ask

MOST = 30
SECONDS = 10.0
KINDS = ("image/png", "image/jpeg", "image/gif", "image/webp")


def fetch(urls: Iterable[str], stopped: Callable[[], bool] = bool) -> dict[str, bytes]:
    """Return the pictures that could be had, by their addresses; the others are left out.

    Nothing is told but the address itself: no cookie, no referrer.
    """
    return asyncio.run(_all(list(urls)[:MOST], stopped))


async def _all(urls: list[str], stopped: Callable[[], bool]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for url in urls:
        if not stopped() and (picture := await _one(url)):
            found[url] = picture
    return found


async def _one(url: str) -> bytes:
    try:
        answer = await ask(Request("GET", url, seconds=SECONDS, redirects=True))
    except RallyError:
        return b""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    wanted = answer.status == 200 and kind in KINDS and not answer.cut
    return answer.body if wanted else b""
