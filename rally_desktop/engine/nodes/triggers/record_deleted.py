"""Trigger: a record was deleted."""

from __future__ import annotations

from typing import ClassVar

from rally_desktop.engine.nodes.base import TriggerKind


class RecordDeleted(TriggerKind, frozen=True):
    """Starts when a record goes to the trash.

    The steps can still read what it was, for instance to tell its owner. What writes to it or
    changes it fails, because the record is gone.
    """

    title: ClassVar = "Record deleted"
    icon: ClassVar = "trash-2"
    says: ClassVar = "When it is deleted"
    words: ClassVar = ("removed", "trash", "gone")

    def listens(self) -> tuple[tuple[str, str | None], ...]:
        """Look at every record that goes to the trash."""
        return (("deleted", None),)
