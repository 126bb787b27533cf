"""The rail at the left: one button a page, icon and words; icons alone where room is short."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout

from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import dress
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.search_box import SearchBox

WIDE, NARROW = 200, 60
MOST = 100  # of what waits; more has no room, and makes no difference
Button = TypeVar("Button", bound=QToolButton)


class Rail(QFrame):
    """Chooses a page; ``chosen`` carries its key."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAccessibleName("Pages")
        self._theme = theme
        self._buttons: dict[str, QToolButton] = {}
        self._counts: dict[str, _Count] = {}
        self._narrow = False
        self._group = QButtonGroup(self)
        self._name = PlainLabel("Rally", "title")
        self._mark = QLabel()
        self.finder = self._ours(SearchBox(theme))
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(10, 12, 10, 12)
        self._layout.setSpacing(4)
        self._layout.addLayout(self._head())
        self._layout.addSpacing(10)
        self._layout.addWidget(self.finder)
        self._layout.addSpacing(10)
        self._layout.addStretch(1)
        self.setFixedWidth(WIDE)
        theme.changed.connect(self._draw)
        self._draw()

    def add(self, key: str, title: str, icon: str) -> None:
        """Add a page below those already there."""
        number = len(self._buttons) + 1
        button = self._button(title, icon, f"{title} (Ctrl+{number})")
        button.setCheckable(True)
        self._group.addButton(button)
        self._layout.insertWidget(self._layout.count() - 1, button)
        button.clicked.connect(lambda: self.chosen.emit(key))
        self._buttons[key] = button

    def choose(self, key: str) -> None:
        """Show which page is in front; one that is not in the rail leaves it as it was."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)

    def button(self, key: str) -> QToolButton:
        """Return the button of a page."""
        return self._buttons[key]

    def count(self, key: str, number: int, what: str) -> None:
        """Say beside a page how many of something wait there."""
        button = self._buttons[key]
        count = self._counts.get(key) or self._counts.setdefault(key, _Count(button))
        count.show_number(number, narrow=self._narrow)
        title = button.text().strip()
        button.setAccessibleName(f"{title}, {number:,} {what}" if number else title)

    def set_narrow(self, narrow: bool) -> None:
        """Show icons alone, or words too."""
        self._narrow = narrow
        for count in self._counts.values():
            count.show_number(count.number, narrow=narrow)
        self.setFixedWidth(NARROW if narrow else WIDE)
        self._name.setVisible(not narrow)
        style = Qt.ToolButtonStyle
        for button in (self.finder, *self._buttons.values()):
            button.setToolButtonStyle(
                style.ToolButtonIconOnly if narrow else style.ToolButtonTextBesideIcon
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk through the pages with the arrows."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self.focusNextPrevChild(step > 0)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(8, 4, 0, 0)
        head.setSpacing(10)
        head.addWidget(self._mark)
        head.addWidget(self._name, 1)
        return head

    def _button(self, text: str, icon: str, tip: str) -> QToolButton:
        button = self._ours(QToolButton())
        button.setText(f"  {text}")
        button.setAccessibleName(text)
        button.setToolTip(tip)
        dress(button, self._theme, icon)
        return button

    def _ours(self, button: Button) -> Button:
        """Let a button look as all in the rail."""
        button.setFont(self._theme.font("strong"))
        button.setIconSize(QSize(20, 20))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setSizePolicy(self.sizePolicy().Policy.Expanding, self.sizePolicy().Policy.Fixed)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _draw(self) -> None:
        self._mark.setPixmap(self._theme.pixmap("waypoints", "accent", 22))


class _Count:
    """A number at the right of a button; a dot in its corner where it has no room for words."""

    def __init__(self, button: QToolButton) -> None:
        self.number = 0
        self._pill, self._dot = PlainLabel("", "pill"), QLabel(objectName="dot")
        self._pill.setProperty("pill", True)
        self._pill.set_tone("accent")
        across = QHBoxLayout(button)
        across.setContentsMargins(0, 6, 6, 6)
        across.addStretch(1)
        across.addWidget(self._pill)
        across.addWidget(self._dot, 0, Qt.AlignmentFlag.AlignTop)
        for part in (self._pill, self._dot):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_number(self, number: int, *, narrow: bool) -> None:
        """Show a number, nothing where it is none."""
        self.number = number
        self._pill.setText(f"{number:,}" if number < MOST else f"{MOST - 1}+")
        self._pill.setVisible(bool(number) and not narrow)
        self._dot.setVisible(bool(number) and narrow)
