"""Action: create a note."""

from __future__ import annotations

from typing import Annotated, ClassVar

from rally_desktop.core.schema import Text
from rally_desktop.engine.nodes.base import Done, Family, Here, Outcome, StepKind
from rally_desktop.model.work import Work
from rally_desktop.services import notes


class CreateNote(StepKind, frozen=True):
    """Writes a note on the record's timeline.

    A merge field that is empty and has no fallback fails the step: no half-filled note is kept.
    """

    title: ClassVar = "Create note"
    icon: ClassVar = "sticky-note"
    family: ClassVar[Family] = "record"
    says: ClassVar = "“{text}”"
    example: ClassVar = {"text": "Asked for a quote by the web form"}
    words: ClassVar = ("comment", "write", "remark", "timeline")

    text: Annotated[str, Text("Text", merge=True, lines=4)]

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Go on, or the other way where the text cannot be filled in."""
        return (("next", ""), ("failed", "Failed"))

    def causes(self) -> tuple[tuple[str, str | None, str | None], ...]:
        """Add a note."""
        return (("note_added", None, None),)

    def run(self, work: Work, here: Here) -> Outcome:
        """Write the note, within the run's transaction."""
        notes.add(work, here.ref, here.merge(self.text))
        return Done("Wrote a note.")

    def sentence(self) -> str:
        """Say the text on one line."""
        return f"“{' '.join(Text('', merge=True).say(self.text).split())}”"
