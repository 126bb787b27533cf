"""What the search keeps beside its index: what is still to be read in, and the words of names.

The index itself is none of these tables: each database has its own (``model/search_index.py``).
"""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table

from rally_desktop.model.tables.base import Id, metadata

# By their codes, a to z: a beginning is then a stretch of the index, on every database.
_Word = String(40).with_variant(String(40, collation="C"), "postgresql")

# Numbers that the index does not know yet, from the first to the last of a stretch.
search_pending = Table(
    "search_pending",
    metadata,
    Column("kind", String(8), primary_key=True),
    Column("first_id", Id, primary_key=True, autoincrement=False),
    Column("last_id", Id, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# Every word that is part of a name, and the same backwards: what a typing error was to be.
search_word = Table(
    "search_word",
    metadata,
    Column("word", _Word, primary_key=True),
    Column("backwards", _Word, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_search_word_backwards", search_word.c.backwards)
