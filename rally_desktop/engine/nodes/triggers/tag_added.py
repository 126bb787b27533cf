"""Trigger: a record got a tag."""

from __future__ import annotations

from typing import Annotated, ClassVar

from rally_desktop.core.fold import fold
from rally_desktop.core.schema import Pick
from rally_desktop.engine.nodes.base import Event, TriggerKind
from rally_desktop.engine.nodes.moves import fits


class TagAdded(TriggerKind, frozen=True):
    """Starts when a record gets one of the tags, by hand or by another workflow."""

    title: ClassVar = "Tag added"
    icon: ClassVar = "tag"
    says: ClassVar = "When it is tagged {tags}"
    example: ClassVar = {"tags": ["Newsletter"]}
    words: ClassVar = ("label", "tagged")

    tags: Annotated[tuple[str, ...], Pick("Tags", source="tag", many=True)]

    def listens(self) -> tuple[tuple[str, str | None], ...]:
        """Look at tags that are added."""
        return (("tag_added", None),)

    def values(self) -> tuple[str | None, ...]:
        """Ask for the tags."""
        return tuple({fold(tag) for tag in self.tags})

    def matches(self, event: Event) -> bool:
        """Compare the tag with those chosen; case does not matter."""
        return fits(event.detail["tag"], self.tags)
