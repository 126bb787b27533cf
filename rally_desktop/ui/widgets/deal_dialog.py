"""The dialog that adds a deal."""

from __future__ import annotations

from rally_desktop.ui.widgets.record_dialog import RecordDialog


class DealDialog(RecordDialog):
    """Asks for a new deal."""

    kind = "deal"
    fields = (
        ("name", "amount"),
        ("pipeline", "stage"),
        ("contact", "company"),
        ("expected_close", "owner"),
    )
