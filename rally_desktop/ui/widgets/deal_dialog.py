"""The dialog that adds a deal."""

from __future__ import annotations

from typing import Any

from rally_desktop.services.entry import Card
from rally_desktop.ui.widgets.record_dialog import RecordDialog


class DealDialog(RecordDialog):
    """Asks for a new deal; without a stage it begins in the first of its pipeline."""

    kind = "deal"
    fields = (
        ("name", "amount"),
        ("pipeline", "stage"),
        ("contact", "company"),
        ("expected_close", "owner"),
    )

    def build(self, card: Card) -> None:
        """Let no stage of one pipeline stand beside another pipeline."""
        super().build(card)
        self.editors["pipeline"].changed.connect(lambda: self.editors["stage"].fill(None))

    def usual(self, card: Card) -> dict[str, Any]:
        """Return where a deal begins, and whose it is."""
        begins = {name: card.lists.get(name, ())[:1] for name in ("pipeline", "stage")}
        return {**super().usual(card), **{name: some[0] for name, some in begins.items() if some}}
