"""The deals page."""

from __future__ import annotations

from rally_desktop.ui.pages.records_page import RecordsPage
from rally_desktop.ui.widgets.deal_dialog import DealDialog


class DealsPage(RecordsPage):
    """What the office hopes to win, in its pipelines."""

    title = "Deals"
    icon = "handshake"
    order = 4
    kind = "deal"
    dialog_kind = DealDialog
