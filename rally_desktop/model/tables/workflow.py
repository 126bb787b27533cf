"""Workflows, their immutable versions, the runs through them, and what each visit did."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, false, text

from rally_desktop.model.tables.base import Id, Instant, hidden, key, linked, metadata

OPEN_STATES = ("in_review", "active", "held", "paused", "needs_attention")
_OPEN = "state in ('in_review', 'active', 'held', 'paused', 'needs_attention')"

workflow = Table(
    "workflow",
    metadata,
    key(),
    hidden("name", String(200), nullable=False),
    hidden("purpose", String(16), nullable=False),
    hidden("record_kind", String(8), nullable=False),
    hidden("draft", Text),
    hidden("draft_by", Id),
    hidden("draft_at"),
    # The version that enrols; NULL while unpublished. ``state``: draft, published, paused, held.
    hidden("published_id", Id),
    hidden("state", String(16), nullable=False),
    hidden("why", Text, nullable=False, server_default=""),
    hidden("created_at", nullable=False),
    hidden("updated_at", nullable=False),
    hidden("deleted_at"),
)

workflow_version = Table(
    "workflow_version",
    metadata,
    key(),
    linked("workflow_id", "workflow.id"),
    hidden("number", Integer, nullable=False),
    hidden("definition", Text, nullable=False),
    hidden("published_at", nullable=False),
    hidden("published_by", Id),
)
Index("ix_workflow_version_workflow", workflow_version.c.workflow_id)

run = Table(
    "run",
    metadata,
    Column("id", Id, primary_key=True),
    Column("workflow_id", Id, nullable=False),
    Column("version_id", Id, nullable=False),
    Column("record_kind", String(8), nullable=False),
    Column("record_id", Id, nullable=False),
    Column("state", String(16), nullable=False),
    Column("step", String(64)),
    Column("exit", String(64)),
    Column("due_at", Instant),
    Column("awaited", String(200)),
    # What began it: «activity:7», «user:3:…»; the same cause never enrols twice.
    Column("cause", String(80), nullable=False),
    Column("chain", String(200), nullable=False, server_default=""),
    Column("seq", Integer, nullable=False, server_default="0"),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("parallel", Boolean, nullable=False, server_default=false()),
    Column("reason", String(40), nullable=False, server_default=""),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
)
Index(
    "ix_run_due",
    run.c.due_at,
    sqlite_where=text("state = 'active' and due_at is not null"),
    postgresql_where=text("state = 'active' and due_at is not null"),
)
Index(
    "ix_run_at_step",
    run.c.version_id,
    run.c.step,
    sqlite_where=text(_OPEN),
    postgresql_where=text(_OPEN),
)
Index("ix_run_record", run.c.record_kind, run.c.record_id, run.c.workflow_id)
Index(
    "ix_run_inside",
    run.c.workflow_id,
    run.c.record_kind,
    run.c.record_id,
    unique=True,
    sqlite_where=text(f"{_OPEN} and not parallel"),
    postgresql_where=text(f"{_OPEN} and not parallel"),
)
Index(
    "ix_run_cause", run.c.workflow_id, run.c.record_kind, run.c.record_id, run.c.cause, unique=True
)
Index("ix_run_started", run.c.started_at)

visit = Table(
    "visit",
    metadata,
    Column("run_id", Id, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("version_id", Id, nullable=False),
    Column("step", String(64), nullable=False),
    # done, skipped, failed, waiting, stopped
    Column("outcome", String(16), nullable=False),
    Column("exit", String(64)),
    Column("reason", String(40), nullable=False, server_default=""),
    Column("summary", Text, nullable=False),
    Column("detail", Text),
    Column("at", Instant, nullable=False),
    Column("until", Instant),
    sqlite_with_rowid=False,
)
Index("ix_visit_step", visit.c.version_id, visit.c.step)

verdict = Table(
    "verdict",
    metadata,
    Column("workflow_id", Id, primary_key=True, autoincrement=False),
    Column("activity_id", Id, primary_key=True, autoincrement=False),
    Column("record_kind", String(8), nullable=False),
    Column("record_id", Id, nullable=False),
    Column("reason", String(40), nullable=False),
    Column("detail", Text),
    Column("at", Instant, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_verdict_record", verdict.c.record_kind, verdict.c.record_id)
