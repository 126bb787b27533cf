"""What the office's web service keeps: links in messages, what became of them, forms, keys."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from rally_desktop.model.tables.base import Id, Instant, Json, hidden, key, metadata

# What a message that went out can be asked for by its code: place 0 is the message itself (to
# unsubscribe), −1 its picture, 1 and up its links, each with where it leads.
mail_link = Table(
    "mail_link",
    metadata,
    key(),
    Column("code", String(24), nullable=False, unique=True),
    Column("outbox_id", Id, nullable=False),
    Column("place", Integer, nullable=False),
    Column("url", Text, nullable=False, server_default=""),
    UniqueConstraint("outbox_id", "place"),
)

# How often a link was asked for, and by whom: a person, a machine, or nobody can tell yet.
touch = Table(
    "touch",
    metadata,
    Column("link_id", Id, primary_key=True, autoincrement=False),
    # pending, person, machine
    Column("who", String(8), primary_key=True),
    # The rule by which it was told; the last one where there were several.
    Column("rule", String(24), nullable=False, server_default=""),
    Column("count", Integer, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
)
_PENDING = text("who = 'pending'")
Index("ix_touch_pending", touch.c.last_at, sqlite_where=_PENDING, postgresql_where=_PENDING)

web_form = Table(
    "web_form",
    metadata,
    key(),
    hidden("key", String(64), nullable=False, unique=True),
    hidden("name", String(200), nullable=False),
    hidden("definition", Json, nullable=False),
    hidden("active", Boolean, nullable=False, server_default=true()),
    # How many submissions were set aside as a machine's.
    hidden("robots", Integer, nullable=False, server_default="0"),
    hidden("created_at", nullable=False),
)

form_entry = Table(
    "form_entry",
    metadata,
    key(),
    hidden("form_id", Id, nullable=False),
    hidden("at", nullable=False),
    # The contact that it became or went to; none where it was not taken.
    hidden("record_kind", String(8)),
    hidden("record_id", Id),
    # waiting (for the link in the mail), created, updated, unchanged
    hidden("outcome", String(16), nullable=False),
    hidden("answers", Json, nullable=False),
    # What was agreed to, word by word; empty where nothing was.
    hidden("consent", Text, nullable=False, server_default=""),
    # By what it is confirmed, where a mail with a link went out.
    hidden("code", String(24)),
    hidden("confirmed_at"),
)
Index("ix_form_entry_form", form_entry.c.form_id, form_entry.c.id)
Index("ix_form_entry_record", form_entry.c.record_kind, form_entry.c.record_id)
Index(
    "ix_form_entry_code",
    form_entry.c.code,
    unique=True,
    sqlite_where=form_entry.c.code.is_not(None),
    postgresql_where=form_entry.c.code.is_not(None),
)

# A program that may enrol people from outside; the key itself is nowhere, only its SHA-256.
api_key = Table(
    "api_key",
    metadata,
    key(),
    hidden("name", String(100), nullable=False),
    # The part of the key by which it is known; it proves nothing.
    hidden("handle", String(8), nullable=False, unique=True),
    hidden("digest", String(64), nullable=False),
    # Whether the program may add contacts, too.
    hidden("adds", Boolean, nullable=False, server_default=false()),
    hidden("created_at", nullable=False),
    hidden("created_by", Id),
    hidden("used_at"),
    hidden("revoked_at"),
)
