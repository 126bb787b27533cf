"""What a message goes back to: the chain of answers before it (RFC 5322, 3.6.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import or_, select

from rally_desktop.model.tables import message
from rally_desktop.model.work import Work

# As long as a chain becomes in a head: the first, and the last before the answer.
MOST = 20
_NAME = re.compile(r"<[!-;=?-~]{1,298}>")


def references(work: Work, answered: str) -> tuple[str, ...]:
    """Return the Message-IDs of a conversation up to the message that is answered, bounded."""
    chain = list(_upwards(work, answered))[::-1]
    return (*chain[:1], *chain[1:][-(MOST - 1) :])


def _upwards(work: Work, name: str) -> Iterator[str]:
    """Yield a message's own name, what it answers, and so on; last where it all began."""
    own, known, root = message.c, set[str](), ""
    while _NAME.fullmatch(name) and name not in known and len(known) < MOST:
        known.add(name)
        yield name
        query = select(own.in_reply_to, own.root).where(
            or_(own.message_id == name, own.server_id == name), own.channel == "email"
        )
        row = work.connection.execute(query.order_by(own.id).limit(1)).one_or_none()
        name, root = (row.in_reply_to, row.root or root) if row else ("", root)
    if _NAME.fullmatch(root) and root not in known:
        yield root
