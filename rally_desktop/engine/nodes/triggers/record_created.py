"""Trigger: a record was created."""

from __future__ import annotations

from typing import ClassVar

from rally_desktop.engine.nodes.base import TriggerKind


class RecordCreated(TriggerKind, frozen=True):
    """Starts when a record is added: by hand, by an import, or by another workflow."""

    title: ClassVar = "Record created"
    icon: ClassVar = "user-plus"
    says: ClassVar = "When it is created"
    words: ClassVar = ("new", "added", "lead", "contact", "deal", "company")

    def listens(self) -> tuple[tuple[str, str | None], ...]:
        """Look at every record that comes to be."""
        return (("created", None),)
