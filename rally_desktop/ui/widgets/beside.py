"""Two parts of a page side by side."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget


def beside(left: QWidget, right: QWidget, sizes: tuple[int, int]) -> QSplitter:
    """Return both with a gap between them, which can be dragged; the left one grows."""
    made = QSplitter(Qt.Orientation.Horizontal, objectName="gap")
    made.setChildrenCollapsible(False)
    made.setHandleWidth(16)
    made.addWidget(left)
    made.addWidget(right)
    made.setStretchFactor(0, 1)
    made.setSizes(sizes)
    return made
