"""Keeping the office's tags: renamed, coloured, merged, deleted and brought back.

Records wear a tag by its number, so a new name is theirs at once. Their timelines say nothing of
it: no tag was put on or taken off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select

from rally_desktop.core.errors import Refused
from rally_desktop.core.fold import fold
from rally_desktop.model.changes import RowAdded, RowChanged
from rally_desktop.model.tables import record_tag, tag
from rally_desktop.model.work import Work
from rally_desktop.services import audit, in_order

LONGEST = 100
Worn = Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Tag:
    """One tag, and how many records of each kind wear it."""

    id: int
    name: str
    colour: str
    records: Mapping[str, int]


@dataclass(frozen=True)
class Gone:
    """What brings a tag back: its row, who wore it, and who came to wear another for it."""

    row: Mapping[str, Any]
    worn: Worn
    into: int | None = None
    given: Worn = ()


def listed(work: Work) -> list[Tag]:
    """Return the tags by name."""
    worn = record_tag.c
    query = select(worn.tag_id, worn.record_kind, func.count())
    held: dict[int, Counter[str]] = {}
    for number, kind, count in work.connection.execute(
        query.group_by(worn.tag_id, worn.record_kind)
    ):
        held.setdefault(number, Counter())[kind] = count
    found = work.connection.execute(select(tag).order_by(tag.c.name_key)).all()
    return [Tag(row.id, row.name, row.colour, held.get(row.id, {})) for row in found]


def colours(work: Work) -> dict[str, str]:
    """Return the colours of the tags that have one, by name."""
    query = select(tag.c.name, tag.c.colour).where(tag.c.colour != "")
    return {row.name: row.colour for row in work.connection.execute(query)}


def add(work: Work, name: str) -> int:
    """Add a tag that nobody wears yet; return its number."""
    given = _free(work, name)
    number = work.new_id("tag")
    work.change(RowAdded("tag", {"id": number, "name": given, "name_key": fold(given)}))
    return number


def rename(work: Work, number: int, name: str) -> None:
    """Call a tag otherwise."""
    one(work, number)
    given = _free(work, name, but=number)
    work.change(RowChanged("tag", number, {"name": given, "name_key": fold(given)}))


def set_colour(work: Work, number: int, name: str) -> str:
    """Give a tag one of the colours, or none; return which it had."""
    before = one(work, number).colour
    in_order.colour(work, "tag", number, name)
    return before


def remove(work: Work, number: int) -> Gone:
    """Take a tag off every record and out of the list; return what brings it back."""
    found = one(work, number)
    worn = _wearers(work, number)
    work.connection.execute(delete(record_tag).where(record_tag.c.tag_id == number))
    work.connection.execute(delete(tag).where(tag.c.id == number))
    work.touched |= {"tag", "record_tag"}
    audit.say(work, "office_removed", "tag", number, name=found.name, records=len(worn))
    return Gone(_plain(found), worn)


def merge(work: Work, number: int, into: int) -> Gone:
    """Let everybody who wears one tag wear another; the first is no more."""
    kept = one(work, into)
    if number == into:
        raise Refused("Choose another tag.")
    there = {*_wearers(work, into)}
    given = [key for key in _wearers(work, number) if key not in there]
    gone = remove(work, number)
    _put_on(work, into, given)
    audit.say(work, "tag_merged", "tag", into, name=kept.name, gone=gone.row["name"])
    return Gone(gone.row, gone.worn, into, given)


def restore(work: Work, gone: Gone) -> None:
    """Bring a tag back to whoever wore it and is there still; take the other one off again."""
    _free(work, gone.row["name"])
    work.connection.execute(insert(tag).values(**gone.row))
    audit.say(work, "office_restored", "tag", gone.row["id"], name=gone.row["name"])
    if gone.into is not None:
        still = {*_wearers(work, gone.into)} & {*gone.given}
        for kind in {kind for kind, _ in still}:
            numbers = [number for one_kind, number in still if one_kind == kind]
            _take_off(work, gone.into, kind, numbers)
    _put_on(work, gone.row["id"], gone.worn)
    work.touched |= {"tag", "record_tag"}


def one(work: Work, number: int) -> Any:
    """Return the row of a tag; raise NotFound."""
    return in_order.one(work, "tag", number, "tag")


def _wearers(work: Work, number: int) -> list[tuple[str, int]]:
    worn = record_tag.c
    query = select(worn.record_kind, worn.record_id).where(worn.tag_id == number)
    return [(row.record_kind, row.record_id) for row in work.connection.execute(query)]


def _put_on(work: Work, number: int, wearers: Worn) -> None:
    rows = [
        {"record_kind": kind, "record_id": record, "tag_id": number} for kind, record in wearers
    ]
    if rows:
        work.connection.execute(insert(record_tag), rows)


def _take_off(work: Work, number: int, kind: str, records: Sequence[int]) -> None:
    worn = record_tag.c
    for start in range(0, len(records), 500):
        some = worn.record_id.in_(records[start : start + 500])
        here = (worn.tag_id == number) & (worn.record_kind == kind) & some
        work.connection.execute(delete(record_tag).where(here))


def _free(work: Work, name: str, but: int = 0) -> str:
    query = select(tag.c.name).where(tag.c.id != but)
    return in_order.free(name, "tag", work.connection.execute(query).scalars(), LONGEST)


def _plain(row: Any) -> dict[str, Any]:
    return {each.name: getattr(row, each.name) for each in tag.c}
