"""Keeping the cursor where it is while what holds it is built anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget


@contextmanager
def kept(part: QWidget) -> Iterator[None]:
    """Give the focus back to the widget at the same place of a part that is filled anew."""
    here = QApplication.focusWidget()
    if here is None or not part.isAncestorOf(here):
        yield
        return
    place, at = _inside(part).index(here), _cursor(here)
    yield
    now = _inside(part)
    if place < len(now) and type(now[place]) is type(here):
        now[place].setFocus(Qt.FocusReason.OtherFocusReason)
        _set_cursor(now[place], at)


def _inside(part: QWidget) -> list[QWidget]:
    return [each for each in part.findChildren(QWidget) if each.focusPolicy()]


def _cursor(widget: QWidget) -> int:
    if isinstance(widget, QLineEdit):
        return widget.cursorPosition()
    if isinstance(widget, QTextEdit | QPlainTextEdit):
        return widget.textCursor().position()
    return 0


def _set_cursor(widget: QWidget, at: int) -> None:
    if isinstance(widget, QLineEdit):
        widget.setCursorPosition(at)
    elif isinstance(widget, QTextEdit | QPlainTextEdit):
        cursor = widget.textCursor()
        cursor.setPosition(min(at, widget.document().characterCount() - 1))
        widget.setTextCursor(cursor)
