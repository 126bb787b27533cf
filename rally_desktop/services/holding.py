"""Messages that lie in the outbox until somebody lets them go: paused, unpublished, asked about.

They keep the moment at which they go stale, as waiting for a person makes nobody's news fresher.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, text, update

from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import outbox
from rally_desktop.model.work import Work

REASONS = ("paused", "not_published", "run_paused", "ask_first", "unreadable")
# Literal, as the indexes say it: a parameter would leave the database in the dark.
WAITS = text("outbox.state in ('held', 'ready', 'retry')")
IN_DOUBT = text("outbox.state = 'doubt'")
LOOK_AGAIN = timedelta(hours=1)  # so often it is asked whether they may go, or are stale


def let_go_of_workflow(work: Work, workflow_id: int) -> None:
    """Ask at once whether what waits of a workflow may go, because it moves again."""
    _look_at(work, outbox.c.workflow_id == workflow_id)


def let_go_of_run(work: Work, ref: Ref, run_id: int) -> None:
    """Ask at once whether what waits of a run may go, because it goes on."""
    columns = outbox.c
    about = (columns.record_kind == ref.kind, columns.record_id == ref.id)
    _look_at(work, *about, columns.run_id == run_id)


def _look_at(work: Work, *where: ColumnElement[bool]) -> None:
    held_back = outbox.c.reason.in_(REASONS)
    work.connection.execute(update(outbox).where(*where, WAITS, held_back).values(due_at=work.now))
