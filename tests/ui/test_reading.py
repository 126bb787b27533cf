"""Tab goes down a page as it stands, whenever each of its widgets was made."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.ui import reading


class _Window(QMainWindow):
    def focusNextPrevChild(self, on: bool) -> bool:
        return reading.step(self.centralWidget(), on=on) or super().focusNextPrevChild(on)


@pytest.fixture
def window(qtbot):
    """Two columns side by side, made from the end to the beginning."""
    made = _Window()
    made.last, made.far, made.hidden = QLineEdit(), QPushButton(), QPushButton()
    made.choice, made.first = QComboBox(editable=True), QPushButton()
    left, inner, area, sides = QWidget(), QWidget(), QScrollArea(), QSplitter()
    across = QHBoxLayout(inner)
    for widget in (made.choice, made.hidden, made.far):
        across.addWidget(widget)
    area.setWidget(inner)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    down = QVBoxLayout(left)
    down.addWidget(made.first)
    down.addWidget(area)
    sides.addWidget(left)
    sides.addWidget(made.last)
    made.setCentralWidget(sides)
    made.hidden.hide()
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def _walk(window, qtbot, key, steps):
    passed = []
    for _ in range(steps):
        qtbot.keyClick(window.focusWidget(), key)
        passed.append(window.focusWidget())
    return passed


def test_tab_follows_the_page_and_begins_again_at_its_end(window, qtbot):
    """Down the left, into what is scrolled, on to the right; what is hidden is passed over."""
    window.first.setFocus()
    passed = _walk(window, qtbot, Qt.Key.Key_Tab, 4)
    assert passed == [window.choice, window.far, window.last, window.first] or (
        passed[0] is window.choice.lineEdit()
        and passed[1:] == [window.far, window.last, window.first]
    )


def test_back_is_the_same_way(window, qtbot):
    """Shift+Tab goes through the same widgets the other way round."""
    window.last.setFocus()
    passed = _walk(window, qtbot, Qt.Key.Key_Backtab, 1)
    assert passed == [window.far]


def test_what_cannot_be_reached_is_passed_over(window, qtbot):
    """A button that is greyed out is no stop."""
    window.far.setEnabled(False)
    window.last.setFocus()
    assert _walk(window, qtbot, Qt.Key.Key_Backtab, 1)[0] in (
        window.choice,
        window.choice.lineEdit(),
    )
