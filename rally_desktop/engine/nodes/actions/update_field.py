"""Action: set a field of the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal

from rally_desktop.core.errors import MissingValue, RallyError, Refused, UnknownField
from rally_desktop.core.schema import Choice, Number, Pick, Text
from rally_desktop.engine.nodes.base import Done, Failed, Family, Here, Outcome, Skipped, StepKind
from rally_desktop.model.work import Work
from rally_desktop.services import entry, merging, users

How = Literal["set to", "clear", "copy from", "add", "subtract", "count up"]
SIGN: Mapping[str, int] = {"add": 1, "subtract": -1, "count up": 1}


class UpdateField(StepKind, frozen=True):
    """Sets one field of the record, clears it, copies another one into it, or counts with it.

    Adding to an empty number starts at 0; a date is moved by days and must not be empty.
    Setting a field to an empty value clears it. It fails where the value does not fit.
    """

    title: ClassVar = "Update field"
    icon: ClassVar = "arrow-left-right"
    family: ClassVar[Family] = "record"
    says: ClassVar = "{field} → {value}"
    example: ClassVar = {"field": "department", "value": "Sales"}
    words: ClassVar = ("set", "change", "clear", "write", "copy", "add", "increment")

    field: Annotated[str, Pick("Field", source="field")]
    how: Annotated[How, Choice("What to do")] = "set to"
    value: Annotated[
        str, Text("Value", merge=True, required=False, shown_when=("how", "set to"))
    ] = ""
    source: Annotated[
        str, Pick("From the field", source="field", required=False, shown_when=("how", "copy from"))
    ] = ""
    by: Annotated[float, Number("By", least=0, shown_when=("how", ("add", "subtract")))] = 1

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Go on, or the other way where the value does not fit."""
        return (("next", ""), ("failed", "Failed"))

    def causes(self) -> tuple[tuple[str, str | None, str | None], ...]:
        """Change the field, to a value that is known beforehand unless it is worked out."""
        known = self.how == "clear" or (self.how == "set to" and "{" not in self.value)
        value = "" if self.how == "clear" else self.value
        return (("updated", self.field, value if known else None),)

    def run(self, work: Work, here: Here) -> Outcome:
        """Set the field, within the run's transaction."""
        name = _shown(self.field)
        try:
            value = self._value(work, here)
            changed = entry.update(work, here.ref, {entry.typed(self.field): value})
        except MissingValue as error:
            return Failed("missing_value", str(error), {"field": error.field})
        except users.SameName as error:
            return Failed("same_name", str(error))
        except users.NoUser as error:
            return Failed("no_user", str(error))
        except RallyError as error:
            return Failed("bad_settings", str(error))
        said = _in_words(value)
        if changed:
            return Done(f"Set {name} to “{said}”." if said else f"Cleared {name}.")
        return Skipped("unchanged", f"{name} is {f'“{said}”' if said else 'empty'} already.")

    def problems(self) -> dict[str, str]:
        """Ask for the field to copy from; refuse one that no name can be written into."""
        found = super().problems()
        if self.field in ("contact", "contact_id"):
            found["field"] = "cannot be set by a workflow"
        if self.how == "copy from" and self.source in ("", self.field):
            found["source"] = "is required, and is another field than the first"
        return found

    def sentence(self) -> str:
        """Say which field gets which value."""
        name = _shown(self.field).capitalize()
        if self.how in SIGN:
            return f"{name} {'−' if self.how == 'subtract' else '+'} {self._by():g}"
        if self.how == "copy from":
            return f"{name} ← {_shown(self.source)}"
        value = Text("", merge=True).say(self.value) if self.how == "set to" else ""
        return f"{name} → {value or 'empty'}"

    def _by(self) -> float:
        return 1 if self.how == "count up" else self.by

    def _value(self, work: Work, here: Here) -> Any:
        """Return what the field is to hold; raise Refused where it cannot be worked out."""
        if self.how == "set to":
            return here.merge(self.value)
        if self.how == "clear":
            return None
        name = entry.typed(self.source if self.how == "copy from" else self.field)
        fields = merging.fields(work, here.ref.kind)
        if name not in fields:
            raise UnknownField(name, list(fields))
        found = merging.with_paths(work, here.ref, [name]).get(name)
        if self.how == "copy from":
            return found
        by = SIGN[self.how] * self._by()
        if isinstance(found, datetime):
            return found + timedelta(days=by)
        if isinstance(found, bool) or not isinstance(found, int | float | None):
            raise Refused(f"{_shown(self.field)} is neither a number nor a date.")
        total = (found or 0) + by
        return int(total) if float(total).is_integer() else total


def _shown(name: str) -> str:
    return name.removeprefix("custom.").removesuffix("_id").replace("_", " ")


def _in_words(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%d %B %Y}"
    return "" if value is None else str(value)
