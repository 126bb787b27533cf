"""The deals of a pipeline by stage: how many, how much, and the cards of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import company, contact, deal, user_account
from rally_desktop.model.work import Work
from rally_desktop.services import deals, grid
from rally_desktop.services.deals import Stage
from rally_desktop.services.grid import Query

PAGE = 60


@dataclass(frozen=True)
class Card:
    """One deal as the board shows it; ``since`` is when it came to its stage."""

    id: int
    name: str
    stage: str
    amount: float | None
    contact: str
    company: str
    owner: str
    expected_close: datetime | None
    since: datetime | None

    @property
    def ref(self) -> Ref:
        """Return which record it is."""
        return Ref("deal", self.id)


@dataclass(frozen=True)
class Column:
    """One stage: how many deals stand there, what they are worth, and the newest of them."""

    stage: Stage
    count: int
    total: float
    cards: tuple[Card, ...]

    @property
    def weighted(self) -> float:
        """Return what the stage is worth by the odds of winning."""
        return self.total * self.stage.probability / 100


def pipelines(work: Work) -> tuple[str, ...]:
    """Return the names of the office's pipelines, in order."""
    return tuple(dict.fromkeys(stage.pipeline for stage in deals.stages(work)))


def columns(
    work: Work, pipeline: str, query: Query, shown: dict[str, int] | None = None
) -> tuple[Column, ...]:
    """Return the stages of a pipeline with the deals that match; ``shown`` is how many of each."""
    own, wanted = deal.c, shown or {}
    counted: Any = select(own.stage, func.count(), func.coalesce(func.sum(own.amount), 0.0))
    found: Any = work.connection.execute(
        grid.matching(work, "deal", _plain(query), counted)
        .where(own.pipeline == pipeline)
        .group_by(own.stage)
    )
    totals = {stage: (count, float(total)) for stage, count, total in found}
    made = []
    for stage in deals.stages(work, pipeline):
        count, total = totals.get(stage.name, (0, 0.0))
        most = wanted.get(stage.name, PAGE)
        few = cards(work, pipeline, stage.name, query, most) if count else ()
        made.append(Column(stage, count, total, tuple(few)))
    return tuple(made)


def cards(work: Work, pipeline: str, stage: str, query: Query, most: int) -> Iterable[Card]:
    """Return the deals of a stage, whoever came there last first."""
    own = deal.c
    names = (own.id, own.name, own.stage, own.amount, contact.c.first_name, contact.c.last_name)
    more = (company.c.name, user_account.c.name, own.expected_close)
    statement: Any = (
        select(*names, *more, func.coalesce(own.stage_moved_at, own.created_at))
        .select_from(deal)
        .join(contact, contact.c.id == own.contact_id, isouter=True)
        .join(company, company.c.id == own.company_id, isouter=True)
        .join(user_account, user_account.c.id == own.owner_id, isouter=True)
    )
    found: Any = work.connection.execute(
        grid.matching(work, "deal", _plain(query), statement)
        .where(own.pipeline == pipeline, own.stage == stage)
        .order_by(func.coalesce(own.stage_moved_at, own.created_at).desc(), own.id.desc())
        .limit(most)
    )
    for number, name, where, amount, first, last, office, owner, close, since in found:
        person = f"{first or ''} {last or ''}".strip()
        yield Card(number, name, where, amount, person, office or "", owner or "", close, since)


def _plain(query: Query) -> Query:
    """Return what a query asks for without the order of a grid."""
    return Query(query.filter, query.text)
