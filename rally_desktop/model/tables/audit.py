"""The chain over the timeline: what shows that no line was changed, taken out or put in."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, Text

from rally_desktop.model.tables.base import Id, hidden, key, metadata

# One link a transaction; its number is its place in the chain.
audit_link = Table(
    "audit_link",
    metadata,
    key(),
    hidden("at", nullable=False),
    hidden("origin", String(100), nullable=False),
    # The lines that it holds: all from the first to the last, or those of «5-130,140».
    hidden("first", Id, nullable=False),
    hidden("last", Id, nullable=False),
    hidden("lines", Text, nullable=False),
    hidden("digest", String(64), nullable=False),
    hidden("hash", String(64), nullable=False),
    # What nobody guesses a line's words without; it goes where one of them is forgotten.
    hidden("salt", Text, nullable=False),
)
Index("ix_audit_link_first", audit_link.c.first)

# The digest of what a line said before it was erased; the chain still holds by it.
audit_forgotten = Table(
    "audit_forgotten",
    metadata,
    Column("activity_id", Id, primary_key=True, autoincrement=False),
    hidden("digest", String(64), nullable=False),
)
