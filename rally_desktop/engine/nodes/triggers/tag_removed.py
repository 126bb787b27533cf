"""Trigger: a record lost a tag."""

from __future__ import annotations

from typing import Annotated, ClassVar

from rally_desktop.core.fold import fold
from rally_desktop.core.schema import Pick
from rally_desktop.engine.nodes.base import Event, TriggerKind
from rally_desktop.engine.nodes.moves import fits


class TagRemoved(TriggerKind, frozen=True):
    """Starts when one of the tags is taken off a record, by hand or by another workflow."""

    title: ClassVar = "Tag removed"
    icon: ClassVar = "tag-x"
    says: ClassVar = "When it loses the tag {tags}"
    example: ClassVar = {"tags": ["Newsletter"]}
    words: ClassVar = ("label", "untagged")

    tags: Annotated[tuple[str, ...], Pick("Tags", source="tag", many=True)]

    def listens(self) -> tuple[tuple[str, str | None], ...]:
        """Look at tags that are taken off."""
        return (("tag_removed", None),)

    def values(self) -> tuple[str | None, ...]:
        """Ask for the tags."""
        return tuple({fold(tag) for tag in self.tags})

    def matches(self, event: Event) -> bool:
        """Compare the tag with those chosen; case does not matter."""
        return fits(event.detail["tag"], self.tags)
