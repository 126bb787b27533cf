"""Saved views of a page of records: which columns, which filter, which order; mine or everyone's.

A view without a user is everyone's: all see it and all may change it. One with a user is seen by
that user alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import select

from rally_desktop.core import texts
from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.core.fold import fold
from rally_desktop.model.changes import RowAdded, RowChanged, RowRemoved
from rally_desktop.model.tables import saved_view
from rally_desktop.model.work import Work

LONGEST_NAME = 60


class Layout(msgspec.Struct, frozen=True):
    """What a view shows: the keys of its columns, its filter, and what it is ordered by."""

    columns: tuple[str, ...] = ()
    filter: dict[str, Any] | None = None
    sort: str = "name"
    down: bool = False


@dataclass(frozen=True)
class View:
    """One saved view; ``mine`` where nobody else sees it."""

    id: int
    name: str
    mine: bool
    layout: Layout


@dataclass(frozen=True)
class Views:
    """The views of a page by name, and whether there is somebody who can have their own."""

    views: tuple[View, ...]
    personal: bool


def listed(work: Work, page: str) -> Views:
    """Return the views of a page that the user sees, by name."""
    own = saved_view.c
    query = select(own.id, own.name, own.user_id, own.definition).where(own.page == page)
    found = [
        View(number, name, user is not None, _read(stored))
        for number, name, user, stored in work.connection.execute(query)
        if user is None or user == work.user_id
    ]
    found.sort(key=lambda view: (fold(view.name), view.id))
    return Views(tuple(found), work.user_id is not None)


def add(work: Work, page: str, name: str, layout: Layout) -> int:
    """Save a new view, for the user alone where there is one; return its number."""
    given = _free(work, page, name)
    number = work.new_id("saved_view")
    row = {"id": number, "page": page, "name": given, "user_id": work.user_id}
    work.change(RowAdded("saved_view", {**row, "definition": msgspec.to_builtins(layout)}))
    return number


def save(work: Work, number: int, layout: Layout) -> None:
    """Let a view show something else from now on."""
    _found(work, number)
    work.change(RowChanged("saved_view", number, {"definition": msgspec.to_builtins(layout)}))


def rename(work: Work, number: int, name: str) -> None:
    """Give a view another name; refuse one that another view of the page has."""
    given = _free(work, _found(work, number)["page"], name, but=number)
    work.change(RowChanged("saved_view", number, {"name": given}))


def share(work: Work, number: int, *, everyone: bool) -> None:
    """Let everyone see a view, or the user alone."""
    _found(work, number)
    if not everyone and work.user_id is None:
        raise Refused("Say in Settings, This computer, who you are: only then is a view yours.")
    user = None if everyone else work.user_id
    work.change(RowChanged("saved_view", number, {"user_id": user}))


def delete(work: Work, number: int) -> Mapping[str, Any]:
    """Take a view away; return what brings it back."""
    found = _found(work, number)
    work.change(RowRemoved("saved_view", number))
    return found


def restore(work: Work, row: Mapping[str, Any]) -> None:
    """Bring back a view that was taken away."""
    work.change(RowAdded("saved_view", row))


def _found(work: Work, number: int) -> dict[str, Any]:
    query = select(saved_view).where(saved_view.c.id == number)
    found = work.connection.execute(query).mappings().one_or_none()
    if found is None or found["user_id"] not in (None, work.user_id):
        raise NotFound("That view does not exist any more.")
    return dict(found)


def _free(work: Work, page: str, name: str, but: int = 0) -> str:
    given = " ".join(name.split())
    if not given or len(given) > LONGEST_NAME:
        raise Refused(f"A view needs a name of 1 to {LONGEST_NAME} characters.")
    texts.require(LONGEST_NAME, name=given)
    for view in listed(work, page).views:
        if view.id != but and fold(view.name) == fold(given):
            raise Refused(f"There is a view called ‘{view.name}’ already. Choose another name.")
    return given


def _read(stored: Any) -> Layout:
    """Return what was stored; a view that cannot be read shows everything."""
    try:
        return msgspec.convert(stored, Layout)
    except msgspec.ValidationError:
        return Layout()
