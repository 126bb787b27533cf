"""What the parts of the panel are put together from: choices, numbers, boxes with their words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QAbstractButton, QComboBox, QSpinBox, QVBoxLayout, QWidget

from rally_desktop.model.graph import Graph
from rally_desktop.ui.widgets.calm import calm
from rally_desktop.ui.widgets.plain_label import PlainLabel

Pairs = Sequence[tuple[str, str]]
BOX_WIDTH = 26  # from the left of a box to tick to its words


def choices(pairs: Pairs, says: str) -> QComboBox:
    """Return a box to choose from: what is shown, and what it stands for."""
    box = QComboBox()
    box.setAccessibleName(says)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(8)
    for words, value in pairs:
        box.addItem(words, value)
    calm(box)
    return box


def choose(box: QComboBox, value: str) -> None:
    """Show a value; one that is not offered is added, so that nothing is lost."""
    found = box.findData(value)
    if found < 0:
        box.addItem(value, value)
        found = box.count() - 1
    box.setCurrentIndex(found)


def number(least: int, most: int, unit: str, says: str, nothing: str = "") -> QSpinBox:
    """Return a box for a number; at the least it shows ``nothing``, if given."""
    box = QSpinBox(minimum=least, maximum=most, suffix=f" {unit}" if unit else "")
    box.setAccessibleName(says)
    box.setSpecialValueText(nothing)
    box.setFixedWidth(190)
    calm(box)
    return box


def under(box: QAbstractButton, help_: str) -> QWidget:
    """Return a box to tick with a line of help below its words."""
    box.setAccessibleDescription(help_)
    line = explained(help_)
    line.setContentsMargins(BOX_WIDTH, 0, 0, 0)
    return stacked(box, line, gap=0)


def explained(text: str) -> PlainLabel:
    """Return a line of help."""
    label = PlainLabel(text, "sub")
    label.setWordWrap(True)
    return label


def named(label: str, editor: QWidget, help_: str = "") -> QWidget:
    """Return an editor under its name, with a line of help below."""
    name = PlainLabel(label, "strong")
    name.setWordWrap(True)
    name.setBuddy(editor)
    editor.setAccessibleDescription(help_)
    return stacked(name, editor, *([explained(help_)] if help_ else []))


def stacked(*parts: QWidget, gap: int = 4) -> QWidget:
    """Return widgets below each other as one."""
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(gap)
    for part in parts:
        column.addWidget(part)
    return box


def page_of(*parts: QWidget, top: int = 0) -> QWidget:
    """Return widgets below each other, with the room that is left at their end."""
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, top, 0, 0)
    column.setSpacing(12)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return made


class Part(QWidget):
    """One part of what holds for a workflow as a whole."""

    def follow(self, graph: Graph) -> None:
        """Show what a graph says."""
        raise NotImplementedError

    def summary(self, graph: Graph) -> str:
        """Return in a line what is set here."""
        raise NotImplementedError


@contextmanager
def silent(*parts: QWidget) -> Iterator[None]:
    """Let widgets be filled without their telling that somebody edited them."""
    blockers = [QSignalBlocker(part) for part in parts]
    yield
    for blocker in blockers:
        blocker.unblock()
