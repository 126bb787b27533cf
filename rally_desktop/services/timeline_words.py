"""What a line of the timeline says: a sentence for each kind, and a text that unfolds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from rally_desktop.core import numerals, schema
from rally_desktop.model import tables
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.services import mail_words, records, sms_words

# A reference in an update's particulars, and the table that has its name.
NAMED = {
    "owner_id": (tables.user_account, tables.user_account.c.name),
    "company_id": (tables.company, tables.company.c.name),
    "contact_id": (
        tables.contact,
        tables.contact.c.first_name + " " + tables.contact.c.last_name,
    ),
}
MONEY = frozenset({"amount"})
LABEL, KIND = 0, 1
Detail = Mapping[str, Any]
# What numbers in particulars stand for; of the office's own fields the label and the kind.
Names = Mapping[tuple[str, int], str]
Said = tuple[str, str]


def words(ref: Ref, kind: str, detail: Detail, names: Names) -> Said:
    """Return what a line says, and the text that unfolds."""
    if detail.get("erased"):
        return f"{_plainly(kind)} (erased)", ""
    if kind == "updated":
        return _updated(ref, detail, names)
    say = _SAY.get(kind)
    return say(ref, detail) if say else (_plainly(kind), "")


class _Blank(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return ""


@cache
def spoken(word: str) -> tuple[str, ...]:
    """Return the kinds of lines whose sentence has a word, whatever they are about."""
    ref, blank = Ref("contact", 0), _Blank(direction="out")
    return tuple(kind for kind, say in _SAY.items() if word in say(ref, blank)[0].casefold())


@cache
def labelled(kind: RecordKind, word: str) -> tuple[str, ...]:
    """Return the fields of a kind of record whose label has a word."""
    fields = records.settable(kind)
    return tuple(name for name, field in fields.items() if word in field.label.casefold())


def _plainly(kind: str) -> str:
    words = kind.replace("_", " ").replace("email", "e-mail").replace("sms", "SMS")
    return words[:1].upper() + words[1:]


def _updated(ref: Ref, detail: Detail, names: Names) -> tuple[str, str]:
    said = [_field_change(*told) for told in moved(ref, detail, names)]
    if len(said) <= 2:
        return "; ".join(said), ""
    return f"{len(said)} fields changed", "\n".join(said)


def moved(ref: Ref, detail: Detail, names: Names) -> list[tuple[str, str, str]]:
    """Return what each field that moved is called, and its values before and after in words."""
    found = []
    for field, values in detail["fields"].items():
        shown = _shown(ref, field)
        old, new = (_value(field, shown, value, names) for value in values)
        found.append((names.get((field, LABEL)) or _label(field, shown), old, new))
    return found


def _field_change(label: str, old: str, new: str) -> str:
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
    if field in NAMED:
        return names.get((field, value), f"number {value}")
    if isinstance(value, (int, float)):
        return (numerals.money if field in MONEY else numerals.number)(value)
    held = names.get((field, KIND), "")
    if isinstance(shown, schema.Moment) or held == "date":
        day = date.fromisoformat(str(value)[:10])
        return f"{day.day} {day:%B %Y}"
    picked = isinstance(shown, (schema.Choice, schema.Pick)) or held == "choice"
    # What is picked from a list reads without quotation marks, what is typed does not.
    return str(value) if picked else f"‘{value}’"


_FOUND_IN = {
    "import": "by an import",
    "mailbox": "from the mailbox",
    "sms": "from an SMS",
    "api": "through the API",
}


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


def _clicked(ref: Ref, detail: Detail) -> Said:
    subject = detail.get("subject") or ""
    return (
        f"Link clicked: {detail.get('url', '')}",
        f"In the e-mail ‘{subject}’" if subject else "",
    )


_BY = {
    "page": "On the page that the link in a message leads to.",
    "button": "By the button of the mail program.",
    "mail": "They wrote so.",
    "word": "They wrote START by SMS.",
    "complaint": "They called a message spam, as their provider reports.",
}


def _left(said: str) -> Callable[[Ref, Detail], Said]:
    return lambda ref, detail: (said, _BY.get(detail.get("how") or "", ""))


def _filled_in(ref: Ref, detail: Detail) -> Said:
    answers = detail.get("answers") or {}
    lines = [f"{label}: {value}" for label, value in answers.items()] if answers else []
    if detail.get("consent"):
        lines.append(f"Agreed to: {detail['consent']}")
    return f"Form filled in: {detail.get('title') or detail.get('form', '')}", "\n".join(lines)


def _titled(verb: str) -> Callable[[Ref, Detail], Said]:
    return lambda ref, detail: (f"{verb}: {detail.get('title', '')}", "")


def _done(ref: Ref, detail: Detail) -> Said:
    answer = str(detail.get("answer", "")).capitalize()
    return f"{answer or 'Task done'}: {detail.get('title', '')}", ""


def _withdrawn(ref: Ref, detail: Detail) -> Said:
    verb = "Task deleted" if detail.get("deleted") else "No longer to be done"
    return f"{verb}: {detail.get('title', '')}", ""


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
    "task_withdrawn": _withdrawn,
    "task_reopened": _titled("To be done after all"),
    "meeting_planned": _titled("Meeting planned"),
    "meeting_cancelled": _titled("Meeting cancelled"),
    "meeting_completed": _titled("Meeting held"),
    "note_added": _note,
    "call_logged": _call,
    "email_queued": _message("waiting to be sent"),
    "email_sent": _message("sent"),
    "email_received": lambda ref, detail: mail_words.received(detail),
    "email_failed": _message("not sent"),
    "email_doubted": _message("may not have been sent"),
    "email_opened": _message("opened"),
    "email_bounced": lambda ref, detail: mail_words.came_back(detail),
    "link_clicked": _clicked,
    "email_unsubscribed": _left("Wants no more e-mails"),
    "email_resubscribed": _left("Wants e-mails after all"),
    "sms_unsubscribed": _left("Wants no more SMS"),
    "sms_resubscribed": _left("Wants SMS after all"),
    "form_submitted": _filled_in,
    "sms_queued": _message("waiting to be sent", "SMS"),
    "sms_sent": _message("sent", "SMS"),
    "sms_received": lambda ref, detail: sms_words.received(detail),
    "sms_delivered": lambda ref, detail: ("SMS delivered", ""),
    "sms_bounced": lambda ref, detail: sms_words.came_back(detail),
    "sms_failed": _message("not sent", "SMS"),
    "sms_doubted": _message("may not have been sent", "SMS"),
    "enrolled": _enrolled,
    "run_ended": _run_ended,
    "run_handled": _handled,
    "notified": _notified,
    "score_band": _band,
}
