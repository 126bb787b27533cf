"""Drafts that survive: who has one open, what it is based on, and how it came to be.

One page at a time edits a draft; it holds a seat, which it renews, so that the seat ends with its
program. Every save names the revision that it is based on: what somebody else saved meanwhile is
never overwritten unless a person says so. The history of undo and redo is kept beside the draft
and belongs to one revision of it: whoever changes the draft in another way leaves it behind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, delete, insert, select

from rally_desktop.core.errors import BadDefinition, Conflict, NotFound, Refused
from rally_desktop.model.changes import RowAdded, RowChanged, RowRemoved
from rally_desktop.model.graph import Graph
from rally_desktop.model.patch import Patch
from rally_desktop.model.tables import (
    draft_history,
    draft_seat,
    user_account,
    workflow,
    workflow_version,
)
from rally_desktop.model.work import Work
from rally_desktop.outside import processes
from rally_desktop.services import workflows

SEAT_LASTS = timedelta(seconds=60)
KEPT = 200  # entries of the history


@dataclass(frozen=True)
class Page:
    """Where somebody edits: one page of one program on one computer."""

    key: str
    who: str
    computer: str
    process: int


class Basis(NamedTuple):
    """What a save stands on: the page, the revision that it read, how many changes it made."""

    page: Page
    revision: int
    change: int


@dataclass(frozen=True)
class Holder:
    """Whoever has a draft open for editing; ``here`` where it is on this computer."""

    who: str
    computer: str
    since: datetime
    here: bool


@dataclass(frozen=True)
class Standing:
    """How a draft stands: its revision, who saved that, and who else has it open."""

    revision: int
    holder: Holder | None
    saved_by: str
    saved_at: datetime | None
    by_me: bool


class Entry(NamedTuple):
    """One step of a draft's history."""

    title: str
    patch: Patch


@dataclass(frozen=True)
class History:
    """Entries one after another, the first of them numbered; ``at`` is the last one made."""

    first: int = 1
    at: int = 0
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Opened:
    """A draft as a page needs it; ``mark`` is the page and how far it had come when it saved."""

    stored: workflows.Draft
    standing: Standing
    history: History
    mark: str


def opened(work: Work, workflow_id: int, page: Page) -> Opened:
    """Return a draft with its history and who has it open; raise NotFound or BadDefinition."""
    stored = workflows.draft(work, workflow_id)
    found = _heading(work, workflow_id)
    standing = _standing(work, found, page, _seat(work, workflow_id))
    return Opened(stored, standing, _history(work, found), found.draft_from)


def look(work: Work, workflow_id: int, page: Page) -> Standing:
    """Return how a draft stands, without reading it."""
    return _standing(work, _heading(work, workflow_id), page, _seat(work, workflow_id))


def sit(work: Work, workflow_id: int, page: Page, *, anyway: bool = False) -> Standing:
    """Take or renew the seat where it is free, or from whoever has it; return how things stand."""
    found = _heading(work, workflow_id, lock=True)
    seat = _seat(work, workflow_id)
    standing = _standing(work, found, page, seat)
    if standing.holder is not None and not anyway:
        return standing
    _take(work, workflow_id, page, seat)
    return replace(standing, holder=None)


def get_up(work: Work, workflow_id: int, page: Page) -> None:
    """Leave the seat to the next; one that somebody else has taken stays theirs."""
    seat = _seat(work, workflow_id)
    if seat is not None and seat.page == page.key:
        work.change(RowRemoved("draft_seat", workflow_id))


def save(
    work: Work,
    workflow_id: int,
    graph: Graph,
    basis: Basis,
    history: History | None = None,
    *,
    overwrite: bool = False,
) -> int:
    """Keep a draft and what is new of its history; return the draft's revision.

    Raises Conflict where somebody else has the draft open now, and, unless told to overwrite,
    where somebody else saved since the revision that this one is based on. A save whose answer
    was lost can simply be repeated.
    """
    found = _heading(work, workflow_id, lock=True)
    seat = _seat(work, workflow_id)
    if holder := _holder(work, seat, basis.page):
        raise Conflict(f"{holder.who} is editing this workflow now.")
    mine = _page_of(found.draft_from) == basis.page.key
    if found.draft_revision != basis.revision and not (mine or overwrite):
        raise Conflict("Somebody else has saved this workflow meanwhile.")
    mark = f"{basis.page.key}:{basis.change}"
    revision = workflows.save_draft(work, workflow_id, graph, mark)
    if history is not None:
        _write(work, workflow_id, history, revision)
    return revision


def copy(work: Work, graph: Graph) -> int:
    """Keep a graph as a workflow of its own, beside the one that it came from."""
    name = graph.name.strip() or "Untitled workflow"
    taken = {row.name for row in workflows.listed(work)}
    titles = (f"{name[:180]} (copy{f' {n}' if n > 1 else ''})" for n in range(1, len(taken) + 2))
    return workflows.create(work, graph.with_(name=next(one for one in titles if one not in taken)))


def document(work: Work, workflow_id: int) -> str:
    """Return a draft as it is stored, readable or not."""
    query = select(workflow.c.draft).where(workflow.c.id == workflow_id)
    return work.connection.execute(query).scalar() or ""


def name(work: Work, workflow_id: int) -> str:
    """Return what a workflow is called, whether its draft can be read or not."""
    query = select(workflow.c.name).where(workflow.c.id == workflow_id)
    return work.connection.execute(query).scalar() or ""


def published(work: Work, workflow_id: int) -> int | None:
    """Return the number of the version in service; None where there is none to go back to."""
    found = _version(work, workflow_id)
    return found.number if found else None


def go_back(work: Work, workflow_id: int) -> None:
    """Put the version in service in the place of the draft, whatever that was."""
    if (found := _version(work, workflow_id)) is None:
        raise Refused("This workflow is not published, so there is no version to go back to.")
    workflows.save_draft(work, workflow_id, workflows.read(found.definition))


def _version(work: Work, workflow_id: int) -> Row[Any] | None:
    joined = workflow_version.c.id == workflow.c.published_id
    query = select(workflow_version).join(workflow, joined).where(workflow.c.id == workflow_id)
    return work.connection.execute(query).one_or_none()


# -- who has it open ---------------------------------------------------------------------------


def _heading(work: Work, workflow_id: int, *, lock: bool = False) -> Any:
    """Return a workflow without its documents; ``lock`` keeps others from saving meanwhile."""
    column = workflow.c
    query = select(
        column.id, column.draft_revision, column.draft_from, column.draft_by, column.draft_at,
        column.history_at, column.history_revision,
    ).where(column.id == workflow_id, column.deleted_at.is_(None))  # fmt: skip
    found = work.connection.execute(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound("That workflow does not exist any more.")
    return found


def _seat(work: Work, workflow_id: int) -> Row[Any] | None:
    query = select(draft_seat).where(draft_seat.c.workflow_id == workflow_id)
    return work.connection.execute(query).one_or_none()


def _holder(work: Work, seat: Row[Any] | None, page: Page) -> Holder | None:
    """Return which other page has the seat: it was renewed in time, and its program lives.

    A seat that ends later than any would is from a clock that was put back, and is free.
    """
    if seat is None or seat.page == page.key:
        return None
    here = seat.computer == page.computer
    ended = here and not processes.is_running(seat.process)
    if ended or not work.now < seat.until <= work.now + SEAT_LASTS:
        return None
    return Holder(seat.who, seat.computer, seat.since, here)


def _take(work: Work, workflow_id: int, page: Page, seat: Row[Any] | None) -> None:
    mine = seat is not None and seat.page == page.key
    row = {
        "page": page.key, "who": _name(work, work.user_id) or page.who, "computer": page.computer,
        "process": page.process, "since": seat.since if mine and seat else work.now,
        "until": work.now + SEAT_LASTS,
    }  # fmt: skip
    if seat is None:
        work.change(RowAdded("draft_seat", {"workflow_id": workflow_id, **row}))
    else:
        work.change(RowChanged("draft_seat", workflow_id, row))


def _standing(work: Work, found: Any, page: Page, seat: Row[Any] | None) -> Standing:
    saved_from = _page_of(found.draft_from)
    sits = seat.who if seat is not None and seat.page == saved_from else ""
    return Standing(
        revision=found.draft_revision,
        holder=_holder(work, seat, page),
        saved_by=_name(work, found.draft_by) or sits,
        saved_at=found.draft_at,
        by_me=saved_from == page.key,
    )


def _name(work: Work, user_id: int | None) -> str:
    """Return what a user is called; nothing where nobody had signed in."""
    query = select(user_account.c.name).where(user_account.c.id == user_id)
    return work.connection.execute(query).scalar() or ""


def _page_of(mark: str) -> str:
    return mark.rpartition(":")[0]


# -- its history -------------------------------------------------------------------------------


def _history(work: Work, found: Any) -> History:
    """Return the history of a draft; none where it does not end at the draft as it is stored."""
    column = draft_history.c
    query = select(draft_history).where(column.workflow_id == found.id).order_by(column.number)
    if found.history_revision != found.draft_revision:
        return History()
    rows = work.connection.execute(query).all()
    if not rows or not rows[0].number - 1 <= found.history_at <= rows[-1].number:
        return History()
    try:
        entries = tuple(Entry(row.title, Patch.unpacked(row.patch)) for row in rows)
    except BadDefinition:
        return History()
    return History(rows[0].number, found.history_at, entries)


def _write(work: Work, workflow_id: int, history: History, revision: int) -> None:
    """Put entries in the place of those from the first on, and note where the draft stands."""
    column, execute = draft_history.c, work.connection.execute
    here = column.workflow_id == workflow_id
    execute(delete(draft_history).where(here, column.number >= history.first))
    rows = [
        {"workflow_id": workflow_id, "number": number, "title": entry.title[:200],
         "patch": entry.patch.packed()}
        for number, entry in enumerate(history.entries, history.first)
    ][-KEPT:]  # fmt: skip
    if rows:
        execute(insert(draft_history), rows)
        execute(delete(draft_history).where(here, column.number <= rows[-1]["number"] - KEPT))
    stands = {"history_at": history.at, "history_revision": revision}
    work.change(RowChanged("workflow", workflow_id, stands))
