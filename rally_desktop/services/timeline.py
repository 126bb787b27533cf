"""A record's timeline: everything that happened to it, newest first, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Select, select

from rally_desktop.core import schema
from rally_desktop.model import tables
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Work

# What the pane can be narrowed to, in the order it is offered.
GROUPS: dict[str, str] = {
    "messages": "E-mails and messages",
    "calls": "Calls and meetings",
    "notes": "Notes",
    "tasks": "Tasks",
    "changes": "Changes",
    "workflows": "Workflows",
}
_GROUP_OF_ENDING = {
    "queued": "messages", "sent": "messages", "failed": "messages", "doubted": "messages",
    "received": "messages", "opened": "messages", "clicked": "messages", "bounced": "messages",
    "unsubscribed": "messages",
}  # fmt: skip
_GROUP_OF_KIND = {
    "call_logged": "calls", "meeting_planned": "calls", "meeting_completed": "calls",
    "meeting_cancelled": "calls",
    "note_added": "notes", "task_created": "tasks", "task_completed": "tasks",
    "task_withdrawn": "tasks",
    "notified": "workflows", "enrolled": "workflows", "run_ended": "workflows",
}  # fmt: skip
# A reference in an update's particulars, and the table that has its name.
_NAMED = {
    "owner_id": (tables.user_account, tables.user_account.c.name),
    "company_id": (tables.company, tables.company.c.name),
    "contact_id": (
        tables.contact,
        tables.contact.c.first_name + " " + tables.contact.c.last_name,
    ),
}
Detail = Mapping[str, Any]
Names = Mapping[tuple[str, int], str]


@dataclass(frozen=True)
class Line:
    """One line of a timeline: what happened, when, who did it; ``body`` unfolds."""

    id: int
    at: datetime
    kind: str
    group: str
    text: str
    by: str = ""
    body: str = ""


def lines(
    work: Work, ref: Ref, *, before: int | None = None, limit: int = 100, group: str = ""
) -> tuple[Line, ...]:
    """Return the newest lines of a record, or those older than line ``before``."""
    found = work.connection.execute(_statement(ref, before, group).limit(limit)).all()
    details = [msgspec.json.decode(row.detail) for row in found]
    names = _names(work, details)
    return tuple(_line(ref, row, detail, names) for row, detail in zip(found, details, strict=True))


def group_of(kind: str) -> str:
    """Return which group of lines a kind of activity belongs to."""
    ending = kind.rpartition("_")[2]
    return _GROUP_OF_KIND.get(kind) or _GROUP_OF_ENDING.get(ending) or "changes"


def _statement(ref: Ref, before: int | None, group: str) -> Select[Any]:
    a = tables.activity.c
    statement = (
        select(a.id, a.at, a.kind, a.detail, a.run_id)
        .add_columns(tables.user_account.c.name.label("user"))
        .add_columns(tables.workflow.c.name.label("workflow"))
        .join(tables.user_account, tables.user_account.c.id == a.user_id, isouter=True)
        .join(tables.run, tables.run.c.id == a.run_id, isouter=True)
        .join(tables.workflow, tables.workflow.c.id == tables.run.c.workflow_id, isouter=True)
        .where(a.record_kind == ref.kind, a.record_id == ref.id)
        .order_by(a.id.desc())
    )
    if before is not None:
        statement = statement.where(a.id < before)
    return statement.where(_within(group)) if group else statement


def _within(group: str) -> Any:
    kind = tables.activity.c.kind
    kinds = [name for name, of in _GROUP_OF_KIND.items() if of == group]
    if group == "messages":
        endings = [kind.like(f"%\\_{end}", escape="\\") for end in _GROUP_OF_ENDING]
        return endings[0].self_group() if len(endings) == 1 else _any(endings)
    if group == "changes":
        others = [kind.in_(list(_GROUP_OF_KIND)), _within("messages")]
        return ~_any(others)
    return kind.in_(kinds)


def _any(clauses: list[Any]) -> Any:
    found = clauses[0]
    for clause in clauses[1:]:
        found = found | clause
    return found


def _names(work: Work, details: Iterable[Detail]) -> Names:
    wanted: dict[str, set[int]] = {}
    for detail in details:
        for field, values in detail.get("fields", {}).items():
            if field in _NAMED:
                wanted.setdefault(field, set()).update(v for v in values if v is not None)
    names: dict[tuple[str, int], str] = {}
    for field, numbers in wanted.items():
        table, name = _NAMED[field]
        found = work.connection.execute(select(table.c.id, name).where(table.c.id.in_(numbers)))
        names.update({(field, number): text.strip() for number, text in found})
    return names


def _line(ref: Ref, row: Any, detail: Detail, names: Names) -> Line:
    if row.kind == "updated":
        text, body = _updated(ref, detail, names)
    else:
        say = _SAY.get(row.kind, lambda ref, detail: (_plainly(row.kind), ""))
        text, body = say(ref, detail)
    by = f"Workflow ‘{row.workflow}’" if row.workflow else row.user or ""
    return Line(row.id, row.at, row.kind, group_of(row.kind), text, by, body)


def _plainly(kind: str) -> str:
    words = kind.replace("_", " ").replace("email", "e-mail").replace("sms", "SMS")
    return words[:1].upper() + words[1:]


def _updated(ref: Ref, detail: Detail, names: Names) -> tuple[str, str]:
    said = [_field_change(ref, field, values, names) for field, values in detail["fields"].items()]
    if len(said) <= 2:
        return "; ".join(said), ""
    return f"{len(said)} fields changed", "\n".join(said)


def _field_change(ref: Ref, field: str, values: Iterable[Any], names: Names) -> str:
    shown = _shown(ref, field)
    old, new = (_value(field, shown, value, names) for value in values)
    label = _label(field, shown)
    if not old:
        return f"{label} set to {new}" if new else f"{label} changed"
    return f"{label} changed from {old} to {new}" if new else f"{label} cleared (was {old})"


def _shown(ref: Ref, field: str) -> schema.Field | None:
    column = tables.metadata.tables[ref.kind].columns.get(field)
    return column.info.get("field") if column is not None else None


def _label(field: str, shown: schema.Field | None) -> str:
    if shown is not None:
        return shown.label
    words = field.removeprefix("custom.").replace("_", " ")
    return words[:1].upper() + words[1:]


def _value(field: str, shown: schema.Field | None, value: Any, names: Names) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field in _NAMED:
        return names.get((field, value), f"number {value}")
    if isinstance(value, (int, float)):
        return f"{value:,.10g}"
    if isinstance(shown, schema.Moment):
        return str(value)[:10]
    # What is picked from a list reads without quotation marks, what is typed does not.
    return str(value) if isinstance(shown, (schema.Choice, schema.Pick)) else f"‘{value}’"


Said = tuple[str, str]
_FOUND_IN = {"import": "by an import", "mailbox": "from the mailbox", "api": "through the API"}


def _created(ref: Ref, detail: Detail) -> Said:
    source = str(detail.get("source", "")).partition(":")[0]
    how = _FOUND_IN.get(source, "")
    return f"{ref.kind.capitalize()} created {how}".strip(), ""


def _stage_moved(ref: Ref, detail: Detail) -> Said:
    return f"Stage moved from {detail['old'] or 'none'} to {detail['new']}", ""


def _note(ref: Ref, detail: Detail) -> Said:
    return "Note", detail["text"]


def _call(ref: Ref, detail: Detail) -> Said:
    way = {"out": "Called", "in": "Call received"}.get(detail.get("direction", ""), "Call")
    minutes = round((detail.get("seconds") or 0) / 60)
    length = f"{minutes} min" if minutes else ""
    said = ", ".join(filter(None, [detail.get("outcome", "").replace("_", " "), length]))
    return f"{way}: {said}" if said else way, detail.get("text", "")


def _message(verb: str, name: str = "E-mail") -> Callable[[Ref, Detail], Said]:
    def say(ref: Ref, detail: Detail) -> Said:
        subject, known = detail.get("subject") or "", detail.get("known") or ""
        said = f"{name} {verb}, {known}" if known else f"{name} {verb}"
        text = f"{said}: {subject}" if subject else said
        return text, detail.get("text") or detail.get("answer") or ""

    return say


def _titled(verb: str) -> Callable[[Ref, Detail], Said]:
    return lambda ref, detail: (f"{verb}: {detail.get('title', '')}", "")


def _done(ref: Ref, detail: Detail) -> Said:
    answer = str(detail.get("answer", "")).capitalize()
    return f"{answer or 'Task done'}: {detail.get('title', '')}", ""


def _tag(verb: str) -> Callable[[Ref, Detail], Said]:
    return lambda ref, detail: (f"Tag ‘{detail.get('tag', '')}’ {verb}", "")


def _enrolled(ref: Ref, detail: Detail) -> Said:
    name = detail.get("workflow_name") or detail.get("workflow")
    return (f"Entered the workflow ‘{name}’" if isinstance(name, str) else "Entered a workflow"), ""


def _run_ended(ref: Ref, detail: Detail) -> Said:
    name = detail.get("workflow_name") or detail.get("workflow")
    left = f"Left the workflow ‘{name}’" if isinstance(name, str) else "Left a workflow"
    reason = str(detail.get("reason", "")).replace("_", " ")
    return (f"{left}: {reason}" if reason else left), ""


def _handled(ref: Ref, detail: Detail) -> Said:
    return f"‘{detail['workflow']}’ {detail['what']}", ""


def _notified(ref: Ref, detail: Detail) -> Said:
    return f"{detail.get('user') or 'Somebody'} was notified", detail.get("text", "")


def _band(ref: Ref, detail: Detail) -> Said:
    moved = f"Score {detail['before']} → {detail['after']}: {detail['band']}"
    return moved, f"For {detail['why']}." if detail.get("why") else ""


_SAY: dict[str, Callable[[Ref, Detail], Said]] = {
    "created": _created,
    "imported": lambda ref, detail: ("Changed by an import", ""),
    "deleted": lambda ref, detail: (f"{ref.kind.capitalize()} deleted", ""),
    "restored": lambda ref, detail: (f"{ref.kind.capitalize()} restored", ""),
    "merged": lambda ref, detail: (f"Merged with {detail['name']}", ""),
    "parted": lambda ref, detail: (f"Parted from {detail['name']} again", ""),
    "tag_added": _tag("added"),
    "tag_removed": _tag("removed"),
    "stage_moved": _stage_moved,
    "task_created": _titled("Task created"),
    "task_completed": _done,
    "task_withdrawn": _titled("No longer to be done"),
    "meeting_planned": _titled("Meeting planned"),
    "meeting_cancelled": _titled("Meeting cancelled"),
    "meeting_completed": _titled("Meeting held"),
    "note_added": _note,
    "call_logged": _call,
    "email_queued": _message("waiting to be sent"),
    "email_sent": _message("sent"),
    "email_received": _message("received"),
    "email_failed": _message("not sent"),
    "email_doubted": _message("may not have been sent"),
    "email_opened": _message("opened"),
    "email_bounced": _message("bounced"),
    "sms_queued": _message("waiting to be sent", "SMS"),
    "sms_sent": _message("sent", "SMS"),
    "sms_received": _message("received", "SMS"),
    "sms_failed": _message("not sent", "SMS"),
    "sms_doubted": _message("may not have been sent", "SMS"),
    "enrolled": _enrolled,
    "run_ended": _run_ended,
    "run_handled": _handled,
    "notified": _notified,
    "score_band": _band,
}
