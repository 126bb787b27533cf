"""The table of the audit log: a million lines, read as one comes to them, all by keys as well."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from rally_desktop.services.audit_list import Line
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.widgets.audit_model import AuditModel
from rally_desktop.ui.widgets.list_table import ListDelegate

ROW = 36
WIDTHS = (112, 150)


class AuditTable(QTableView):
    """``chosen`` brings the number of the line that is chosen, ``opened`` the line of Enter."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setAccessibleName("Audit log")
        self.lines = AuditModel(desk, self)
        self.setModel(self.lines)
        self.setItemDelegate(ListDelegate(desk.theme, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        for column, width in enumerate(WIDTHS):
            self.setColumnWidth(column, width)
        header.setSectionResizeMode(len(WIDTHS), QHeaderView.ResizeMode.Stretch)
        self._kept: int | None = None
        self.lines.about_to_change.connect(self._keep)
        self.lines.modelReset.connect(self._restore)
        self.lines.rowsAboutToBeInserted.connect(lambda: self._note_place())
        self.lines.rowsInserted.connect(lambda _, first, last: self._hold(first, last))
        self.selectionModel().currentRowChanged.connect(lambda *_: self.chosen.emit(self.number()))
        self.doubleClicked.connect(lambda _: self._open())
        desk.theme.changed.connect(self.viewport().update)
        self._at_top = True

    def number(self) -> int | None:
        """Return the number of the line that is chosen."""
        place = self.currentIndex().row()
        return self.lines.ids[place] if 0 <= place < len(self.lines.ids) else None

    def line(self) -> Line | None:
        """Return the line that is chosen, if it is at hand."""
        return self.lines.at(self.currentIndex().row())

    def choose(self, place: int) -> None:
        """Choose the line in a place."""
        self.setCurrentIndex(self.lines.index(place, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open what the line is about with Enter; Home and End go to the newest and the oldest."""
        last = self.lines.rowCount() - 1
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        elif event.key() == Qt.Key.Key_Home and last >= 0:
            self.choose(0)
        elif event.key() == Qt.Key.Key_End and last >= 0:
            self.choose(last)
        else:
            super().keyPressEvent(event)

    def _open(self) -> None:
        if (line := self.line()) is not None:
            self.opened.emit(line)

    def _keep(self) -> None:
        self._kept = self.number()

    def _restore(self) -> None:
        """Choose the same line again; else the newest."""
        place = None if self._kept is None else self.lines.place_of(self._kept)
        if self.lines.rowCount():
            self.choose(place or 0)
        else:
            self.chosen.emit(None)

    def _note_place(self) -> None:
        self._at_top = self.verticalScrollBar().value() == 0

    def _hold(self, first: int, last: int) -> None:
        """Stay where one reads while lines are added above; at the top show them."""
        if first == 0 and not self._at_top:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + last + 1)
