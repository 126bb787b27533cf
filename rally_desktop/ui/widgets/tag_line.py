"""A record's tags as chips, each with a way to take it off, and a box to add another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QFrame, QHBoxLayout, QLineEdit, QToolButton, QWidget

from rally_desktop.ui.desk import Desk
from rally_desktop.ui.tag_colours import PLAIN
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.flow_layout import FlowLayout
from rally_desktop.ui.widgets.plain_label import PlainLabel


class TagChip(QFrame):
    """One tag; Delete or its cross takes it off."""

    removed = Signal(str)

    def __init__(
        self, theme: Theme, name: str, parent: QWidget | None = None, family: str = PLAIN
    ) -> None:
        super().__init__(parent)
        self.name, self.family = name, family
        self.setObjectName("tag_chip")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"Tag {name}")
        label = PlainLabel(name, role="small")
        label.setToolTip(name)
        label.setMaximumWidth(180)
        self.cross = QToolButton(autoRaise=True)
        self.cross.setIcon(theme.icon("x", "ink3"))
        self.cross.setFixedSize(18, 18)
        self.cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.cross.setAccessibleName(f"Remove the tag {name}")
        self.cross.setToolTip("Remove this tag")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(9, 0, 3, 0)
        layout.setSpacing(2)
        layout.addWidget(label)
        layout.addWidget(self.cross)
        self.setFixedHeight(24)
        self._paint(theme, label)
        self.cross.clicked.connect(lambda: self.removed.emit(name))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the tag off with Delete or Backspace."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(self.name)
            return
        super().keyPressEvent(event)

    def _paint(self, theme: Theme, label: PlainLabel) -> None:
        tint = theme.value(f"{self.family}_tint")
        self.setStyleSheet(
            f"QFrame#tag_chip {{ background: {tint}; border: 1px solid {tint};"
            " border-radius: 12px; }"
            f" QFrame#tag_chip:focus {{ border-color: {theme.value('accent')}; }}"
            " QToolButton { padding: 0; border: none; background: transparent;"
            " icon-size: 12px; }"
        )
        label.setStyleSheet(f"color: {theme.value(self.family)};")


class TagLine(QWidget):
    """Shows tags and asks for changes; whoever owns it carries them out."""

    added = Signal(str)
    removed = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme = desk.theme
        self._colours = desk.tag_colours
        self._colours.changed.connect(self._draw)
        self._tags: tuple[str, ...] = ()
        self._chips: list[TagChip] = []
        self.box = _TagBox(placeholderText="Add a tag")
        self.box.setAccessibleName("Add a tag")
        self.box.setFixedWidth(96)
        self.box.setFixedHeight(24)
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.box.setCompleter(completer)
        self._flow = FlowLayout(self, gap=6)
        self._flow.addWidget(self.box)
        self.box.returnPressed.connect(self._add)
        theme.changed.connect(self._dress)
        self._dress()

    def tags(self) -> tuple[str, ...]:
        """Return the tags that are shown."""
        return self._tags

    def show_tags(self, tags: Iterable[str]) -> None:
        """Show these tags."""
        wanted = tuple(tags)
        if wanted != self._tags:
            self._tags = wanted
            self._draw()

    def offer(self, names: Sequence[str]) -> None:
        """Offer the office's tags while one types."""
        self._names.setStringList(list(names))

    def _add(self) -> None:
        name = " ".join(self.box.text().split())
        self.box.clear()
        if name and name.casefold() not in {tag.casefold() for tag in self._tags}:
            self.added.emit(name)

    def _dress(self) -> None:
        line, accent = self._theme.value("line_hover"), self._theme.value("accent")
        self.box.setStyleSheet(
            f"QLineEdit {{ border: 1px dashed {line}; border-radius: 12px; background: transparent;"
            " min-height: 22px; padding: 0 9px; }"
            f" QLineEdit:focus {{ border: 1px solid {accent}; }}"
        )
        self._draw()

    def _draw(self) -> None:
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = []
        for place, name in enumerate(self._tags):
            chip = TagChip(self._theme, name, self, self._colours.family(name))
            chip.removed.connect(self.removed)
            self._flow.insert(place, chip)
            chip.show()
            self._chips.append(chip)
        self.updateGeometry()


class _TagBox(QLineEdit):
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear with Esc, and leave Enter to the tag rather than to a dialog's button."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
