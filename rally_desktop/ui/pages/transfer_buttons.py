"""The two buttons in the head of a page of records that bring lists in and take them out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from rally_desktop.model.ref import of_records
from rally_desktop.services import grid
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.buttons import button

if TYPE_CHECKING:
    from rally_desktop.services.exports import Export
    from rally_desktop.ui.pages import Page
    from rally_desktop.ui.widgets.filter_bar import FilterBar
    from rally_desktop.ui.widgets.grid import RecordGrid


class TransferButtons(QWidget):
    """Import and export; a list that is dropped on the page is imported too.

    Where ``out`` alone is wanted, lists are only taken out.
    """

    def __init__(
        self, page: Page, records: RecordGrid, bar: FilterBar, *, out: bool = False
    ) -> None:
        super().__init__()
        self._desk, self._page, self._grid, self._bar = page.desk, page, records, bar
        desk = page.desk
        self.dialog: QWidget | None = None
        self.import_button = button(desk.theme, "Import…", "upload")
        self.export_button = button(desk.theme, "Export…", "download")
        self.import_button.setToolTip("Bring in a list: CSV, Excel or address cards")
        self.export_button.setToolTip("Take out what is listed, as CSV or Excel")
        self.import_button.clicked.connect(lambda: self.bring_in())
        self.export_button.clicked.connect(self.take_out)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        self.mailbox_button = button(desk.theme, "From the mailbox…", "inbox")
        self.mailbox_button.setToolTip("Add people who are in the mailbox and no contacts yet")
        self.mailbox_button.clicked.connect(self.look_into_mailbox)
        self.mailbox_button.setVisible(records.kind == "contact" and not out)
        across.addWidget(self.mailbox_button)
        across.addWidget(self.import_button)
        across.addWidget(self.export_button)
        self.import_button.setVisible(not out)
        if not out:
            page.setAcceptDrops(True)
            page.installEventFilter(self)

    def show_words(self, shown: bool) -> None:
        """Show the words of the buttons, or their icons alone."""
        for made in (self.mailbox_button, self.import_button, self.export_button):
            made.setText(f" {made.accessibleName()}" if shown else "")

    def bring_in(self, path: Path | None = None) -> None:
        """Open the import, with a file if there is one already."""
        from rally_desktop.ui.pages.import_dialog import ImportDialog  # it stands on much

        if self.dialog is not None:
            return
        dialog = ImportDialog(self._desk, of_records(self._grid.kind), self._page)
        self._open(dialog)
        if path is not None:
            dialog.look_into(path)

    def look_into_mailbox(self) -> None:
        """Show who is in the mailbox and no contact yet."""
        from rally_desktop.ui.pages.newcomers_dialog import NewcomersDialog  # it stands on much

        if self.dialog is None:
            self._open(NewcomersDialog(self._desk, self._page))

    @later
    async def take_out(self) -> None:
        """Open the export of what is listed, in the columns that are shown."""
        from rally_desktop.ui.pages.export_dialog import ExportDialog  # it stands on much

        page, export = self._page, self.listed()
        count = await self._desk.background.read(grid.count, export.kind, export.query)
        if self.dialog is None:
            self._open(ExportDialog(self._desk, export, count, page.title, page))

    def listed(self) -> Export:
        """Return what the page lists; where several records are selected, their numbers too."""
        from rally_desktop.services.exports import Export  # it stands on much

        records, table = self._grid, self._grid.table
        query = replace(records.model.query, filter=self._bar.filter(), text=self._bar.text())
        numbers = tuple(table.selected_ids()) if table.selected_count() > 1 else None
        return Export(records.kind, query, tuple(records.columns.visible_keys()), numbers)

    def _open(self, dialog: QWidget) -> None:
        self.dialog = dialog
        dialog.destroyed.connect(self._closed)
        dialog.open()  # type: ignore[attr-defined]

    def _closed(self) -> None:
        self.dialog = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a list that is dropped on the page."""
        from rally_desktop.ui.pages.import_file import dropped  # it stands on much

        if isinstance(event, QDropEvent) and (path := dropped(event)) is not None:
            event.acceptProposedAction()
            if not isinstance(event, QDragEnterEvent) and event.type() == QEvent.Type.Drop:
                self.bring_in(path)
            return True
        return super().eventFilter(watched, event)
