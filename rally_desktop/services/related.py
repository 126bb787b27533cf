"""The records around one: its company, the people there, its deals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true

from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import company, contact, deal
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
    companies: tuple[Related, ...] = ()


def of(work: Work, ref: Ref) -> Around:
    """Return a company's people and deals, a contact's company, colleagues and deals.

    Around a deal are its company and its contact.
    """
    found = work.record(ref)
    at = ref.id if ref.kind == "company" else found["company_id"]
    companies = _companies(work, at) if ref.kind != "company" else ()
    if ref.kind == "deal":
        people, count = _people(work, contact.c.id == found["contact_id"])
        return Around(people, count, companies=companies)
    people, count = _people(work, _there(at, ref))
    own, link = deal.c, deal.c[f"{ref.kind}_id"]
    mine = (link == ref.id, own.deleted_at.is_(None))
    counted: Any = select(func.count(), func.coalesce(func.sum(own.amount), 0.0)).where(*mine)
    found_deals: Any = work.connection.execute(counted).one()
    deals_count, total = found_deals
    return Around(people, count, _deals(work, mine), deals_count, float(total), companies)


def _there(at: int | None, ref: Ref) -> ColumnElement[bool]:
    """Ask for the people of a company; a contact is no colleague of its own."""
    own = contact.c
    return and_(own.company_id == at, own.id != ref.id if ref.kind == "contact" else true())


def _companies(work: Work, number: int | None) -> tuple[Related, ...]:
    own = company.c
    query: Any = select(own.id, own.name, own.industry, own.city)
    found: Any = work.connection.execute(query.where(own.id == number, own.deleted_at.is_(None)))
    return tuple(Related(Ref("company", row[0]), row[1], row[2] or row[3]) for row in found)


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


def _people(work: Work, who: ColumnElement[bool]) -> tuple[tuple[Related, ...], int]:
    own = contact.c
    mine = (who, own.deleted_at.is_(None))
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
