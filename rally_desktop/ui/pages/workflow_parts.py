"""Going round the parts of the page by F6: head, palette or outline, sheet, settings, problems."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from rally_desktop.ui.pages.workflow_page import CanvasPage


def go_round(page: CanvasPage, by: int) -> None:
    """Give the focus to the next part that is there, or the one before."""
    parts = [part for part in _parts(page) if part.isVisible() and _first_in(part) is not None]
    here = QApplication.focusWidget()
    places = [
        place
        for place, part in enumerate(parts)
        if here is not None and (part is here or part.isAncestorOf(here))
    ]
    start = places[-1] if places else parts.index(page.front) - by
    wanted = _first_in(parts[(start + by) % len(parts)])
    if wanted is not None:
        wanted.setFocus(Qt.FocusReason.TabFocusReason)


def _parts(page: CanvasPage) -> Iterator[QWidget]:
    yield page.head
    inside = page.left.currentWidget()
    if inside is not None:
        yield inside
    yield page.front
    yield page.right
    yield page.problem_list


def _first_in(part: QWidget) -> QWidget | None:
    """Return the first widget of a part that one comes to by Tab."""
    if part.focusPolicy() & Qt.FocusPolicy.TabFocus:
        return part
    child = part.nextInFocusChain()
    while child is not None and child is not part:
        tabbed = child.focusPolicy() & Qt.FocusPolicy.TabFocus
        if part.isAncestorOf(child) and tabbed and child.isVisible() and child.isEnabled():
            return child
        child = child.nextInFocusChain()
    return None
