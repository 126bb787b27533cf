"""Workflows, their immutable versions, the runs through them, and what each visit did."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    false,
    text,
)

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
    # Goes up whenever the draft becomes another document; ``draft_from`` is who wrote it last:
    # «page:how many changes that page had made» (services/drafts.py).
    hidden("draft_revision", Integer, nullable=False, server_default="0"),
    hidden("draft_from", String(64), nullable=False, server_default=""),
    # The entry of its history that the draft stands at, and the revision that this is true of.
    hidden("history_at", Integer, nullable=False, server_default="0"),
    hidden("history_revision", Integer, nullable=False, server_default="-1"),
    # The version that enrols; NULL while unpublished. ``state``: draft, published, paused,
    # finishing (nobody enters any more, those inside go on).
    hidden("published_id", Id),
    hidden("state", String(16), nullable=False),
    hidden("why", Text, nullable=False, server_default=""),
    # How the last fifty visits went, one letter each, the newest last (engine/breaker.py).
    hidden("health", String(64), nullable=False, server_default=""),
    hidden("created_at", nullable=False),
    hidden("updated_at", nullable=False),
    hidden("deleted_at"),
    hidden("deleted_by", Id),
)

# What was changed in a draft, one step of undo and redo a row (model/patch.py).
draft_history = Table(
    "draft_history",
    metadata,
    Column("workflow_id", Id, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("title", String(200), nullable=False),
    Column("patch", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# The page that has a draft open for editing; it renews this, so that it ends with its program.
draft_seat = Table(
    "draft_seat",
    metadata,
    Column("workflow_id", Id, primary_key=True, autoincrement=False),
    Column("page", String(40), nullable=False),
    Column("who", String(200), nullable=False),
    Column("computer", String(200), nullable=False),
    Column("process", Integer, nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
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
    Column("trigger", String(64), nullable=False, server_default=""),
    Column("chain", String(200), nullable=False, server_default=""),
    Column("seq", Integer, nullable=False, server_default="0"),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("parallel", Boolean, nullable=False, server_default=false()),
    Column("reason", String(40), nullable=False, server_default=""),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    # Since when it has been paused, held, in review or in need of attention; when a pause ends.
    Column("since", Instant),
    Column("resume_at", Instant),
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
_ASIDE = "state in ('in_review', 'held', 'paused', 'needs_attention')"
Index(
    "ix_run_aside",
    run.c.state,
    run.c.since,
    sqlite_where=text(_ASIDE),
    postgresql_where=text(_ASIDE),
)
# When the next pause ends; and runs that nothing would ever move again (engine/watchdog.py).
_PAUSED = "state = 'paused' and resume_at is not null"
Index(
    "ix_run_resume",
    run.c.resume_at,
    sqlite_where=text(_PAUSED),
    postgresql_where=text(_PAUSED),
)
_STRANDED = "state = 'active' and due_at is null and awaited is null"
Index(
    "ix_run_stranded",
    run.c.id,
    sqlite_where=text(_STRANDED),
    postgresql_where=text(_STRANDED),
)
Index(
    "ix_run_awaited",
    run.c.awaited,
    sqlite_where=text("awaited is not null"),
    postgresql_where=text("awaited is not null"),
)

enrolment = Table(
    "enrolment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("workflow_id", Id, nullable=False),
    Column("trigger", String(64), nullable=False, server_default=""),
    Column("record_kind", String(8), nullable=False),
    Column("record_id", Id, nullable=False),
    Column("cause", String(80), nullable=False),
    Column("chain", String(200), nullable=False, server_default=""),
    # Why it waits: settling, throttled, queued, asked (a person decides); or for the next beat:
    # by_hand, by_step, by_program, leaving.
    Column("state", String(16), nullable=False),
    Column("due_at", Instant),
    Column("at", Instant, nullable=False),
    Column("user_id", Id),
)
Index(
    "ix_enrolment_due",
    enrolment.c.due_at,
    sqlite_where=text("due_at is not null"),
    postgresql_where=text("due_at is not null"),
)
Index(
    "ix_enrolment_cause",
    enrolment.c.record_kind,
    enrolment.c.record_id,
    enrolment.c.workflow_id,
    enrolment.c.cause,
    unique=True,
)
Index("ix_enrolment_workflow", enrolment.c.workflow_id, enrolment.c.state)

# Up to when a trigger that goes by the clock has looked; whom «starts to match» saw matching.
watermark = Table(
    "watermark",
    metadata,
    Column("workflow_id", Id, primary_key=True, autoincrement=False),
    Column("trigger", String(64), primary_key=True),
    Column("until", Instant, nullable=False),
    sqlite_with_rowid=False,
)

matching = Table(
    "matching",
    metadata,
    Column("workflow_id", Id, primary_key=True, autoincrement=False),
    Column("trigger", String(64), primary_key=True),
    Column("record_id", Id, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# Round robin: how many records each member of a pool has been given (``pool``: workflow:step).
rotation = Table(
    "rotation",
    metadata,
    Column("pool", String(120), primary_key=True),
    Column("user_id", Id, primary_key=True, autoincrement=False),
    Column("given", Integer, nullable=False),
    Column("last_at", Instant),
    sqlite_with_rowid=False,
)

# What a step asked of the network, done outside the run's transaction: an HTTP request.
job = Table(
    "job",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("run_id", Id, nullable=False),
    Column("step", String(64), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("request", Text, nullable=False),
    # ready, claimed, done, retry, failed, doubt
    Column("state", String(16), nullable=False),
    Column("token", String(40)),
    Column("claimed_until", Instant),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("due_at", Instant, nullable=False),
    Column("answer", Text, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
)
_OPEN_JOB = "state in ('ready', 'claimed', 'retry')"
Index("ix_job_due", job.c.due_at, sqlite_where=text(_OPEN_JOB), postgresql_where=text(_OPEN_JOB))
Index("ix_job_run", job.c.run_id, job.c.seq, unique=True)

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
# What came of the visits to each step is counted from the index alone (services/figures.py).
Index(
    "ix_visit_step",
    visit.c.version_id,
    visit.c.step,
    visit.c.outcome,
    visit.c.exit,
    visit.c.at,
)

# Why a cause did not enrol, one row for all the workflows that it asked: {reason: [workflow]}.
verdict = Table(
    "verdict",
    metadata,
    Column("record_kind", String(8), primary_key=True),
    Column("record_id", Id, primary_key=True, autoincrement=False),
    Column("cause", String(80), primary_key=True),
    Column("refusals", Text, nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_verdict_at", verdict.c.at)
