"""Tab goes on as one reads: down the page as it stands, whenever each widget was made."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QGraphicsView,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTextEdit,
    QWidget,
)

_WHOLE = (
    QAbstractItemView, QAbstractSpinBox, QComboBox, QGraphicsView, QLineEdit, QPlainTextEdit,
    QTextEdit,
)  # fmt: skip


def step(root: QWidget | None, *, on: bool) -> bool:
    """Put the focus on the next widget inside, or the one before; say whether there was one."""
    if root is None:
        return False
    here = root.window().focusWidget()
    stops = list(_stops(root))
    place = next((at for at, one in enumerate(stops) if _holds(one, here)), None)
    if here is None or place is None or len(stops) < 2:
        return False
    there = stops[(place + (1 if on else -1)) % len(stops)]
    there.setFocus(Qt.FocusReason.TabFocusReason if on else Qt.FocusReason.BacktabFocusReason)
    return True


def _holds(stop: QWidget, here: QWidget | None) -> bool:
    return stop is here or (
        here is not None and isinstance(stop, _WHOLE) and stop.isAncestorOf(here)
    )


def _stops(part: QWidget) -> Iterator[QWidget]:
    """Yield every widget inside that Tab stops at, in the order of the layouts."""
    if not part.isVisible() or not part.isEnabled():
        return
    whole = isinstance(part, _WHOLE)
    if part.focusPolicy() & Qt.FocusPolicy.TabFocus and (whole or part.focusProxy() is None):
        yield part
    if not whole:
        for child in _children(part):
            yield from _stops(child)


def _children(part: QWidget) -> list[QWidget]:
    if isinstance(part, QSplitter):
        found = [part.widget(place) for place in range(part.count())]
    elif isinstance(part, QStackedWidget):
        found = [part.currentWidget()]
    elif isinstance(part, QScrollArea):
        found = [part.widget()]
    else:
        layout = part.layout()
        laid = [] if layout is None else list(_laid(layout))
        inside = part.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        found = [*laid, *(one for one in inside if one not in laid and not one.isWindow())]
    return [one for one in found if one is not None]


def _laid(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if (widget := item.widget()) is not None:
            yield widget
        elif (inner := item.layout()) is not None:
            yield from _laid(inner)
