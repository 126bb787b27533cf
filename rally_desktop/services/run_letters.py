"""Messages of runs that somebody can still do something about: recall them, or say what became."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import outbox
from rally_desktop.model.work import Work
from rally_desktop.services.holding import IN_DOUBT
from rally_desktop.services.outbox import WAITING


@dataclass(frozen=True)
class Letter:
    """A message of a run that somebody can still do something about."""

    id: int
    seq: int
    state: str
    due_at: datetime
    reason: str
    answer: str

    @property
    def in_doubt(self) -> bool:
        """Say whether nobody can tell if it was sent; otherwise it can be recalled."""
        return self.state == "doubt"


def of_run(work: Work, ref: Ref, run_id: int) -> tuple[Letter, ...]:
    """Return the messages of a run that can be recalled or are in doubt."""
    columns = outbox.c
    query = (
        select(*(columns[name] for name in Letter.__dataclass_fields__))
        .where(columns.record_kind == ref.kind, columns.record_id == ref.id)
        .where(columns.run_id == run_id, columns.state.in_((*WAITING, "doubt")))
        .order_by(columns.id)
    )
    return tuple(Letter(*row) for row in work.connection.execute(query))


def run_in_doubt(work: Work) -> int | None:
    """Return the run whose message has been in doubt the longest; None where none is."""
    columns = outbox.c
    query = select(columns.run_id).where(IN_DOUBT, columns.run_id.is_not(None))
    return work.connection.execute(query.order_by(columns.id).limit(1)).scalar()
