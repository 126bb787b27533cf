"""Trigger: a record was created, or a field of it moved."""

from __future__ import annotations

from typing import ClassVar

from rally_desktop.engine.nodes.base import Event
from rally_desktop.engine.nodes.moves import FieldsMoved


class RecordCreatedOrUpdated(FieldsMoved, frozen=True):
    """Starts when a record is added, and whenever one of the fields changes afterwards.

    Without fields, any change counts. The values before and afterwards are asked of changes
    only: what a new record must be like belongs into the audience.
    """

    title: ClassVar = "Record created or updated"
    icon: ClassVar = "file-pen-line"
    says: ClassVar = "When it is created or {fields} changes"
    example: ClassVar = {"fields": ["lead_status"], "to": ["Contacted"]}
    words: ClassVar = ("new", "changed", "edited", "field", "added")

    def listens(self) -> tuple[tuple[str, str | None], ...]:
        """Look at records that come to be, and at changes of the fields."""
        return (("created", None), *super().listens())

    def values(self) -> tuple[str | None, ...]:
        """Ask for any value: a record that comes to be has none before it."""
        return (None,)

    def matches(self, event: Event) -> bool:
        """Take every new record, and the changes that are asked for."""
        return event.kind == "created" or super().matches(event)

    def sentence(self) -> str:
        """Say which fields, and what they become."""
        return f"When it is created, or {self.said()}"
