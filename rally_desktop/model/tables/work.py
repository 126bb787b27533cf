"""What people do about records: tags, tasks, calls, meetings, notes."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, false

from rally_desktop.core.schema import Moment, Pick
from rally_desktop.core.schema import Text as Line
from rally_desktop.model.tables.base import (
    Id,
    Instant,
    Json,
    hidden,
    key,
    linked,
    metadata,
    shown,
    trash_index,
)


def _about() -> tuple[Column[str], Column[int]]:
    return (
        Column("record_kind", String(8), nullable=False),
        Column("record_id", Id, nullable=False),
    )


tag = Table(
    "tag",
    metadata,
    key(),
    hidden("name", String(100), nullable=False),
    hidden("name_key", String(100), nullable=False, unique=True),
    hidden("colour", String(16), nullable=False, server_default=""),
)

record_tag = Table(
    "record_tag",
    metadata,
    Column("record_kind", String(8), primary_key=True),
    Column("record_id", Id, primary_key=True, autoincrement=False),
    Column("tag_id", Id, ForeignKey("tag.id"), primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
Index("ix_record_tag_tag", record_tag.c.tag_id, record_tag.c.record_kind, record_tag.c.record_id)

task = Table(
    "task",
    metadata,
    key(),
    *_about(),
    shown("type", String(40), Pick("Type", source="task_type"), nullable=False),
    shown("title", String(400), Line("Task"), nullable=False),
    shown("description", Text, Line("More about it"), nullable=False, server_default=""),
    shown("due_at", Instant, Moment("Due", required=False, time=True)),
    shown("done_at", Instant, Moment("Done on", required=False, time=True)),
    # What whoever completed it decided, where it asked for a decision: approved, rejected.
    hidden("answer", String(40), nullable=False, server_default=""),
    linked("assignee_id", "user_account.id", Pick("Assignee", source="user", required=False)),
    shown("priority", String(40), Pick("Priority", source="task_priority"), nullable=False),
    hidden("run_id", Id),
    hidden("deleted_at"),
    linked("deleted_by", "user_account.id"),
    shown("created_at", Instant, Moment("Added", required=False, time=True), nullable=False),
)
Index("ix_task_record", task.c.record_kind, task.c.record_id)
trash_index(task)
Index("ix_task_open", task.c.assignee_id, task.c.due_at)
# Open tasks are listed by when they are due, from among all that were ever done.
Index(
    "ix_task_due",
    task.c.due_at,
    task.c.id,
    sqlite_where=task.c.done_at.is_(None),
    postgresql_where=task.c.done_at.is_(None),
)

call = Table(
    "call",
    metadata,
    key(),
    *_about(),
    hidden("direction", String(8), nullable=False),
    hidden("outcome", String(40), nullable=False),
    hidden("seconds", Integer),
    hidden("text", Text, nullable=False, server_default=""),
    hidden("at", nullable=False),
    linked("user_id", "user_account.id"),
)
Index("ix_call_record", call.c.record_kind, call.c.record_id)

meeting = Table(
    "meeting",
    metadata,
    key(),
    *_about(),
    hidden("type", String(40), nullable=False),
    hidden("title", String(400), nullable=False),
    hidden("starts_at", nullable=False),
    hidden("ends_at"),
    hidden("done_at"),
    hidden("cancelled", Boolean, nullable=False, server_default=false()),
    linked("user_id", "user_account.id"),
)
Index("ix_meeting_record", meeting.c.record_kind, meeting.c.record_id)

note = Table(
    "note",
    metadata,
    key(),
    *_about(),
    hidden("text", Text, nullable=False),
    hidden("at", nullable=False),
    linked("user_id", "user_account.id"),
    hidden("edited_at"),
    hidden("deleted_at"),
)
Index("ix_note_record", note.c.record_kind, note.c.record_id)
trash_index(note)

notification = Table(
    "notification",
    metadata,
    key(),
    linked("user_id", "user_account.id"),
    Column("record_kind", String(8)),
    Column("record_id", Id),
    hidden("text", Text, nullable=False),
    hidden("at", nullable=False),
    hidden("seen_at"),
)
Index("ix_notification_user", notification.c.user_id, notification.c.id)

# Two records that became one, and all that is needed to part them again.
record_merge = Table(
    "record_merge",
    metadata,
    key(),
    hidden("record_kind", String(8), nullable=False),
    hidden("kept_id", Id, nullable=False),
    hidden("gone_id", Id, nullable=False),
    hidden("at", nullable=False),
    hidden("user_id", Id),
    hidden("undone_at"),
    hidden("detail", Json, nullable=False),
)
Index("ix_record_merge_kept", record_merge.c.record_kind, record_merge.c.kept_id)
Index("ix_record_merge_gone", record_merge.c.record_kind, record_merge.c.gone_id)

# Records that look alike and are not the same: somebody said so.
distinct_pair = Table(
    "distinct_pair",
    metadata,
    Column("record_kind", String(8), primary_key=True),
    Column("low_id", Id, primary_key=True, autoincrement=False),
    Column("high_id", Id, primary_key=True, autoincrement=False),
    hidden("at", nullable=False),
    hidden("user_id", Id),
)
