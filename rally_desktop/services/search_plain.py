"""The search where there is no index: every record is looked at, and must be spelt as typed."""

from __future__ import annotations

from sqlalchemy import or_, select

from rally_desktop.core.words import Asked
from rally_desktop.model import tables
from rally_desktop.model.work import Work
from rally_desktop.services.search_hits import WRITTEN


def pool(work: Work, kind: str, asked: Asked, limit: int) -> list[int]:
    """Return the newest things of a kind in which every word stands as it was typed."""
    own = tables.metadata.tables[kind].c
    named = [own[name] for name in WRITTEN[kind][:2] if name] if kind in WRITTEN else []
    columns = named or [own.search_text]
    holds = (
        or_(*(column.icontains(word, autoescape=True) for column in columns))
        for word in asked.typed.split()
    )
    query = select(own.id).where(*holds).order_by(own.id.desc()).limit(limit)
    if "deleted_at" in own:
        query = query.where(own.deleted_at.is_(None))
    return list(work.connection.execute(query).scalars())
