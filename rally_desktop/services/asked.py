"""Everything about sending that waits for somebody's word, in one look."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from rally_desktop.model.tables import outbox
from rally_desktop.model.work import Work
from rally_desktop.services import mail_accounts, receiving, safeguards
from rally_desktop.services.holding import IN_DOUBT
from rally_desktop.services.safeguards import Question


@dataclass(frozen=True)
class Paused:
    """A mail account that was paused, and why."""

    id: int
    address: str
    why: str


@dataclass(frozen=True)
class Asked:
    """What waits: all sending, workflows' questions, paused accounts, messages in doubt.

    The mail of ``unread`` accounts cannot be read, and not for the first time.
    """

    stopped: bool = False
    questions: tuple[Question, ...] = ()
    accounts: tuple[Paused, ...] = ()
    doubts: int = 0
    unread: tuple[Paused, ...] = ()


def now(work: Work) -> Asked:
    """Return what waits for somebody's word now."""
    paused = tuple(
        Paused(one.id, one.address, one.paused_why)
        for one in mail_accounts.accounts(work)
        if one.paused_why
    )
    stopped, questions = safeguards.sending_stopped(work), tuple(safeguards.questions(work))
    return Asked(stopped, questions, paused, doubts(work), _unread(work))


def _unread(work: Work) -> tuple[Paused, ...]:
    boxes = receiving.troubles(work)
    return tuple(
        Paused(one.id, one.address, boxes[one.id].trouble)
        for one in mail_accounts.accounts(work)
        if one.id in boxes and boxes[one.id].tries > 1
    )


def doubts(work: Work) -> int:
    """Return how many messages are in doubt."""
    query = select(func.count()).select_from(outbox).where(IN_DOUBT)
    return work.connection.execute(query).scalar_one()
