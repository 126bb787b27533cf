"""What becomes of the office's own tables, as lines of the audit log: each row, before and after.

The flush works it out from what is about to be written, so that no service can forget it. What
a record goes through is on its timeline already, and that is in the audit log as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from rally_desktop.model import rows
from rally_desktop.model.work import Work

ADDED, CHANGED, REMOVED = "office_added", "office_changed", "office_removed"


@dataclass(frozen=True)
class Watch:
    """How a table is told of: what its rows are called, and which columns say too much.

    Of ``secret`` columns it is told that they changed and never how; ``quiet`` ones move by
    themselves and are not told of. ``about`` is the column with the number of what a line is
    about, where that is not the row itself.
    """

    what: str
    secret: frozenset[str] = frozenset()
    quiet: frozenset[str] = frozenset()
    about: str = "id"


def _watch(what: str, secret: str = "", quiet: str = "", about: str = "id") -> Watch:
    return Watch(what, frozenset(secret.split()), frozenset(quiet.split()), about)


WATCHED: Mapping[str, Watch] = {
    "user_account": _watch("user", "password_hash"),
    "choice": _watch("list"),
    "custom_field": _watch("field"),
    "pipeline": _watch("pipeline"),
    "stage": _watch("stage"),
    "tag": _watch("tag", quiet="name_key"),
    "saved_view": _watch("view", quiet="definition"),
    "template": _watch(
        "template",
        "subject preheader text html slots source",
        "created_at updated_at version",
    ),
    "mail_account": _watch(
        "account",
        "signature signature_html gateway_key options",
        "errors keeps_id sent_lag stores_sent checked_at secret_at",
    ),
    "secret": _watch("secret", "sealed"),
    "workflow": _watch(
        "workflow",
        quiet="purpose record_kind draft draft_by draft_at draft_revision draft_from history_at"
        " history_revision published_id health created_at updated_at",
    ),
    "workflow_version": _watch("workflow", quiet="definition published_at", about="workflow_id"),
    "import_job": _watch("import", quiet="headings user_id at"),
    "ignored_sender": _watch("sender"),
    "web_form": _watch("form", quiet="robots created_at"),
    "api_key": _watch("key", "digest", "handle created_at created_by used_at"),
    "erasure": _watch("erasure", quiet="erased_id user_id at"),
}
# Tables that are not watched, each with the reason.
UNWATCHED: Mapping[str, str] = {
    "contact company deal record_tag": "their timelines tell it",
    "activity event_queue event_later": "the timeline itself",
    "task note call meeting notification": "the timelines of records tell it",
    "record_merge distinct_pair": "the merge is a line of the record that was kept",
    "outbox message suppression account_bucket": "the timelines of records tell what was sent",
    "sent_copy": "the Sent folder itself",
    "sms_arrival sms_told": "the timelines of records tell what came in",
    "template_version attachment": "the template's own line tells that it changed",
    "mailbox mail_seen mail_stranger": "what a mailbox was read up to, and who is no contact yet",
    "contact_address": "the timeline of the contact tells that it was added",
    "mail_link touch form_entry": "the timelines of records tell what came of them",
    "setting": "told by the service that sets it, which knows what each of them means",
    "import_batch": "what an import did, which the lines of records tell",
    "run visit enrolment verdict matching watermark rotation job": "what the engine remembers",
    "letter_draft": "what somebody is writing; the timeline tells what was sent",
    "draft_history draft_seat lease": "who has what open at this moment",
    "audit_link audit_forgotten": "the audit log itself",
}
_NAMED_BY = ("name", "value", "file_name", "pattern")


class Written(Protocol):
    """What is about to be written: rows by table and columns, and lines of the audit log."""

    work: Work
    inserts: dict[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]]
    moved: dict[tuple[str, Any], dict[str, Any]]
    removals: dict[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]]

    def note(self, what: str, number: int, kind: str, detail: Mapping[str, Any]) -> None:
        """Add a line about what is no record."""
        ...


def tell(batch: Written) -> None:
    """Add a line for every row of a watched table that a batch adds, changes or removes."""
    for (table, columns), added in list(batch.inserts.items()):
        if watch := WATCHED.get(table):
            for row in added:
                _tell(batch, watch, ADDED, {}, dict(zip(columns, row, strict=True)))
    for table, changed in _changed(batch).items():
        before = _rows(batch, table, changed)
        for key, values in changed.items():
            _tell(batch, WATCHED[table], CHANGED, before.get(key, {}), values)
    for (table, _), removed in batch.removals.items():
        if watch := WATCHED.get(table):
            for row in _rows(batch, table, (key for (key,) in removed)).values():
                _tell(batch, watch, REMOVED, row, {})


def _changed(batch: Written) -> dict[str, dict[Any, dict[str, Any]]]:
    """Return the new values of the rows of watched tables, by table and key."""
    found: dict[str, dict[Any, dict[str, Any]]] = {}
    for (table, key), values in batch.moved.items():
        if table in WATCHED and not values.keys() <= WATCHED[table].quiet:
            found.setdefault(table, {})[key] = values
    return found


def _rows(batch: Written, table: str, keys: Iterable[Any]) -> dict[Any, dict[str, Any]]:
    """Return rows as they are before the batch is written; a row without a number by its key."""
    if "id" not in rows.table(table).c:
        return {key: {"name": key} for key in keys}
    found = rows.select_rows(batch.work.connection, table, keys)
    return {row["id"]: row for row in found}


def _tell(
    batch: Written, watch: Watch, kind: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    told = (after.keys() if kind == CHANGED else before.keys() | after.keys()) - watch.quiet
    moved = _moved(sorted(told - {"id"}), before, after)
    if kind == CHANGED and not moved:
        return
    detail: dict[str, Any] = {
        "name": _named(before) or _named(after),
        "fields": {name: pair for name, pair in moved.items() if name not in watch.secret},
    }
    if hidden := sorted(moved.keys() & watch.secret):
        detail["hidden"] = hidden
    batch.note(watch.what, before.get(watch.about) or after.get(watch.about) or 0, kind, detail)


def _moved(
    names: Iterable[str], before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    """Return the values of columns before and after, where they differ; empty is empty."""
    pairs = {name: (before.get(name), after.get(name)) for name in names}
    return {
        name: (old, new) for name, (old, new) in pairs.items() if (old or None) != (new or None)
    }


def _named(row: Mapping[str, Any]) -> str:
    return next(filter(None, (row.get(column) for column in _NAMED_BY)), "")
