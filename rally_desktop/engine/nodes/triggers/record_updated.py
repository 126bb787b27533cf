"""Trigger: a field of a record moved."""

from __future__ import annotations

from typing import ClassVar

from rally_desktop.engine.nodes.moves import FieldsMoved


class RecordUpdated(FieldsMoved, frozen=True):
    """Starts when a field of a record changes, by whomever.

    Without fields, any change counts. The values before and afterwards can be asked for; one
    of each list is enough, and case does not matter.
    """

    title: ClassVar = "Record updated"
    icon: ClassVar = "pencil-line"
    says: ClassVar = "When {fields} changes"
    example: ClassVar = {"fields": ["lead_status"], "to": ["Contacted"]}
    words: ClassVar = ("changed", "edited", "field")

    def sentence(self) -> str:
        """Say which fields, and what they become."""
        return f"When {self.said()}"
