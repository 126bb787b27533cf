"""Long text messages that come in part by part: kept until all are there, then put together."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from rally_desktop.core import texts
from rally_desktop.model.changes import RowAdded
from rally_desktop.model.tables import mail_account, sms_arrival
from rally_desktop.model.work import Work
from rally_desktop.outside.sms.base import Incoming

PATIENCE = timedelta(hours=1)  # a reference of one sender comes round again after some hundred
_MEMO = "sms pieces"


def put_together(work: Work, account_id: int, one: Incoming, name: str) -> Incoming | None:
    """Keep a part; return the whole message with the last of them, None while one is missing."""
    assert one.piece is not None
    mark = f"{one.sender}/{one.piece.whole}/"[:80]
    # One part after the other: of two at once neither would see that the other is there.
    own = mail_account.c.id
    work.connection.execute(select(own).where(own == account_id).with_for_update())
    row = {
        "id": work.new_id("sms_arrival"), "account_id": account_id, "gateway_id": name,
        "number": f"{mark}{one.piece.place}"[:40], "text": texts.mended(one.text), "at": work.now,
        "ignored": True,
    }  # fmt: skip
    work.change(RowAdded("sms_arrival", row))
    found = _kept(work, account_id, mark)
    fresh: dict[str, str] = work.memo.setdefault((_MEMO, account_id), {})
    fresh[row["number"]] = one.text
    found |= fresh
    wanted = [f"{mark}{place}"[:40] for place in range(1, one.piece.count + 1)]
    if not all(part in found for part in wanted):
        return None
    text = "".join(found[part] for part in wanted)
    return replace(one, id=f"{name} whole", text=text, piece=None)


def _kept(work: Work, account_id: int, mark: str) -> dict[str, str]:
    """Return the parts that came before, by their place."""
    own = sms_arrival.c
    query = select(own.number, own.text).where(
        own.account_id == account_id, own.number.startswith(mark, autoescape=True),
        own.ignored, own.contact_id.is_(None), own.at > work.now - PATIENCE,
    )  # fmt: skip
    return {row[0]: row[1] for row in work.connection.execute(query)}
