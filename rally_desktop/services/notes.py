"""Notes on records."""

from __future__ import annotations

from rally_desktop.core import texts
from rally_desktop.core.errors import Refused
from rally_desktop.model.changes import NoteAdded
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Work


def add(work: Work, ref: Ref, text: str) -> int:
    """Write a note on a record and return its number."""
    work.record(ref)
    if not text.strip():
        raise Refused("A note needs some text.")
    texts.require(text=text)
    number = work.new_id("note")
    work.change(NoteAdded(ref, number, text.strip()))
    return number
