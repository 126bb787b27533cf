"""What an editor of one value is, and what editors may offer to pick from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from rally_desktop.core.conditions import Fields
from rally_desktop.model.fields import fields_of
from rally_desktop.model.ref import RecordKind
from rally_desktop.services import merging, records
from rally_desktop.ui.forms.sample import SampleChoice
from rally_desktop.ui.widgets.field_picker import MergeField

Lists = Mapping[str, Sequence[str]]
# The office may add to these lists while filling in a form.
OPEN_LISTS = frozenset(
    {"tag", "lead_source", "lead_status", "lead_type", "task_type", "company", "holiday"}
    | {"meeting_type", "task_priority", "value"}  # a value of any field: whatever one types
)


@dataclass(frozen=True)
class Offer:
    """What can be picked: the office's lists, and the fields of a kind of record.

    ``sample`` is whom texts are shown for.
    """

    lists: Lists = field(default_factory=dict)
    record: RecordKind = "contact"
    own_fields: Fields | None = None
    sample: SampleChoice | None = None

    @cached_property
    def fields(self) -> Fields:
        """Return the fields that filters know."""
        return self.own_fields if self.own_fields is not None else fields_of(self.record)

    def choices(self, source: str) -> list[tuple[str, str]]:
        """Return what a list offers, as pairs of what is shown and what is stored."""
        if source == "field":
            known = records.settable(self.record)
            return [
                (each.label, name)
                for name, each in self.fields.items()
                if getattr(each, "stored", None) in known or name.startswith("custom.")
            ]
        if source == "date_field":
            own = ((name, each) for name, each in self.fields.items() if _is_own(name))
            return [(each.label, name) for name, each in own if each.type in ("date", "moment")]
        return [(value, value) for value in self.lists.get(source, ())]

    def merge_fields(self, *, secrets: bool = False) -> list[MergeField]:
        """Return the fields that a text may name, group by group."""
        known, made = frozenset(merging.built_in()), list[MergeField]()
        for name, each in self.fields.items():
            full = f"{self.record}.{name}" if _is_own(name) else name
            if full in known or name.startswith("custom."):
                help_ = getattr(getattr(each, "field", None), "help", "")
                made.append(MergeField(full, each.label, getattr(each, "group", "Fields"), help_))
        for full, label in merging.RUN_FIELDS.items():
            made.append(MergeField(full, label, full.partition(".")[0].capitalize()))
        for full, label in merging.OFFICE_FIELDS.items():
            made.append(MergeField(full, label, "Office"))
        if secrets:
            help_ = "Filled in when the request is handed over, and never shown"
            names = self.lists.get("secret", ())
            made += (MergeField(f"secret.{name}", name, "Secrets", help_) for name in names)
        groups = list(dict.fromkeys(each.group for each in made))
        return sorted(made, key=lambda each: groups.index(each.group))


def _is_own(name: str) -> bool:
    """Say whether a field is the record's own, not one of a related record."""
    return "." not in name or name.startswith("custom.")


class FieldEditor(QWidget):
    """Edits one value, which goes in and out as JSON; None is nothing."""

    changed = Signal()
    stepped = Signal()  # before and after a change that is a step of its own
    says_its_name = False  # whether the editor shows the label itself

    def read(self) -> Any:
        """Return the value as it stands."""
        raise NotImplementedError

    def fill(self, value: Any) -> None:
        """Show a value."""
        raise NotImplementedError

    def step(self) -> None:
        """Tell of a change that is not to be undone together with what is typed."""
        self.stepped.emit()
        self.changed.emit()
        self.stepped.emit()

    def problem(self) -> str | None:
        """Say what is missing, where the value alone does not tell."""
        return None

    def broken(self) -> bool:
        """Say whether something is wrong that is told before anybody was here."""
        return False

    def mark(self, wrong: bool) -> None:
        """Show whether something is wrong here."""
        part = self.focusProxy() or self
        if bool(part.property("wrong")) != wrong:
            part.setProperty("wrong", wrong)
            part.style().unpolish(part)
            part.style().polish(part)

    def name(self, label: str, help_: str) -> None:
        """Give the part that has the focus its name for those who hear the screen."""
        part = self.focusProxy() or self
        part.setAccessibleName(label)
        part.setAccessibleDescription(help_)
