"""The messages of a run as they were written, word for word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import outbox
from rally_desktop.model.work import Work


@dataclass(frozen=True)
class Written:
    """One message of the outbox: at which visit, to which address, what it said, when it left."""

    id: int
    seq: int
    channel: str
    address: str
    subject: str
    text: str
    html: str
    sent_at: datetime | None


def of_run(work: Work, ref: Ref, run_id: int) -> tuple[Written, ...]:
    """Return the messages that a run of a record has written, the first ones first."""
    columns = outbox.c
    query = (
        select(*(columns[name] for name in Written.__dataclass_fields__))
        .where(columns.record_kind == ref.kind, columns.record_id == ref.id)
        .where(columns.run_id == run_id, columns.seq.is_not(None))
        .order_by(columns.id)
    )
    return tuple(Written(*row) for row in work.connection.execute(query))
