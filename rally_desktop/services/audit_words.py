"""What a line of the audit log says: who did it is said beside it, so it begins with a verb."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rally_desktop.model.ref import RECORD_KINDS, Ref
from rally_desktop.services import timeline_words
from rally_desktop.services.timeline_words import Detail, Names

Moved = list[tuple[str, str, str]]
_NOUNS: Mapping[str, str] = {
    "user": "the user", "list": "the list entry", "field": "the field", "stage": "the stage",
    "pipeline": "the pipeline", "tag": "the tag", "view": "the view", "template": "the template",
    "account": "the account", "secret": "the secret", "workflow": "the workflow",
    "import": "the import", "setting": "the setting", "form": "the web form",
    "sender": "the ignored sender", "key": "the API key",
}  # fmt: skip
_PLURALS = {"contact": "contacts", "company": "companies", "deal": "deals", "task": "tasks"}
_COLUMNS: Mapping[str, str] = {
    "active": "Works here", "away_until": "Away until", "email": "E-mail", "paused_why": "Paused",
    "terminal": "Ends the way", "record_kind": "Kind of record", "user_id": "Owner",
    "imap_host": "Incoming server", "imap_port": "Incoming port", "host": "Server",
    "imap_login": "Incoming user name",
    "deleted_at": "In the trash since", "published_by": "Published by", "number": "Version",
    "adds": "May add contacts",
}  # fmt: skip
# About a record; the rest is said as on its timeline.
_RECORD: Mapping[str, str] = {
    "created": "created {who}",
    "imported": "changed {who} by an import",
    "deleted": "put {who} into the trash",
    "restored": "took {who} out of the trash",
    "merged": "merged {name} into {who}",
    "parted": "parted {name} from {who} again",
    "tag_added": "put the tag ‘{tag}’ on {who}",
    "tag_removed": "took the tag ‘{tag}’ off {who}",
    "stage_moved": "moved {who} from {old} to {new}",
    "task_created": "added the task ‘{title}’ for {who}",
    "task_completed": "did the task ‘{title}’ for {who}",
    "task_withdrawn": "took back the task ‘{title}’ for {who}",
    "task_reopened": "opened the task ‘{title}’ for {who} again",
    "meeting_planned": "planned the meeting ‘{title}’ with {who}",
    "meeting_cancelled": "cancelled the meeting ‘{title}’ with {who}",
    "meeting_completed": "held the meeting ‘{title}’ with {who}",
    "note_added": "wrote a note about {who}",
    "note_edited": "changed a note about {who}",
    "note_removed": "put a note about {who} into the trash",
    "note_restored": "took a note about {who} out of the trash",
    "email_queued": "put the e-mail ‘{subject}’ to {who} into the outbox",
    "email_sent": "sent {who} the e-mail ‘{subject}’",
    "sms_queued": "put an SMS to {who} into the outbox",
    "sms_sent": "sent {who} an SMS",
    "run_handled": "took the run of {who} through ‘{workflow}’ in hand: {what}",
}
_OFFICE: Mapping[str, str] = {
    "protected": "protected {it} by a password",
    "unprotected": "took the password off {it}",
    "password_changed": "changed the password of {it}",
    "unlocked": "entered the password of {it}",
    "unlock_failed": "entered a wrong password for {it}",
    "messages_confirmed": "let the messages of {it} go out after the first",
    "enrolments_released": "let everybody in who waited before {it}",
    "sending_stopped": "stopped all sending",
    "sending_resumed": "let messages go out again",
    "sending_locked": "locked sending, as this database is a copy",
    "sending_unlocked": "unlocked sending: this copy is the office now",
    "exported": "took {count} {records} out into ‘{name}’",
    "person_exported": "took everything about one person out into ‘{name}’",
    "person_erased": "erased one person everywhere, for good",
    "trash_emptied": "deleted {count} things in the trash for good",
    "audit_exported": "took {count} lines of the audit log out into ‘{name}’",
    "audit_accepted": "said that the audit log goes on from here",
    "backed_up": "backed the office up into ‘{file}’",
    "bulk_undone": "took a change of {count} records back",
    "tag_merged": "made the tag ‘{gone}’ one with ‘{name}’",
    "handed_over": "handed {records} records and {tasks} tasks of {it} over to {to}",
    "office_added": "added {it}",
    "office_removed": "removed {it}",
    "office_restored": "brought {it} back",
}
_DEEDS: Mapping[str, str] = {
    "set": "set ‘{name}’ of {many}",
    "tagged": "put the tag ‘{name}’ on {many}",
    "untagged": "took the tag ‘{name}’ off {many}",
    "deleted": "put {many} into the trash",
    "completed": "ticked off {many}",
    "postponed": "put off {many}",
    "withdrawn": "deleted {many}",
    "": "changed {many} at once",
}
_SETTINGS: Mapping[str, str] = {
    "calendar": "the office calendar", "safeguards": "the safeguards", "scoring": "the score",
    "web": "the web service", "web_computer": "the computer that answers on the web",
    "office_name": "the office’s name", "time_zone": "the office’s time zone",
    "trash": "how long the trash keeps things",
}  # fmt: skip


class _Particulars(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "…"


def about_record(ref: Ref, name: str, kind: str, detail: Detail, names: Names) -> str:
    """Return what a line says about a record of this name."""
    if detail.get("erased"):
        return f"{timeline_words.words(ref, kind, detail, names)[0]}: what it said was erased"
    if kind == "updated":
        return _changed(moved(ref, detail, names), name)
    if kind in _RECORD:
        known = {
            key: value if value not in (None, "") else "nothing" for key, value in detail.items()
        }
        return _RECORD[kind].format_map(_Particulars(known, who=name))
    said, _ = timeline_words.words(ref, kind, detail, names)
    return f"{said} – {name}"


def about_office(what: str, name: str, kind: str, detail: Detail) -> str:
    """Return what a line says about something that is no record."""
    it = _it(what, name)
    if kind == "bulk_edited":
        kinds = _PLURALS.get(detail["records"], "records")
        many = f"{detail['count']:,} {kinds}"
        deed = _DEEDS.get(detail.get("deed", ""), _DEEDS[""])
        return deed.format(many=many, name=_label(detail.get("name", "")))
    if special := _SPECIAL.get((what, kind)):
        return special(name, detail)
    if kind == "office_changed":
        return _changed(moved(None, detail, {}), it, detail.get("hidden", ()))
    shown = {
        key: f"{value:,}" if isinstance(value, int) else value for key, value in detail.items()
    }
    if "records" in shown:
        shown["records"] = _PLURALS.get(shown["records"], shown["records"])
    said = _OFFICE.get(kind) or f"{kind.replace('_', ' ')} {{it}}"
    return said.format_map(_Particulars(shown, it=it))


def moved(ref: Ref | None, detail: Detail, names: Names) -> Moved:
    """Return what moved: its label, what it was and what it is, in words."""
    if ref is not None and ref.kind in RECORD_KINDS:
        return timeline_words.moved(ref, detail, names) if "fields" in detail else []
    return [
        (_label(field), _value(before), _value(after))
        for field, (before, after) in detail.get("fields", {}).items()
    ]


def _changed(found: Moved, whose: str, hidden: Any = ()) -> str:
    if len(found) == 1 and not hidden:
        ((label, old, new),) = found
        which = whose if label == "Value" else f"{label} of {whose}"
        if old and new:
            return f"changed {which} from {old} to {new}"
        return f"set {which} to {new}" if new else f"cleared {which}"
    labels = [label for label, *_ in found] + [_label(name) for name in hidden]
    if not labels:
        return f"changed {whose}"
    said = ", ".join(labels[:3]) + (f" and {len(labels) - 3} more" if len(labels) > 3 else "")
    return f"changed {said} of {whose}"


def _it(what: str, name: str) -> str:
    if what == "setting":
        return _SETTINGS.get(name, f"the setting ‘{_label(name)}’")
    noun = _NOUNS.get(what, f"the {what}")
    return f"{noun} ‘{name.removeprefix('http/')}’" if name else noun


def _label(column: str) -> str:
    words = column.removeprefix("custom.").replace("_", " ").strip()
    return _COLUMNS.get(column) or words[:1].upper() + words[1:]


def _value(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{_label(str(key))} {_value(part)}" for key, part in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_value(part) for part in value)
    return f"{value:,}" if isinstance(value, int) else f"‘{value}’"


def _version(name: str, detail: Detail) -> str:
    number = detail["fields"].get("number", (None, None))[1]
    it = _it("workflow", name)
    return f"published version {number} of {it}" if number else f"added {it}"


def _workflow(name: str, detail: Detail) -> str:
    fields, it = detail["fields"], _it("workflow", name)
    if "deleted_at" in fields:
        gone = fields["deleted_at"][1]
        return f"put {it} into the trash" if gone else f"took {it} out of the trash"
    if "state" in fields:
        state = {"draft": "unpublished {}", "paused": "paused {}", "published": "switched {} on",
                 "finishing": "let nobody enter {} any more"}  # fmt: skip
        return state.get(fields["state"][1], "changed {}").format(it)
    return _changed(moved(None, detail, {}), it)


def _import(name: str, detail: Detail) -> str:
    undone = "undone_at" in detail["fields"]
    return f"{'took back' if undone else 'finished'} the import of ‘{name}’"


def _erasure(name: str, detail: Detail) -> str:
    state = detail["fields"].get("state", (None, ""))[1]
    return "erased a person" if state == "done" else "began to erase a person"


_SPECIAL: Mapping[tuple[str, str], Callable[[str, Detail], str]] = {
    ("workflow", "office_added"): _version,
    ("workflow", "office_changed"): _workflow,
    ("import", "office_added"): lambda name, _: f"began to import ‘{name}’",
    ("import", "office_changed"): _import,
    ("erasure", "office_added"): _erasure,
    ("erasure", "office_changed"): _erasure,
    ("key", "office_changed"): lambda name, _: f"revoked the API key ‘{name}’",
}
