"""Rows of the office's own tables that have an order: named, moved, told apart by their names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from rally_desktop.core import texts
from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.core.fold import fold
from rally_desktop.model import rows
from rally_desktop.model.changes import RowChanged
from rally_desktop.model.work import Work

COLOURS = ("", "talk", "record", "condition", "bad", "trigger")  # families of the tokens


def one(work: Work, table: str, number: int, what: str) -> Row[Any]:
    """Return a row by its number; raise NotFound that says what is gone."""
    held = rows.table(table)
    found = work.connection.execute(select(held).where(held.c.id == number)).one_or_none()
    if found is None:
        raise NotFound(f"That {what} does not exist any more.")
    return found


def listed(work: Work, table: str, *among: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Return rows in their order."""
    held = rows.table(table)
    query = select(held).where(*among).order_by(held.c.position, held.c.id)
    return work.connection.execute(query).all()


def free(name: str, what: str, taken: Iterable[str], longest: int = 200) -> str:
    """Return a name tidied; refuse one that is empty, too long, or somebody else's."""
    given = " ".join(name.split())
    if not given:
        raise Refused(f"Type a name for the {what}.")
    texts.require(longest, name=given)
    for other in taken:
        if fold(other) == fold(given):
            raise Refused(f"There is a {what} called ‘{other}’ already. Choose another name.")
    return given


def move(work: Work, table: str, numbers: Sequence[int], number: int, place: int) -> None:
    """Put one of the rows at another place among them; the others keep their order."""
    order = [each for each in numbers if each != number]
    order.insert(max(0, min(place, len(order))), number)
    for position, each in enumerate(order):
        work.change(RowChanged(table, each, {"position": position}))


def colour(work: Work, table: str, number: int, name: str) -> None:
    """Give a row one of the colours, or none."""
    if name not in COLOURS:
        raise Refused("Choose one of the colours that are offered.")
    work.change(RowChanged(table, number, {"colour": name}))
