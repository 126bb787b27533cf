"""The timeline: one line for everything that happened, which is also what the engine reads."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, text

from rally_desktop.model.tables.base import Id, Instant, metadata

activity = Table(
    "activity",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("record_kind", String(8), nullable=False),
    Column("record_id", Id, nullable=False),
    Column("user_id", Id),
    Column("run_id", Id),
    # The workflows whose runs led to this line, outermost first, as «4,9»; empty for people.
    Column("chain", String(200), nullable=False, server_default=""),
    Column("detail", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
)
# A timeline is read in the order in which things happened: what is learnt late stands further down.
Index(
    "ix_activity_record",
    activity.c.record_kind,
    activity.c.record_id,
    activity.c.at,
    activity.c.id,
)
Index("ix_activity_run", activity.c.run_id)
Index("ix_activity_at", activity.c.record_kind, activity.c.at)
# What people did with what was sent to them: few lines among many, counted by sequence.
ANSWERS = (
    "email_received", "sms_received", "email_bounced", "email_unsubscribed", "sms_unsubscribed",
)  # fmt: skip
_ANSWERS = text(f"kind in ({', '.join(repr(kind) for kind in ANSWERS)})")
Index("ix_activity_answer", activity.c.kind, sqlite_where=_ANSWERS, postgresql_where=_ANSWERS)
# What was said, by whomever: what people look for on a timeline that programs have filled.
MESSAGES = (
    "email_queued", "email_sent", "email_failed", "email_doubted", "email_received",
    "email_opened", "email_bounced", "email_unsubscribed", "email_resubscribed", "link_clicked",
    "sms_queued", "sms_sent", "sms_failed", "sms_doubted", "sms_received", "sms_delivered",
    "sms_bounced", "sms_unsubscribed", "sms_resubscribed", "form_submitted",
)  # fmt: skip
CALLS = ("call_logged", "meeting_planned", "meeting_completed", "meeting_cancelled")
NOTES = ("note_added",)
SAID = (*MESSAGES, *CALLS, *NOTES)
_SAID = text(f"kind in ({', '.join(repr(kind) for kind in SAID)})")
Index(
    "ix_activity_said",
    activity.c.record_kind,
    activity.c.record_id,
    activity.c.at,
    activity.c.id,
    sqlite_where=_SAID,
    postgresql_where=_SAID,
)

event_queue = Table(
    "event_queue",
    metadata,
    Column("activity_id", Id, ForeignKey("activity.id"), primary_key=True, autoincrement=False),
)

# Lines of an import that is to trigger so many an hour: they join the queue when they are due.
event_later = Table(
    "event_later",
    metadata,
    Column("activity_id", Id, ForeignKey("activity.id"), primary_key=True, autoincrement=False),
    Column("due_at", Instant, nullable=False),
)
Index("ix_event_later_due", event_later.c.due_at)
