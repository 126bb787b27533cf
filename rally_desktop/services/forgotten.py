"""Addresses of people who were erased, known again by a digest alone.

So neither an import nor a mailbox brings them back unasked, and nothing is sent to them.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection

from sqlalchemy import delete, select

from rally_desktop.core.errors import NotFound
from rally_desktop.core.fold import fold
from rally_desktop.model.changes import RowAdded
from rally_desktop.model.tables import suppression
from rally_desktop.model.work import Work
from rally_desktop.services import settings

KEY = "erasure_key"  # the office's own, so that digests of two offices cannot be compared
REASON = "erased"
WHY = "This person was erased at their own wish. If they came back by themselves, add them by hand."
_MARK = "erased:"


def remember(work: Work, channel: str, addresses: Collection[str]) -> None:
    """Let these addresses be known again, and take them off the list of those to be spared."""
    plain = {fold(address) for address in addresses} - {""}
    if not plain:
        return
    own = suppression.c
    work.connection.execute(
        delete(suppression).where(own.channel == channel, own.address.in_(sorted(plain)))
    )
    digests = {_digest(work, channel, address) for address in plain}
    query = select(own.address).where(own.channel == channel, own.address.in_(sorted(digests)))
    for digest in sorted(digests - set(work.connection.execute(query).scalars())):
        row = {"channel": channel, "address": digest, "reason": REASON, "at": work.now}
        work.change(RowAdded("suppression", row))


def among(work: Work, channel: str, addresses: Collection[str]) -> set[str]:
    """Return those of these folded addresses that belong to people who were erased."""
    if not addresses or settings.get(work, KEY) is None:
        return set()
    digests = {_digest(work, channel, address): address for address in addresses}
    own = suppression.c
    query = select(own.address).where(own.channel == channel, own.address.in_(sorted(digests)))
    return {digests[found] for found in work.connection.execute(query).scalars()}


def let_back(work: Work, channel: str, address: str) -> None:
    """Let somebody be imported and written to again who came back; raise NotFound."""
    known = among(work, channel, {fold(address)})
    if not known:
        raise NotFound("Nobody with that address was erased.")
    digest = _digest(work, channel, fold(address))
    own = suppression.c
    work.connection.execute(
        delete(suppression).where(own.channel == channel, own.address == digest)
    )
    work.touched.add("suppression")


def _digest(work: Work, channel: str, address: str) -> str:
    key = settings.get(work, KEY)
    if key is None:
        key = secrets.token_hex(32)
        settings.put(work, KEY, key)
    said = hmac.new(bytes.fromhex(key), f"{channel}:{address}".encode(), hashlib.sha256)
    return f"{_MARK}{said.hexdigest()}"
