"""Notes on records: written, changed by who wrote them, put into the trash and taken out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from rally_desktop.core import texts
from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.model.changes import NoteAdded, NoteEdited, NoteRemoved, NoteRestored
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import note
from rally_desktop.model.work import Work


def add(work: Work, ref: Ref, text: str) -> int:
    """Write a note on a record and return its number."""
    work.record(ref)
    written = _written(text)
    number = work.new_id("note")
    work.change(NoteAdded(ref, number, written))
    return number


def text_of(work: Work, note_id: int) -> str:
    """Return what a note says."""
    return _own(work, note_id).text


def edit(work: Work, note_id: int, text: str) -> bool:
    """Let one's own note say something else; say whether it differs."""
    found, written = _own(work, note_id), _written(text)
    if found.text == written:
        return False
    work.change(NoteEdited(_about(found), note_id, written))
    return True


def remove(work: Work, note_id: int) -> None:
    """Put one's own note into the trash; one that is there already stays there."""
    found = _own(work, note_id)
    if found.deleted_at is None:
        work.change(NoteRemoved(_about(found), note_id))


def restore(work: Work, note_id: int) -> None:
    """Take one's own note out of the trash."""
    found = _own(work, note_id)
    if found.deleted_at is not None:
        work.change(NoteRestored(_about(found), note_id))


def _written(text: str) -> str:
    if not text.strip():
        raise Refused("A note needs some text.")
    texts.require(text=text)
    return text.strip()


def _own(work: Work, note_id: int) -> Row[Any]:
    found = work.connection.execute(select(note).where(note.c.id == note_id)).one_or_none()
    if found is None:
        raise NotFound("That note does not exist any more.")
    if found.user_id not in (None, work.user_id):
        raise Refused("Only who wrote a note can change or delete it. Add a note of your own.")
    return found


def _about(found: Row[Any]) -> Ref:
    return Ref(found.record_kind, found.record_id)
