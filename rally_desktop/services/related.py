"""The records around one: a company's people and deals, a contact's deals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import contact, deal
from rally_desktop.model.work import Work

MOST = 50


@dataclass(frozen=True)
class Related:
    """One record around another: what it is called, and a word about it."""

    ref: Ref
    name: str
    about: str
    amount: float | None = None


@dataclass(frozen=True)
class Around:
    """The records around one, the first of them; the counts are of all."""

    people: tuple[Related, ...] = ()
    people_count: int = 0
    deals: tuple[Related, ...] = ()
    deals_count: int = 0
    deals_total: float = 0.0


def of(work: Work, ref: Ref) -> Around:
    """Return the people and deals of a company, or the deals of a contact."""
    if ref.kind == "deal":
        return Around()
    own, link = deal.c, deal.c[f"{ref.kind}_id"]
    mine = (link == ref.id, own.deleted_at.is_(None))
    counted: Any = select(func.count(), func.coalesce(func.sum(own.amount), 0.0)).where(*mine)
    found: Any = work.connection.execute(counted).one()
    deals_count, total = found
    people, people_count = _people(work, ref) if ref.kind == "company" else ((), 0)
    return Around(people, people_count, _deals(work, mine), deals_count, float(total))


def _deals(work: Work, mine: tuple[Any, ...]) -> tuple[Related, ...]:
    own = deal.c
    found: Any = work.connection.execute(
        select(own.id, own.name, own.stage, own.amount)
        .where(*mine)
        .order_by(own.updated_at.desc(), own.id.desc())
        .limit(MOST)
    )
    return tuple(
        Related(Ref("deal", number), name, stage, amount) for number, name, stage, amount in found
    )


def _people(work: Work, ref: Ref) -> tuple[tuple[Related, ...], int]:
    own = contact.c
    mine = (own.company_id == ref.id, own.deleted_at.is_(None))
    count = work.connection.execute(select(func.count()).where(*mine)).scalar_one()
    found: Any = work.connection.execute(
        select(own.id, own.first_name, own.last_name, own.email, own.title)
        .where(*mine)
        .order_by(own.sort_name, own.id)
        .limit(MOST)
    )
    people = (
        Related(Ref("contact", number), f"{first} {last}".strip() or email, title or email)
        for number, first, last, email, title in found
    )
    return tuple(people), count
