"""The companies page."""

from __future__ import annotations

from rally_desktop.ui.pages.records_page import RecordsPage
from rally_desktop.ui.widgets.company_dialog import CompanyDialog


class CompaniesPage(RecordsPage):
    """The organisations that contacts work for."""

    title = "Companies"
    icon = "building-2"
    order = 3
    kind = "company"
    dialog_kind = CompanyDialog
