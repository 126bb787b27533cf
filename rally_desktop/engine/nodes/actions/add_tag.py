"""Action: add a tag."""

from __future__ import annotations

from typing import Annotated, ClassVar

from rally_desktop.core.schema import Pick
from rally_desktop.engine.nodes.base import Done, Family, Here, Outcome, Skipped, StepKind
from rally_desktop.model.work import Work
from rally_desktop.services import records


class AddTag(StepKind, frozen=True):
    """Puts a tag on the record; a tag it has already is left alone."""

    title: ClassVar = "Add tag"
    icon: ClassVar = "tag"
    family: ClassVar[Family] = "record"
    says: ClassVar = "Tag it “{tag}”"
    reads: ClassVar = "{sentence}"
    example: ClassVar = {"tag": "Newsletter"}
    words: ClassVar = ("label", "mark")

    tag: Annotated[str, Pick("Tag", source="tag")]

    def causes(self) -> tuple[tuple[str, str | None, str | None], ...]:
        """Add the tag."""
        return (("tag_added", None, self.tag),)

    def run(self, work: Work, here: Here) -> Outcome:
        """Add the tag, within the run's transaction."""
        if records.add_tag(work, here.ref, self.tag):
            return Done(f"Added the tag “{self.tag}”.")
        return Skipped("unchanged", f"It has the tag “{self.tag}” already.")
