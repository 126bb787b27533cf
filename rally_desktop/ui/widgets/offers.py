"""What is offered below a field while one types: lines as high and as framed as in other lists."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate


def dress(popup: QAbstractItemView) -> None:
    """Let the list of a completer follow the style sheet: Qt's own lines do not."""
    popup.setObjectName("offers")
    popup.setItemDelegate(QStyledItemDelegate(popup))
