"""From the list of changes to rows: what each of them writes, collected in one batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from rally_desktop.core import address_line
from rally_desktop.core.clock import to_micros
from rally_desktop.core.message import Mailbox
from rally_desktop.model import changes, indexing, rows
from rally_desktop.model.batch import RUN_MOVES, Batch
from rally_desktop.model.changes import Change, Line
from rally_desktop.model.newcomers import RecordsBrought
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Cause, Work


def flush(work: Work) -> frozenset[str]:
    """Write everything a work has changed; return the names of the tables it touched."""
    batch = Batch(work)
    batch.take(work.recorded, _TAKEN)
    batch.take_records()
    touched = batch.write() | work.touched
    searched = indexing.written(batch.inserts, batch.moved, batch.removals)
    return touched | indexing.keep(work.connection, searched, later=work.large)


def _tag(batch: Batch, change: changes.TagAdded) -> None:
    batch.tagged[*change.ref, batch.tag_id(change.tag)] = True


def _untag(batch: Batch, change: changes.TagRemoved) -> None:
    batch.tagged[*change.ref, batch.tag_id(change.tag)] = False


def _brought(batch: Batch, change: RecordsBrought) -> None:
    said: dict[str, tuple[Line, str]] = {}
    for ref, values, tags, source in change.records:
        batch.add_record(ref, values)
        if source not in said:
            first = changes.RecordCreated(ref, values, source).line()
            said[source] = first, rows.to_json(first.detail)
        line, detail = said[source]
        batch.say(Line(ref, line.kind, line.detail), batch.cause, detail)
        for tag in tags:
            worn = changes.TagAdded(ref, tag)
            _tag(batch, worn)
            batch.say(worn.line(), batch.cause)


def _about(ref: Ref) -> dict[str, Any]:
    return {"record_kind": ref.kind, "record_id": ref.id}


def _task(batch: Batch, change: changes.TaskCreated) -> None:
    row = {
        "id": change.id, **_about(change.ref), "type": change.type, "title": change.title,
        "description": change.description, "due_at": change.due_at,
        "assignee_id": change.assignee_id, "priority": change.priority,
        "created_at": batch.work.now, "run_id": change.run_id,
    }  # fmt: skip
    batch.add_row("task", row)


def _task_done(batch: Batch, change: changes.TaskCompleted) -> None:
    batch.set_row("task", change.id, {"done_at": batch.work.now, "answer": change.answer})


def _task_back(batch: Batch, change: changes.TaskWithdrawn) -> None:
    row = {"done_at": batch.work.now, "answer": "withdrawn"}
    if change.deleted:
        row |= {"deleted_at": batch.work.now, "deleted_by": batch.work.user_id}
    batch.set_row("task", change.id, row)


def _task_again(batch: Batch, change: changes.TaskReopened) -> None:
    kept = {"deleted_at": None, "deleted_by": None}
    batch.set_row("task", change.id, {"done_at": None, "answer": "", **kept})


def _note(batch: Batch, change: changes.NoteAdded) -> None:
    who = {"at": batch.work.now, "user_id": batch.work.user_id}
    batch.add_row("note", {"id": change.id, **_about(change.ref), "text": change.text, **who})


def _note_edited(batch: Batch, change: changes.NoteEdited) -> None:
    batch.set_row("note", change.id, {"text": change.text, "edited_at": batch.work.now})


def _note_removed(batch: Batch, change: changes.NoteRemoved) -> None:
    batch.set_row("note", change.id, {"deleted_at": batch.work.now})


def _note_restored(batch: Batch, change: changes.NoteRestored) -> None:
    batch.set_row("note", change.id, {"deleted_at": None})


def _call(batch: Batch, change: changes.CallLogged) -> None:
    row = {
        "id": change.id, **_about(change.ref), "direction": change.direction,
        "outcome": change.outcome, "seconds": change.seconds, "text": change.text,
        "at": change.at or batch.work.now, "user_id": batch.work.user_id,
    }  # fmt: skip
    batch.add_row("call", row)


def _meeting(batch: Batch, change: changes.MeetingPlanned) -> None:
    row = {
        "id": change.id, **_about(change.ref), "type": change.type, "title": change.title,
        "starts_at": change.starts_at, "ends_at": change.ends_at, "user_id": batch.work.user_id,
    }  # fmt: skip
    batch.add_row("meeting", row)


def _meeting_off(batch: Batch, change: changes.MeetingCancelled) -> None:
    batch.set_row("meeting", change.id, {"cancelled": True})


def _meeting_done(batch: Batch, change: changes.MeetingCompleted) -> None:
    batch.set_row("meeting", change.id, {"done_at": batch.work.now})


def _notified(batch: Batch, change: changes.Notified) -> None:
    row = {"id": change.id, "user_id": change.user_id, **_about(change.ref), "text": change.text}
    batch.add_row("notification", {**row, "at": batch.work.now})


def _queued(batch: Batch, change: changes.MessageQueued) -> None:
    batch.add_row("outbox", change.row)


def _message(batch: Batch, change: changes.MessageReceived) -> None:
    batch.add_row("message", change.row)


def _sent(batch: Batch, change: changes.MessageSent) -> None:
    columns = ("channel", "message_id", "sender", "subject", "text", "html")
    row = {column: change.row[column] for column in columns}
    row["recipient"] = _everybody(change.row)
    row["in_reply_to"] = change.row.get("in_reply_to") or ""
    numbers = {"id": batch.work.new_id("message"), "outbox_id": change.outbox_id}
    given = {"direction": "out", **_about(change.ref), "at": batch.work.now}
    given["server_id"] = change.server_id or None
    batch.add_row("message", {**numbers, **given, **row})


def _everybody(row: Mapping[str, Any]) -> str:
    """Return whom a message went to, as its head says it."""
    also = [Mailbox.read(who) for line, who in row.get("copies") or () if line != "bcc"]
    if not also:
        return row["recipient"]
    return address_line.written([Mailbox.read(row["recipient"]), *also])


def _micros(moment: datetime | None) -> int | None:
    return None if moment is None else to_micros(moment)


def _run_started(batch: Batch, change: changes.RunStarted) -> None:
    run = change.run
    batch.runs.append(
        (
            run.id, run.workflow_id, run.version_id, *run.ref, run.state, run.step, run.exit,
            _micros(run.due_at), run.awaited, run.cause, run.chain, run.seq, run.attempt,
            run.parallel, run.reason, to_micros(run.started_at), _micros(run.ended_at),
            run.trigger, _micros(run.since), _micros(run.resume_at),
        ),
    )  # fmt: skip


def _run_advanced(batch: Batch, change: changes.RunAdvanced) -> None:
    run = change.run
    batch.updates.setdefault(("run", RUN_MOVES), []).append(
        (
            run.version_id, run.state, run.step, run.exit, _micros(run.due_at), run.awaited,
            run.seq, run.attempt, run.reason, _micros(run.ended_at), _micros(run.since),
            _micros(run.resume_at), run.id,
        )
    )  # fmt: skip


def _visited(batch: Batch, change: changes.Visited) -> None:
    run = change.run
    detail = rows.to_json(change.detail) if change.detail else None
    said = (change.outcome, change.exit, change.reason, change.summary, detail)
    if change.again:
        batch.revisits.append((*said, _micros(change.until), run.id, change.seq))
        return
    where = (run.id, change.seq, run.version_id, change.step)
    batch.visits.append((*where, *said, batch.now, _micros(change.until)))


def _wait_over(batch: Batch, change: changes.WaitOver) -> None:
    batch.waits.append((change.outcome, change.exit, change.reason, change.run_id, change.seq))


def _postponed(batch: Batch, change: changes.EnrolmentPut) -> None:
    batch.postponed.append(change.row)


def _refused(batch: Batch, change: changes.Refusal) -> None:
    reasons = batch.refusals.setdefault((change.ref.kind, change.ref.id, change.cause), {})
    reasons.setdefault(change.reason, []).append(change.workflow_id)


def _row_added(batch: Batch, change: changes.RowAdded) -> None:
    batch.add_row(change.table, change.values)


def _row_changed(batch: Batch, change: changes.RowChanged) -> None:
    batch.set_row(change.table, change.key, change.values)


def _row_removed(batch: Batch, change: changes.RowRemoved) -> None:
    key = rows.table(change.table).primary_key.columns.keys()[0]
    batch.remove(change.table, (key,), (change.key,))


def _noted(batch: Batch, change: changes.Noted) -> None:
    cause = None if change.run_id is None else Cause(change.run_id, change.chain)
    batch.note(change.what, change.number, change.kind, change.detail, cause)


_TAKEN: dict[type[Change], Callable[[Batch, Any], None]] = {
    RecordsBrought: _brought,
    changes.TagAdded: _tag,
    changes.TagRemoved: _untag,
    changes.TaskCreated: _task,
    changes.TaskCompleted: _task_done,
    changes.TaskWithdrawn: _task_back,
    changes.TaskReopened: _task_again,
    changes.NoteAdded: _note,
    changes.NoteEdited: _note_edited,
    changes.NoteRemoved: _note_removed,
    changes.NoteRestored: _note_restored,
    changes.CallLogged: _call,
    changes.MeetingPlanned: _meeting,
    changes.MeetingCancelled: _meeting_off,
    changes.MeetingCompleted: _meeting_done,
    changes.Notified: _notified,
    changes.MessageQueued: _queued,
    changes.MessageReceived: _message,
    changes.MessageSent: _sent,
    changes.RunStarted: _run_started,
    changes.RunAdvanced: _run_advanced,
    changes.Visited: _visited,
    changes.WaitOver: _wait_over,
    changes.EnrolmentPut: _postponed,
    changes.Refusal: _refused,
    changes.RowAdded: _row_added,
    changes.RowChanged: _row_changed,
    changes.RowRemoved: _row_removed,
    changes.Noted: _noted,
}
