"""Trigger: a field of a record moved."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from rally_desktop.core.fold import fold
from rally_desktop.core.schema import Pick, Text
from rally_desktop.engine.nodes.base import Event, TriggerKind

_LINKED = ("owner", "company", "contact")


class RecordUpdated(TriggerKind, frozen=True):
    """Starts when a field of a record changes, by whomever.

    Without fields, any change counts. With one field, its value afterwards can be asked for.
    """

    title: ClassVar = "Record updated"
    icon: ClassVar = "pencil-line"
    says: ClassVar = "When {fields} changes"
    example: ClassVar = {"fields": ["lead_status"], "to": "Contacted"}
    words: ClassVar = ("changed", "edited", "field")

    fields: Annotated[
        tuple[str, ...], Pick("Fields", source="field", many=True, required=False)
    ] = ()
    to: Annotated[str, Text("Becomes", help="Empty: any value.", required=False)] = ""

    def listens(self) -> tuple[tuple[str, str | None], ...]:
        """Look at changes of the fields, or at every change."""
        return tuple(("updated", name) for name in _stored(self.fields)) or (("updated", None),)

    def values(self) -> tuple[str | None, ...]:
        """Ask for the value afterwards, where it is that of a certain field."""
        return (fold(self.to),) if self.to and self.fields else (None,)

    def matches(self, event: Event) -> bool:
        """Compare the value afterwards, where one is asked for."""
        return not self.to or any(
            fold(_said(new)) == fold(self.to) for _, new in _moved(event, self.fields)
        )

    def problems(self) -> dict[str, str]:
        """Refuse a deal's stage, whose moves are lines of their own."""
        found = super().problems()
        if "stage" in self.fields:
            found["fields"] = "cannot be the stage: choose the trigger ‘Deal stage changed’ for it"
        return found

    def sentence(self) -> str:
        """Say which fields, and what they become."""
        what = self.settings()[0].field.say(self.fields).replace("any", "any field")
        names = what.replace("_", " ")
        return f"When {names} becomes {self.to}" if self.to else f"When {names} changes"


def _moved(event: Event, fields: tuple[str, ...]) -> list[tuple[Any, Any]]:
    moved, wanted = event.detail["fields"], _stored(fields)
    return [tuple(pair) for name, pair in moved.items() if not wanted or name in wanted]


def _stored(fields: tuple[str, ...]) -> tuple[str, ...]:
    """Return the fields under the names of their columns, as the timeline knows them."""
    return tuple(f"{name}_id" if name in _LINKED else name for name in fields)


def _said(value: Any) -> str:
    return "" if value is None else str(value)
