"""A block of cells from a spreadsheet onto cells of a grid: a verdict for each, one undo."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from rally_desktop.core.errors import BadSettings, RallyError, Refused
from rally_desktop.model.fields import FieldInfo, custom_fields, fields_of
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.work import Work
from rally_desktop.services import edits, entry, records

MOST = 5_000  # cells at once; more come in by an import, which can be called off
_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d %B %Y", "%A, %d %B %Y, %H:%M")

Block = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Place:
    """A cell to paste onto: of which record, the key of its column, what it says now."""

    id: int
    key: str
    now: str


@dataclass(frozen=True)
class Verdict:
    """What becomes of one cell: the name of its record, and why where it cannot be pasted."""

    place: Place
    who: str
    text: str
    changes: bool
    problem: str = ""


@dataclass(frozen=True)
class Pasted:
    """The verdicts in reading order, and what takes the changes back."""

    verdicts: tuple[Verdict, ...]
    note: bytes

    def changing(self) -> int:
        """Return how many cells change."""
        return sum(one.changes for one in self.verdicts)


def block(text: str) -> list[list[str]]:
    """Return the cells of a text as spreadsheets copy it; raise Refused where it is none."""
    try:
        rows = list(csv.reader(StringIO(text.replace("\0", "")), delimiter="\t"))
    except csv.Error:
        raise Refused("What was copied cannot be read as cells. Copy the cells again.") from None
    rows = [row or [""] for row in rows]
    if not rows:
        raise Refused("There is nothing to paste. Copy some cells first.")
    if sum(map(len, rows)) > MOST:
        raise Refused(f"More than {MOST:,} cells cannot be pasted at once. Import them as a list.")
    return rows


def paste(work: Work, kind: RecordKind, cells: Sequence[tuple[Place, str]]) -> Pasted:
    """Put texts into cells, leaving out what does not fit; with ``read`` it is a preview."""
    fields = fields_of(kind, custom_fields(work.connection, kind))
    since = len(work.recorded)
    found = work.records(kind, {place.id for place, _ in cells})
    names = {number: records.name_of(kind, one) for number, one in found.items()}
    verdicts = []
    for place, text in cells:
        changes, problem = _put(
            work, Ref(kind, place.id), fields.get(_name(place.key)), place, text
        )
        verdicts.append(Verdict(place, names.get(place.id, ""), text, changes, problem))
    return Pasted(tuple(verdicts), edits.noted(work.recorded[since:]))


def _name(key: str) -> str:
    return {"name": "first_name"}.get(key, entry.typed(key))


def _put(
    work: Work, ref: Ref, field: FieldInfo | None, place: Place, text: str
) -> tuple[bool, str]:
    """Put one cell; return whether it changes, and why where it cannot."""
    if place.key != "name" and (field is None or not _settable(ref.kind, field)):
        same = text.strip() == place.now
        return False, "" if same else "Only the program sets this."
    try:
        return edits.put(work, ref, {place.key: _value(field, text)}), ""
    except BadSettings as error:
        return False, "; ".join(f"{name} {what}." for name, what in error.problems.items())
    except RallyError as error:
        return False, str(error)


def _settable(kind: RecordKind, field: FieldInfo) -> bool:
    own = field.name.startswith("custom.") or field.name == "tags"
    return own or field.stored in records.settable(kind)


def _value(field: FieldInfo | None, text: str) -> Any:
    """Return what a text of a spreadsheet means for a field; other texts are taken as they are."""
    said = text.strip()
    if field is None or not said:
        return said
    if field.type == "number" and _THOUSANDS.fullmatch(said):
        return said.replace(",", "")
    if field.type in ("date", "moment"):
        return _day(said) or said
    return said


def _day(said: str) -> datetime | None:
    for form in _DAYS:
        try:
            return datetime.strptime(said, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
