"""What is offered below a field while one types: lines as high and as framed as in other lists."""

from __future__ import annotations

from PySide6.QtWidgets import QCompleter, QStyledItemDelegate


def dress(completer: QCompleter | None) -> None:
    """Let the list of a completer follow the style sheet: Qt's own lines do not."""
    popup = None if completer is None else completer.popup()
    if popup is not None:
        popup.setObjectName("offers")
        popup.setItemDelegate(QStyledItemDelegate(popup))
