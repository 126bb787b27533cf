"""Long text messages that come in part by part: put together when all are there, or time is up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import groupby

from sqlalchemy import Row, Select, insert, select, update

from rally_desktop.core import texts
from rally_desktop.model.tables import mail_account, sms_arrival
from rally_desktop.model.work import Work
from rally_desktop.outside.sms.base import Incoming

LONGEST = 5_000  # characters that are kept of a message
PATIENCE = timedelta(hours=1)  # a reference of one sender comes round again after some hundred
_NOTE = "\n(Incomplete: of {count} parts {came} came.)"
_NOTED = re.compile(r"\n\(Incomplete: of \d+ parts \d+ came\.\)$")
_GAP = " […] "
_OWN = sms_arrival.c
# A part that waits for the others: nobody's yet, under the name of the whole instead of a number.
_WAITS = (_OWN.ignored, _OWN.contact_id.is_(None), _OWN.number.like("%/%/%/%"))


def put_together(work: Work, account_id: int, one: Incoming, name: str) -> Incoming | None:
    """Keep a part; return the whole message with the last of them, None while one is missing."""
    assert one.piece is not None
    _take_turns(work, account_id)
    whole = one.piece.whole.replace("/", "")[:12]
    mark = f"{one.sender.replace('/', '')[:20]}/{whole}/{one.piece.count}/"
    row = {
        "id": work.new_id("sms_arrival"), "account_id": account_id, "gateway_id": name,
        "number": f"{mark}{one.piece.place}", "text": texts.mended(one.text), "at": work.now,
        "ignored": True,
    }  # fmt: skip
    work.connection.execute(insert(sms_arrival).values(row))
    query = _parts(account_id).where(
        _OWN.number.startswith(mark, autoescape=True), _OWN.at > work.now - PATIENCE
    )
    rows = work.connection.execute(query).all()
    if len({row.number for row in rows}) < one.piece.count:
        return None
    _let_go(work, rows)
    return replace(one, id=f"{name} whole", text=_text(rows), piece=None)


def overdue(work: Work) -> list[int]:
    """Return the accounts of which a part has waited long enough for the others."""
    query = select(_OWN.account_id).where(*_WAITS, _OWN.at <= work.now - PATIENCE).distinct()
    return list(work.connection.execute(query).scalars())


def given_up(work: Work, account_id: int, patience: timedelta = PATIENCE) -> list[Incoming]:
    """Return what is there of messages of which a part never came, each said to be incomplete."""
    _take_turns(work, account_id)
    made = []
    rows = work.connection.execute(_parts(account_id)).all()
    for mark, group in groupby(sorted(rows, key=_mark), key=_mark):
        found = list(group)
        first = min(row.at for row in found)
        if first > work.now - patience:
            continue
        _let_go(work, found)
        sender, _, count = mark
        note = _NOTE.format(count=count, came=len({row.number for row in found}))
        name = f"{found[0].gateway_id[:110]} part"
        text = _text(found)[: LONGEST - len(note)] + note
        made.append(Incoming(name, sender, "", text, first))
    return made


def bare(text: str) -> str:
    """Return what somebody wrote, without the note that it is incomplete."""
    return _NOTED.sub("", text).replace(_GAP, " ")


def _take_turns(work: Work, account_id: int) -> None:
    """Let one part come after the other: of two at once neither would see the other."""
    own = mail_account.c.id
    work.connection.execute(select(own).where(own == account_id).with_for_update())


def _parts(account_id: int) -> Select:
    columns = (_OWN.id, _OWN.gateway_id, _OWN.number, _OWN.text, _OWN.at)
    return select(*columns).where(_OWN.account_id == account_id, *_WAITS).order_by(_OWN.id)


def _mark(row: Row) -> tuple[str, str, int]:
    """Return the sender of a part, the name of the whole, and how many parts that has."""
    sender, whole, count, _ = row.number.split("/")
    return sender, whole, int(count)


def _place(row: Row) -> int:
    return int(row.number.rpartition("/")[2])


def _text(rows: Sequence[Row]) -> str:
    """Return parts as one text; where some are missing between two, a gap is shown."""
    found = {_place(row): row.text for row in reversed(rows)}
    made, last = "", 0
    for place in sorted(found):
        made += (_GAP if place > last + 1 else "") + found[place]
        last = place
    return made


def _let_go(work: Work, rows: Sequence[Row]) -> None:
    """Keep of parts only that they came: the message has their words now."""
    own = _OWN.id.in_([row.id for row in rows])
    work.connection.execute(update(sms_arrival).where(own).values(number="", text=""))
    work.touched.add("sms_arrival")
