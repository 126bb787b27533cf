"""The head of a page of records, which does with fewer words where its room is short."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from rally_desktop.ui.pages.transfer_buttons import TransferButtons

ROOMY = 832  # pixels from which on there is room for all words


class RecordsHead(QWidget):
    """A row; the count and the words of import and export are left out first."""

    def __init__(self, count: QWidget, transfer: TransferButtons) -> None:
        super().__init__()
        self._count, self._transfer = count, transfer
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(12)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say as much as there is room for."""
        super().resizeEvent(event)
        roomy = self.width() >= ROOMY
        self._count.setVisible(roomy)
        self._transfer.show_words(roomy)
