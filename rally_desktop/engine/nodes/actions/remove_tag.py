"""Action: remove a tag."""

from __future__ import annotations

from typing import Annotated, ClassVar

from rally_desktop.core.schema import Pick
from rally_desktop.engine.nodes.base import Done, Family, Here, Outcome, Skipped, StepKind
from rally_desktop.model.work import Work
from rally_desktop.services import records


class RemoveTag(StepKind, frozen=True):
    """Takes a tag off the record; one that it does not have is no failure."""

    title: ClassVar = "Remove tag"
    icon: ClassVar = "tag"
    family: ClassVar[Family] = "record"
    says: ClassVar = "Remove the tag “{tag}”"
    reads: ClassVar = "{sentence}"
    example: ClassVar = {"tag": "Newsletter"}
    words: ClassVar = ("label", "mark", "untag", "take off")

    tag: Annotated[str, Pick("Tag", source="tag")]

    def causes(self) -> tuple[tuple[str, str | None, str | None], ...]:
        """Remove the tag."""
        return (("tag_removed", None, self.tag),)

    def run(self, work: Work, here: Here) -> Outcome:
        """Remove the tag, within the run's transaction."""
        if records.remove_tag(work, here.ref, self.tag):
            return Done(f"Removed the tag “{self.tag}”.")
        return Skipped("unchanged", f"It does not have the tag “{self.tag}”.")
