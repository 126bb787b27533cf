"""A person's traces taken out of every text of the office, a stretch of one table at a time."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    Column,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    delete,
    func,
    literal,
    not_,
    or_,
    select,
    type_coerce,
    update,
)

from rally_desktop.model import indexing
from rally_desktop.model.rows import to_json
from rally_desktop.model.search_index import CODES
from rally_desktop.model.tables import (
    activity,
    draft_history,
    import_batch,
    message,
    metadata,
    workflow,
)
from rally_desktop.model.tables.base import Json
from rally_desktop.model.work import Work
from rally_desktop.services import audit, settings, workflows
from rally_desktop.services.traces import Traces

STRETCH = 20_000  # row numbers looked through in one reading
# Who works here is not who is erased; sealed and chained things hold no names; what is left is
# seen to in ways of its own.
SPARED = frozenset(
    {"user_account", "mail_account", "secret", "lease", "erasure", "suppression", "audit_link"}
    | {"audit_forgotten", "draft_history", "import_batch", "search_word", "search_pending"}
)
# Of other people's own rows only what somebody wrote freely: a family shares its telephone.
_FREE = {
    "contact": frozenset({"custom", "consent_email_how", "consent_sms_how"}),
    "company": frozenset({"name", "custom", "sort_name", "search_text"}),
    "deal": frozenset({"name", "custom", "sort_name", "search_text"}),
}


class Stretch(NamedTuple):
    """Rows of a table, by the first column of its key; without bounds all of them."""

    table: str
    first: int | None = None
    last: int | None = None


def stretches(work: Work) -> list[Stretch]:
    """Return everything there is to look through, in pieces that take a moment each."""
    made: list[Stretch] = []
    for rows in (*texts(), import_batch, draft_history):
        key = next(iter(rows.primary_key))
        if isinstance(key.type, String):
            made.append(Stretch(rows.name))
            continue
        low, high = work.connection.execute(select(func.min(key), func.max(key))).one()
        if low is not None:
            step = 50 if rows is import_batch else STRETCH
            made += [Stretch(rows.name, n, n + step - 1) for n in range(low, high + 1, step)]
    return made


@cache
def texts() -> Mapping[Table, tuple[Column[Any], ...]]:
    """Return the columns in which anybody's name may be written, by table."""
    made: dict[Table, tuple[Column[Any], ...]] = {}
    for rows in metadata.sorted_tables:
        if rows.name in SPARED:
            continue
        free = _FREE.get(rows.name)
        wanted = tuple(
            column
            for column in rows.columns
            if isinstance(column.type, String | Text | Json)
            and not column.primary_key
            and (free is None or column.name in free)
        )
        if wanted:
            made[rows] = wanted
    return made


def hits(work: Work, stretch: Stretch, traces: Traces, numbers: Sequence[int]) -> list[Any]:
    """Return the keys of rows that say it; ``numbers`` are the contacts that the person is."""
    rows = metadata.tables[stretch.table]
    if rows is draft_history:
        return _histories(work, stretch, traces)
    said = [_plain(column) for column in _looked_at(rows)]
    sqlite = work.connection.dialect.name == "sqlite"
    may = [traces.may_be_in(column, sqlite=sqlite) for column in said]
    if rows is import_batch:
        may += [said[0].like(f'%["contact",{number},%') for number in numbers]
    key = list(rows.primary_key)
    query = select(*key, *said).where(or_(*may), *_bounds(rows, stretch), *_others(rows, numbers))
    found = work.connection.execute(query).all()
    return [
        tuple(row[: len(key)])
        for row in found
        if rows is import_batch or any(traces.within(text or "") for text in row[len(key) :])
    ]


def scrub(
    work: Work, name: str, keys: Sequence[Any], traces: Traces, numbers: Sequence[int]
) -> int:
    """Take a person's traces out of rows of one table; return how many rows changed."""
    rows = metadata.tables[name]
    if rows is draft_history:
        for key in keys:
            _forget_history(work, key[0])
        return len(keys)
    if rows is activity:
        audit.release(work, [key[0] for key in keys])
    count = sum(_scrubbed(work, rows, key, traces, numbers) for key in keys)
    if count:
        work.touched.add(name)
        _told(work, rows, keys)
        if name in CODES:
            indexing.keep(work.connection, {name: [key[0] for key in keys]})
    return count


def _scrubbed(
    work: Work, rows: Table, key: Sequence[Any], traces: Traces, numbers: Sequence[int]
) -> bool:
    """Take a person's traces out of one row; say whether there were any."""
    columns = _looked_at(rows)
    where = and_(*(own == value for own, value in zip(rows.primary_key, key, strict=True)))
    query = select(*(_plain(column) for column in columns)).where(where).with_for_update()
    found = work.connection.execute(query).one_or_none()
    if found is None:
        return False
    before = dict(zip((column.name for column in columns), found, strict=True))
    if rows is import_batch:
        before["detail"] = _without(before["detail"], traces, numbers)
    after = zip(_freed(work, rows, key, before, traces).items(), found, strict=True)
    values = {name: _kept(rows.c[name], text) for (name, text), was in after if text != was}
    if values:
        work.connection.execute(update(rows).where(where).values(values))
    return bool(values)


# -- rows ----------------------------------------------------------------------------------------


def _looked_at(rows: Table) -> tuple[Column[Any], ...]:
    return (import_batch.c.detail,) if rows is import_batch else texts()[rows]


def _plain(column: Column[Any]) -> Any:
    """Return a column as the text that is stored, also where that is JSON."""
    return type_coerce(column, Text).label(column.name)


def _kept(column: Column[Any], text: str | None) -> Any:
    return type_coerce(literal(text, Text), column.type) if isinstance(column.type, Json) else text


def _bounds(rows: Table, stretch: Stretch) -> list[Any]:
    key = next(iter(rows.primary_key))
    return [] if stretch.first is None else [key.between(stretch.first, stretch.last)]


def _others(rows: Table, numbers: Sequence[int]) -> list[Any]:
    """Leave the person's own rows out: they go as a whole."""
    if "record_kind" not in rows.c or "record_id" not in rows.c:
        return []
    own = and_(rows.c.record_kind == "contact", rows.c.record_id.in_(numbers))
    return [or_(rows.c.record_id.is_(None), not_(own))]


def _freed(
    work: Work, rows: Table, key: Sequence[Any], before: dict[str, Any], traces: Traces
) -> dict[str, Any]:
    """Return the texts of a row without the person; of a letter to or from them nothing stays."""
    if rows is message and any(
        traces.within(before[name] or "") for name in ("sender", "recipient")
    ):
        _blank_line(work, key[0])
        return dict.fromkeys(before, "") | {
            name: before[name] for name in ("channel", "direction", "record_kind")
        }
    made = dict(before)
    for name, text in before.items():
        if text and (freed := traces.free(text)) != text:
            made[name] = _fitting(rows.c[name], freed, key)
    return made


def _fitting(column: Column[Any], text: str, key: Sequence[Any]) -> str:
    """Return a text that its column takes: no longer than it may be, and the only one where so."""
    assert isinstance(column.table, Table)
    alone = column.unique or any(
        column in constraint.columns
        for constraint in column.table.constraints
        if isinstance(constraint, UniqueConstraint)
    )
    said = f"{text} {key[0]}" if alone else text
    return said[: getattr(column.type, "length", None)]


def _blank_line(work: Work, number: int) -> None:
    """Empty the line of a timeline that a message stands behind."""
    own = message.c
    query = select(own.record_kind, own.record_id, own.message_id, own.text).where(own.id == number)
    kind, record, *letter = work.connection.execute(query).one()
    lines = select(activity.c.id, activity.c.detail).where(
        activity.c.record_kind == kind,
        activity.c.record_id == record,
        activity.c.kind.in_(("email_sent", "email_received", "sms_sent", "sms_received")),
    )
    for line, stored in work.connection.execute(lines).all():
        detail = msgspec.json.decode(stored)
        # Of what was received the line has less text than the message: quotes are left out.
        same = detail.get("message_id") == letter[0]
        if same and (letter[0] or detail.get("text") == letter[1]):
            audit.forget_lines(work, [line])


def _without(detail: str, traces: Traces, numbers: Sequence[int]) -> str:
    """Return what an import remembers without what it made and moved of the person."""
    kept = msgspec.json.decode(detail)
    kept["moved"] = [one for one in kept["moved"] if one[0] != "contact" or one[1] not in numbers]
    made = kept["made"]
    made["contact"] = [number for number in made.get("contact", ()) if number not in numbers]
    kept["rejected"] = [
        one for one in kept["rejected"] if not any(map(traces.within, (*one[1], one[2])))
    ]
    return to_json(kept)


# -- workflows -----------------------------------------------------------------------------------


def _histories(work: Work, stretch: Stretch, traces: Traces) -> list[Any]:
    """Return the workflows in whose steps of undo the person is named."""
    own = draft_history.c
    query = select(own.workflow_id, own.patch).where(*_bounds(draft_history, stretch))
    found: dict[int, None] = {}
    for number, patch in work.connection.execute(query):
        if number not in found and traces.within(_unpacked(patch)):
            found[number] = None
    return [(number,) for number in found]


def _unpacked(patch: bytes) -> str:
    try:
        return zlib.decompress(patch).decode()
    except (zlib.error, UnicodeDecodeError):
        return ""


def _told(work: Work, rows: Table, keys: Sequence[Any]) -> None:
    """Let the engine and open pages read workflows again that say something else now."""
    if rows.name not in ("workflow", "workflow_version"):
        return
    settings.count_up(work, workflows.COUNTER)
    for key in keys if rows is workflow else ():
        _forget_history(work, key[0])


def _forget_history(work: Work, number: int) -> None:
    """Drop the steps of undo of a draft, which hold what it said before."""
    work.connection.execute(delete(draft_history).where(draft_history.c.workflow_id == number))
    anew = {
        "draft_revision": workflow.c.draft_revision + 1, "draft_from": "", "history_at": 0,
        "history_revision": -1,
    }  # fmt: skip
    work.connection.execute(update(workflow).where(workflow.c.id == number).values(anew))
    work.touched |= {"workflow", "draft_history"}
