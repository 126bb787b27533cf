"""The dialog that adds a company."""

from __future__ import annotations

from rally_desktop.ui.widgets.record_dialog import RecordDialog


class CompanyDialog(RecordDialog):
    """Asks for a new company."""

    kind = "company"
    fields = (("name", "domain"), ("phone", "website"), ("industry", "city"), ("owner",))
