"""The office itself: users, settings, lists of its own, saved views, leases."""

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
    true,
)

from rally_desktop.model.tables.base import Id, Instant, Json, hidden, key, linked, metadata

user_account = Table(
    "user_account",
    metadata,
    key(),
    hidden("name", String(200), nullable=False),
    hidden("email", String(320), nullable=False, server_default=""),
    hidden("role", String(16), nullable=False),
    hidden("active", Boolean, nullable=False, server_default=true()),
    hidden("away_until"),
    hidden("time_zone", String(64), nullable=False, server_default=""),
    hidden("password_hash", String(200), nullable=False, server_default=""),
)

setting = Table(
    "setting",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("value", Json, nullable=False),
)

choice = Table(
    "choice",
    metadata,
    key(),
    hidden("list", String(40), nullable=False),
    hidden("value", String(200), nullable=False),
    hidden("position", Integer, nullable=False),
    hidden("terminal", Boolean, nullable=False, server_default=false()),
    hidden("archived", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("list", "value"),
)

custom_field = Table(
    "custom_field",
    metadata,
    key(),
    hidden("record_kind", String(8), nullable=False),
    hidden("name", String(64), nullable=False),
    hidden("label", String(200), nullable=False),
    hidden("kind", String(16), nullable=False),
    hidden("options", Json),
    hidden("position", Integer, nullable=False),
    hidden("archived", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("record_kind", "name"),
)

saved_view = Table(
    "saved_view",
    metadata,
    key(),
    hidden("page", String(40), nullable=False),
    hidden("name", String(200), nullable=False),
    linked("user_id", "user_account.id"),
    hidden("definition", Json, nullable=False),
)

lease = Table(
    "lease",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("holder", String(100), nullable=False),
    Column("token", Id, nullable=False),
    Column("until", Instant, nullable=False),
)

secret = Table(
    "secret",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("sealed", Text, nullable=False),
)

import_job = Table(
    "import_job",
    metadata,
    key(),
    hidden("file_name", String(400), nullable=False),
    hidden("record_kind", String(8), nullable=False),
    linked("user_id", "user_account.id"),
    hidden("at", nullable=False),
    hidden("headings", Json, nullable=False),
    # How many rows came to what; nothing while it goes on, or where it was cut short.
    hidden("result", Json),
    hidden("undone_at"),
)

# What one batch of an import did, so that it can be undone, and the rows that it refused.
import_batch = Table(
    "import_batch",
    metadata,
    key(),
    linked("job_id", "import_job.id"),
    hidden("at", nullable=False),
    hidden("detail", Json, nullable=False),
)
Index("ix_import_batch_job", import_batch.c.job_id)

# Whom somebody had erased, by number alone: that it was done, by whom and how much went.
erasure = Table(
    "erasure",
    metadata,
    key(),
    hidden("erased_id", Id, nullable=False),
    # begun, waiting (a message is being handed over), done
    hidden("state", String(16), nullable=False),
    hidden("at", nullable=False),
    hidden("done_at"),
    hidden("user_id", Id),
    hidden("counts", Json),
)
Index(
    "ix_erasure_open",
    erasure.c.state,
    sqlite_where=erasure.c.done_at.is_(None),
    postgresql_where=erasure.c.done_at.is_(None),
)
