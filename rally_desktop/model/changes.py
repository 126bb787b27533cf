"""What can happen to an office: plain frozen values, and nothing happens but through them.

A service checks what it is asked and says ``work.change(…)``. The flush turns the list into
rows; the line that a change makes on the timeline is the very event that the engine reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from rally_desktop.model.activities import (
    BandReached,
    CallLogged,
    MeetingCancelled,
    MeetingCompleted,
    MeetingPlanned,
    NoteAdded,
    NoteEdited,
    NoteRemoved,
    NoteRestored,
    Notified,
    TaskCompleted,
    TaskCreated,
    TaskReopened,
    TaskWithdrawn,
)
from rally_desktop.model.change import Change, Line
from rally_desktop.model.ref import Ref

__all__ = [
    "BandReached",
    "CallLogged",
    "Change",
    "EnrolmentPut",
    "FieldsSet",
    "Line",
    "MeetingCancelled",
    "MeetingCompleted",
    "MeetingPlanned",
    "MessageFailed",
    "MessageQueued",
    "MessageReceived",
    "MessageSent",
    "NoteAdded",
    "NoteEdited",
    "NoteRemoved",
    "NoteRestored",
    "Noted",
    "Notified",
    "RecordCreated",
    "RecordDeleted",
    "RecordRestored",
    "RecordsMerged",
    "RecordsParted",
    "Refusal",
    "RowAdded",
    "RowChanged",
    "RowRemoved",
    "RunAdvanced",
    "RunHandled",
    "RunStarted",
    "RunState",
    "StageMoved",
    "TagAdded",
    "TagRemoved",
    "TaskCompleted",
    "TaskCreated",
    "TaskReopened",
    "TaskWithdrawn",
    "Visited",
    "WaitOver",
]

# -- records ------------------------------------------------------------------------------


class RecordCreated(Change, frozen=True):
    """A contact, company or deal came to be; ``values`` are its columns."""

    ref: Ref
    values: Mapping[str, Any]
    source: str = ""

    def line(self) -> Line:
        """Say where it came from; the values are the record's own."""
        return Line(self.ref, "created", {"source": self.source} if self.source else {})


class FieldsSet(Change, frozen=True):
    """Fields of a record moved: {field: (old, new)}, only those that differ."""

    ref: Ref
    fields: Mapping[str, tuple[Any, Any]]

    def line(self) -> Line:
        """Say each field with its value before and after."""
        return Line(self.ref, "updated", {"fields": self.fields})


class RecordDeleted(Change, frozen=True):
    """A record went to the trash."""

    ref: Ref

    def line(self) -> Line:
        """Say that it was deleted."""
        return Line(self.ref, "deleted", {})


class RecordRestored(Change, frozen=True):
    """A record came back from the trash."""

    ref: Ref

    def line(self) -> Line:
        """Say that it was restored."""
        return Line(self.ref, "restored", {})


class RecordsMerged(Change, frozen=True):
    """Another record became part of this one; ``merge`` is the number of the merge."""

    ref: Ref
    gone: Ref
    merge: int
    name: str

    def line(self) -> Line:
        """Say which record it was."""
        return Line(
            self.ref, "merged", {"name": self.name, "id": self.gone.id, "merge": self.merge}
        )


class RecordsParted(Change, frozen=True):
    """A merge was undone."""

    ref: Ref
    other: Ref
    name: str

    def line(self) -> Line:
        """Say which record stands by itself again."""
        return Line(self.ref, "parted", {"name": self.name, "id": self.other.id})


class TagAdded(Change, frozen=True):
    """A record got a tag."""

    ref: Ref
    tag: str

    def line(self) -> Line:
        """Say which tag."""
        return Line(self.ref, "tag_added", {"tag": self.tag})


class TagRemoved(Change, frozen=True):
    """A record lost a tag."""

    ref: Ref
    tag: str

    def line(self) -> Line:
        """Say which tag."""
        return Line(self.ref, "tag_removed", {"tag": self.tag})


class StageMoved(Change, frozen=True):
    """A deal moved from one stage to another."""

    ref: Ref
    old: str
    new: str
    pipeline: str

    def line(self) -> Line:
        """Say from where and to where."""
        return Line(
            self.ref, "stage_moved", {"old": self.old, "new": self.new, "pipeline": self.pipeline}
        )


# -- messages -----------------------------------------------------------------------------


class MessageQueued(Change, frozen=True):
    """A message was decided and lies in the outbox; ``row`` are the columns of its row."""

    ref: Ref
    row: Mapping[str, Any]

    def line(self) -> Line:
        """Say what will be sent, and to which address."""
        detail = {k: self.row[k] for k in ("subject", "address")}
        return Line(self.ref, f"{self.row['channel']}_queued", {"outbox": self.row["id"], **detail})


class MessageSent(Change, frozen=True):
    """A server took a message over; ``answer`` is its own word.

    Where its answer was lost, ``known`` says how it came to be known. ``server_id`` is its own
    name for the message, where it gave it one.
    """

    ref: Ref
    outbox_id: int
    row: Mapping[str, Any]
    answer: str
    known: str = ""
    server_id: str = ""

    def line(self) -> Line:
        """Say what was sent, and what the server answered."""
        detail = {k: self.row[k] for k in ("subject", "recipient", "message_id", "text")}
        detail |= {"known": self.known} if self.known else {}
        if self.row.get("template_version"):
            detail |= {"template": self.row["template"], "version": self.row["template_version"]}
        channel = self.row["channel"]
        return Line(
            self.ref,
            f"{channel}_sent",
            {"outbox": self.outbox_id, **detail, "answer": self.answer},
        )


class MessageFailed(Change, frozen=True):
    """A message will not be sent, or nobody can tell whether it was (``doubt``).

    ``reason`` is a code of the engine, ``answer`` the same in words.
    """

    ref: Ref
    outbox_id: int
    channel: str
    subject: str
    doubt: bool
    answer: str
    reason: str = ""

    def line(self) -> Line:
        """Say why."""
        kind = f"{self.channel}_{'doubted' if self.doubt else 'failed'}"
        detail = {"outbox": self.outbox_id, "subject": self.subject, "answer": self.answer}
        return Line(self.ref, kind, {**detail, "reason": self.reason} if self.reason else detail)


class MessageReceived(Change, frozen=True):
    """A person wrote to us."""

    ref: Ref
    row: Mapping[str, Any]

    def line(self) -> Line:
        """Say what came in."""
        detail = {k: self.row[k] for k in ("subject", "text", "message_id", "in_reply_to")}
        return Line(self.ref, f"{self.row['channel']}_received", detail)


# -- workflows ----------------------------------------------------------------------------


class RunState(msgspec.Struct):
    """A run as the engine holds it in memory while it moves; one row of ``run``."""

    id: int
    workflow_id: int
    version_id: int
    ref: Ref
    cause: str
    chain: str
    started_at: datetime
    state: str = "active"
    step: str | None = None
    exit: str | None = None
    due_at: datetime | None = None
    awaited: str | None = None
    seq: int = 0
    attempt: int = 0
    parallel: bool = False
    reason: str = ""
    ended_at: datetime | None = None
    trigger: str = ""
    since: datetime | None = None
    resume_at: datetime | None = None


class RunStarted(Change, frozen=True):
    """A record entered a workflow."""

    run: RunState


class RunHandled(Change, frozen=True):
    """A person took a run in hand; ``what`` was done: stopped, paused, approved."""

    ref: Ref
    run_id: int
    workflow: str
    what: str
    until: datetime | None = None

    def line(self) -> Line:
        """Say what was done to the run through which workflow."""
        detail = {"run": self.run_id, "workflow": self.workflow, "what": self.what}
        return Line(
            self.ref, "run_handled", {**detail, "until": self.until} if self.until else detail
        )


class RunAdvanced(Change, frozen=True):
    """A run moved on, waits, or ended."""

    run: RunState


class Visited(Change, frozen=True):
    """One run was at one step; ``again`` replaces what the same visit said before."""

    run: RunState
    seq: int
    step: str
    outcome: str
    exit: str | None
    reason: str
    summary: str
    detail: Mapping[str, Any] | None = None
    until: datetime | None = None
    again: bool = False


class WaitOver(Change, frozen=True):
    """A visit that waited is over: its run goes on (by ``exit``, where that was open) or ends."""

    run_id: int
    seq: int
    outcome: str = "done"
    exit: str | None = None
    reason: str = ""


class EnrolmentPut(Change, frozen=True):
    """A record is to enter a workflow, but not now; ``state`` says what it waits for.

    The same cause waits once: where it stands already, its due moment moves.
    """

    row: Mapping[str, Any]


class Refusal(Change, frozen=True):
    """A cause did not enrol a record in a workflow; ``reason`` is the code why."""

    workflow_id: int
    cause: str
    ref: Ref
    reason: str


# -- the office ---------------------------------------------------------------------------


class RowAdded(Change, frozen=True):
    """A row of the office's own tables came to be (a user, a template, a list's value)."""

    table: str
    values: Mapping[str, Any]


class RowChanged(Change, frozen=True):
    """Columns of one row of the office's own tables changed."""

    table: str
    key: Any
    values: Mapping[str, Any]


class RowRemoved(Change, frozen=True):
    """A row of the office's own tables went; records never go this way."""

    table: str
    key: Any


class Noted(Change, frozen=True):
    """Something that only the audit log tells: about what (a workflow, an export), which one."""

    what: str
    number: int
    kind: str
    detail: Mapping[str, Any]
    run_id: int | None = None
    chain: str = ""
