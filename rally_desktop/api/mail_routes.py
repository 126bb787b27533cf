"""What messages lead to: their picture, their links, and the way out of the list."""

from __future__ import annotations

from base64 import b64decode
from html import escape
from urllib.parse import parse_qs

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from rally_desktop.api.office import Office, code_in, office_of, words_for
from rally_desktop.api.pages import deed, line, page
from rally_desktop.core.errors import NotFound, RallyError
from rally_desktop.services import tracking, unsubscribing
from rally_desktop.services.mail_links import PICTURE
from rally_desktop.services.unsubscribing import BY_BUTTON, BY_PAGE, CHANNELS, Standing
from rally_desktop.services.web_words import Words

# One transparent point, as small as a GIF can be.
POINT = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_SHOWN_ANYWHERE = {"cross-origin-resource-policy": "cross-origin"}
_PREFETCH = ("sec-purpose", "purpose", "x-purpose", "x-moz")


async def picture(request: Request) -> Response:
    """Show the picture of a message; it looks the same whether or not it is one of ours."""
    code = code_in(request, "o")
    found = await office_of(request).read(tracking.link, code) if code else None
    noting = _noting(request, found) if found and found.place == PICTURE else None
    return Response(POINT, media_type="image/gif", headers=_SHOWN_ANYWHERE, background=noting)


async def follow(request: Request) -> Response:
    """Lead to where a link of a message leads; addresses are ours to know, not to be told."""
    code = code_in(request, "c")
    found = await office_of(request).read(tracking.link, code) if code else None
    if found is None or not found.url:
        language, words = words_for(request)
        return page(language, words.dead, "", 404)
    return RedirectResponse(found.url, 302, background=_noting(request, found))


def _noting(request: Request, found: tracking.Link) -> BackgroundTask:
    """Return what writes a request down once it is answered; nobody waits for that."""
    prefetch = any("prefetch" in request.headers.get(name, "").lower() for name in _PREFETCH)
    agent = request.headers.get("user-agent", "")[:400]
    return BackgroundTask(
        _note, office_of(request), found, method=request.method, agent=agent, prefetch=prefetch
    )


async def _note(
    office: Office, found: tracking.Link, *, method: str, agent: str, prefetch: bool
) -> None:
    try:
        await office.write(tracking.note, found, method=method, agent=agent, prefetch=prefetch)
    except RallyError:
        return  # a figure is one too low; nothing else is lost


async def leave_page(request: Request) -> Response:
    """Ask which messages somebody wants no more of; nothing happens by looking."""
    if (code := code_in(request, "u")) is None:
        return _gone(request)
    try:
        standing = await office_of(request).read(unsubscribing.standing, code)
    except NotFound:
        return _gone(request)
    language, words = words_for(request)
    whose = words.whose.format(office=standing.office, address=standing.address)
    wanted = [channel for channel in standing.known if channel not in standing.off]
    if not wanted:
        return page(language, words.leave, line(whose, "sub") + _left(words, standing))
    already = _left(words, standing) if standing.off else ""
    deeds = [deed(_no_more(words, one), "no", one, quiet=place > 0)
             for place, one in enumerate(wanted)]  # fmt: skip
    if len(wanted) > 1:
        deeds.append(deed(words.nothing, "no", "all", quiet=True))
    return page(language, words.leave, line(whose, "sub") + already + "".join(deeds))


async def leave(request: Request) -> Response:
    """Take somebody off the list, or take that back, and say so.

    A mail program's own button sends ``List-Unsubscribe=One-Click`` (RFC 8058): that means mail.
    """
    code, said = code_in(request, "u"), await _said(request)
    if code is None:
        return _gone(request)
    office = office_of(request)
    language, words = words_for(request)
    back = said.get("back", "")
    no = said.get("no", "email")
    try:
        if back:
            await office.write(unsubscribing.come_back, code, _channels(back))
        else:
            how = BY_BUTTON if said.get("List-Unsubscribe") == "One-Click" else BY_PAGE
            await office.write(unsubscribing.leave, code, _channels(no), how)
        standing = await office.read(unsubscribing.standing, code)
    except NotFound:
        return _gone(request)
    shown = line(words.back) if not standing.off else _left(words, standing)
    return page(language, words.leave, shown)


def _left(words: Words, standing: Standing) -> str:
    """Say what somebody gets no more of, with the way back."""
    named = [_name(words, one) for one in CHANNELS if one in standing.off]
    items = "".join(f"<li>{escape(name)}</li>" for name in named)
    return f"{line(words.left)}<ul>{items}</ul>{deed(words.after_all, 'back', 'all', quiet=True)}"


def _no_more(words: Words, channel: str) -> str:
    return words.no_mail if channel == "email" else words.no_sms


def _name(words: Words, channel: str) -> str:
    return words.mail if channel == "email" else words.sms


def _channels(said: str) -> tuple[str, ...]:
    return (said,) if said in CHANNELS else CHANNELS if said == "all" else ("email",)


async def _said(request: Request) -> dict[str, str]:
    """Return the values of a small form; what cannot be read says nothing."""
    try:
        text = (await request.body()).decode("utf-8")
        read = parse_qs(text, max_num_fields=10)
    except ValueError:
        return {}
    return {name: values[0] for name, values in read.items()}


def _gone(request: Request) -> Response:
    language, words = words_for(request)
    return page(language, words.dead, line(words.instead), 404)


ROUTES = (
    Route("/v1/o/{token}", picture, methods=["GET", "HEAD"]),
    Route("/v1/c/{token}", follow, methods=["GET", "HEAD"]),
    Route("/v1/u/{token}", leave_page, methods=["GET", "HEAD"]),
    Route("/v1/u/{token}", leave, methods=["POST"]),
)
