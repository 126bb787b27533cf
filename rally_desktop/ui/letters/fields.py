"""Which merge fields a letter by hand may name: those of the person, not those of a run."""

from __future__ import annotations

from rally_desktop.services import merging
from rally_desktop.ui.forms.editor import Offer
from rally_desktop.ui.widgets.field_picker import MergeField

_NOT_HERE = frozenset({*merging.RUN_FIELDS, "office.unsubscribe"})


class LetterOffer(Offer):
    """Offers what can be filled in for somebody whom one writes to."""

    def merge_fields(self, *, secrets: bool = False) -> list[MergeField]:
        """Return the fields that a letter may name, group by group."""
        return [one for one in super().merge_fields() if one.name not in _NOT_HERE]
