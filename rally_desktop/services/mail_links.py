"""Links and headers of a message as it goes out; what lies in the outbox stays as it was written.

A message that may be unsubscribed from says how in its head (RFC 2369, RFC 8058). Where the
office has a public address, its links and a picture may lead there to be counted, too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from html import escape, unescape
from typing import Any
from urllib.parse import quote

from sqlalchemy import select

from rally_desktop.core.message import WAY_OUT, Dress, Mailbox
from rally_desktop.core.signing import new_code, token
from rally_desktop.model.changes import RowAdded
from rally_desktop.model.tables import mail_link, workflow
from rally_desktop.model.work import Work
from rally_desktop.services import web
from rally_desktop.services.outbox import Parcel
from rally_desktop.services.web import Web

PICTURE, WHOLE = -1, 0
MOST_LINKS = 100
_PATHS = {PICTURE: "o", WHOLE: "u"}
_HREF = re.compile(r"""(?is)(<a\b[^>]{0,2000}?\shref\s*=\s*)("[^"]*"|'[^']*')""")
_END = re.compile(r"(?i)</body\s*>")


def dress(work: Work, parcels: Sequence[Parcel], key: bytes | None) -> list[Parcel]:
    """Return messages as they are to go out; their links are known from now on.

    Without a ``key`` to sign links with they can be unsubscribed from by mail alone.
    """
    office = web.of(work)
    if not office.base or key is None:
        return dress_plainly(work, parcels)
    marketing = [one for one in parcels if _may_be_left(one.row)]
    known = _codes(work, {one.id for one in marketing})
    named = _workflows(work, marketing, office)
    clothes = {
        one.id: _Tailor(work, office, key, known.setdefault(one.id, {})).made(
            one.row, counted=_is_counted(one.row, office, named)
        )
        for one in marketing
    }
    return [replace(one, dress=clothes.get(one.id) or _plain(one.row)) for one in parcels]


def dress_plainly(work: Work, parcels: Sequence[Parcel]) -> list[Parcel]:
    """Return messages as they go out where no link of ours leads anywhere."""
    return [replace(one, dress=_plain(one.row)) for one in parcels]


def address(base: str, purpose: str, key: bytes, code: str) -> str:
    """Return an address of ours for a code."""
    return f"{base}/v1/{purpose}/{token(key, purpose, code)}"


class _Tailor:
    """Makes the links of one message; asked again, they are the same."""

    def __init__(self, work: Work, office: Web, key: bytes, codes: dict[int, str]) -> None:
        self.work, self.office, self.key, self.codes = work, office, key, codes
        self.letter = 0

    def made(self, row: Mapping[str, Any], *, counted: bool) -> Dress:
        """Return what the message says and what its head holds."""
        self.letter = row["id"]
        leave = self._address(WHOLE)
        text = row["text"].replace(WAY_OUT, leave)
        html = row["html"]
        if html and counted and self.office.clicks:
            html = self._counted(html)
        html = html.replace(WAY_OUT, leave)
        if html and counted and self.office.opens:
            html = _with_picture(html, self._address(PICTURE))
        ways = f"<{leave}>, {_mailto(row)}"
        headers = (
            ("List-Unsubscribe", ways),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        )
        return Dress(text, html, headers)

    def _counted(self, html: str) -> str:
        place = 0

        def lead(found: re.Match[str]) -> str:
            nonlocal place
            url = unescape(found[2][1:-1]).strip()
            if not _is_counted_link(url, self.office.base) or place >= MOST_LINKS:
                return found[0]
            place += 1
            return f'{found[1]}"{escape(self._address(place, url))}"'

        return _HREF.sub(lead, html)

    def _address(self, place: int, url: str = "") -> str:
        if place not in self.codes:
            code = self.codes[place] = new_code()
            row = {"id": self.work.new_id("mail_link"), "code": code, "outbox_id": self.letter}
            self.work.change(RowAdded("mail_link", {**row, "place": place, "url": url}))
        return address(self.office.base, _PATHS.get(place, "c"), self.key, self.codes[place])


def _may_be_left(row: Mapping[str, Any]) -> bool:
    """Say whether a message is one that people may ask to get no more of."""
    return row["channel"] == "email" and not row["transactional"]


def _is_counted_link(url: str, base: str) -> bool:
    if not url.lower().startswith(("http://", "https://")) or url.startswith(f"{base}/v1/"):
        return False
    return not url.startswith(WAY_OUT) and not re.search(r"[\x00-\x20\x7f]", url)


def _is_counted(row: Mapping[str, Any], office: Web, named: Mapping[int, str]) -> bool:
    """Say whether the office wants to know what becomes of a message."""
    if office.templates and row["template"] not in office.templates:
        return False
    return not office.workflows or named.get(row["workflow_id"]) in office.workflows


def _workflows(work: Work, parcels: Sequence[Parcel], office: Web) -> dict[int, str]:
    """Return what the workflows of messages are called, where that matters."""
    numbers = {one.row["workflow_id"] for one in parcels} - {None}
    if not office.workflows or not numbers:
        return {}
    query = select(workflow.c.id, workflow.c.name).where(workflow.c.id.in_(sorted(numbers)))
    return {row.id: row.name for row in work.connection.execute(query)}


def _codes(work: Work, letters: Collection[int]) -> dict[int, dict[int, str]]:
    """Return the codes that messages have already, by message and place."""
    own, made = mail_link.c, dict[int, dict[int, str]]()
    query = select(own.outbox_id, own.place, own.code).where(own.outbox_id.in_(sorted(letters)))
    for letter, place, code in work.connection.execute(query):
        made.setdefault(letter, {})[place] = code
    return made


def _with_picture(html: str, url: str) -> str:
    picture = f'<img src="{escape(url)}" width="1" height="1" alt="" style="display:block">'
    end = next(iter(reversed(list(_END.finditer(html)))), None)
    place = len(html) if end is None else end.start()
    return html[:place] + picture + html[place:]


def _mailto(row: Mapping[str, Any]) -> str:
    sender = Mailbox.read(row["sender"]).address
    return f"<mailto:{quote(sender, safe='@+')}?subject=unsubscribe>"


def _plain(row: Mapping[str, Any]) -> Dress | None:
    """Return what a message says whose way out of the list is a mail; None as it is written."""
    if row["channel"] != "email":
        return None
    way = _mailto(row)
    text, html = (row[part].replace(WAY_OUT, way[1:-1]) for part in ("text", "html"))
    return Dress(text, html, (("List-Unsubscribe", way),) if _may_be_left(row) else ())
