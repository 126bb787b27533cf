"""Action: set a field of the record."""

from __future__ import annotations

from typing import Annotated, ClassVar

from rally_desktop.core.errors import RallyError
from rally_desktop.core.schema import Pick, Text
from rally_desktop.engine.nodes.base import Done, Failed, Family, Here, Outcome, Skipped, StepKind
from rally_desktop.model.work import Work
from rally_desktop.services import entry


class UpdateField(StepKind, frozen=True):
    """Sets one field of the record to a value; an empty value clears it."""

    title: ClassVar = "Update field"
    icon: ClassVar = "arrow-left-right"
    family: ClassVar[Family] = "record"
    says: ClassVar = "{field} → {value}"
    example: ClassVar = {"field": "department", "value": "Sales"}
    words: ClassVar = ("set", "change", "clear", "write")

    field: Annotated[str, Pick("Field", source="field")]
    value: Annotated[str, Text("Value", merge=True, required=False)] = ""

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Go on, or the other way where the value does not fit."""
        return (("next", ""), ("failed", "Failed"))

    def causes(self) -> tuple[tuple[str, str | None, str | None], ...]:
        """Change the field, to a value that is known beforehand unless it is merged."""
        return (("updated", self.field, None if "{" in self.value else self.value),)

    def run(self, work: Work, here: Here) -> Outcome:
        """Set the field, within the run's transaction."""
        value = here.merge(self.value)
        try:
            changed = entry.update(work, here.ref, {self.field: value})
        except RallyError as error:
            return Failed("bad_settings", str(error))
        if changed:
            return Done(f"Set {self.field.replace('_', ' ')} to “{value}”.")
        return Skipped("unchanged", f"{self.field.replace('_', ' ')} is “{value}” already.")

    def sentence(self) -> str:
        """Say which field gets which value."""
        value = self.value or "empty"
        return f"{self.field.replace('_', ' ').capitalize()} → {value}"
