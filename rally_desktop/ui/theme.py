"""Light and dark: the palette, the one style sheet and the fonts, made from the tokens.

Where the system asks for more contrast, either has a variant with it.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from rally_desktop.canvas.tokens import SCHEMES, Scheme
from rally_desktop.ui import fonts, icons
from rally_desktop.ui.style_sheet import style_sheet

Wish = Literal["system", "light", "dark"]
SPACE = 8  # everything stands on this grid

_ROLES = {
    QPalette.ColorRole.Window: "canvas",
    QPalette.ColorRole.WindowText: "ink",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "surface2",
    QPalette.ColorRole.Text: "ink",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "ink",
    QPalette.ColorRole.BrightText: "on_accent",
    QPalette.ColorRole.PlaceholderText: "ink3",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.ToolTipBase: "ink",
    QPalette.ColorRole.ToolTipText: "surface",
    QPalette.ColorRole.Light: "surface",
    QPalette.ColorRole.Midlight: "line",
    QPalette.ColorRole.Mid: "line_hover",
    QPalette.ColorRole.Dark: "edge",
    QPalette.ColorRole.Shadow: "edge_strong",
}
_FADED = (
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Text,
    QPalette.ColorRole.ButtonText,
    QPalette.ColorRole.HighlightedText,
)


class Theme(QObject):
    """The look of the whole program; ``changed`` is heard when light turns dark or back."""

    changed = Signal()

    def __init__(self, app: QApplication, wish: Wish = "system") -> None:
        super().__init__()
        self._app = app
        self._wish: Wish = wish
        self._scheme: Scheme | None = None
        app.setStyle("Fusion")
        app.setFont(fonts.font("body"))
        app.styleHints().colorSchemeChanged.connect(self._follow)
        # Qt's wrappers of both are lost when nobody keeps them.
        self._hints = app.styleHints()
        self._access = self._hints.accessibility()
        self._access.contrastPreferenceChanged.connect(self._contrast)
        self.wish(wish)

    @property
    def scheme(self) -> Scheme:
        """Return ``light`` or ``dark``, as shown now, or its variant with more contrast."""
        return self._scheme or "light"

    @property
    def dark(self) -> bool:
        """Say whether it is dark."""
        return self.scheme in ("dark", "dark_contrast")

    @property
    def wished(self) -> Wish:
        """Return what was asked for: the system's, or one of the two."""
        return self._wish

    def wish(self, wish: Wish) -> None:
        """Follow the system, or be light or dark whatever the system says."""
        self._wish = wish
        self._contrast()

    def switch(self) -> None:
        """Turn light into dark, and dark into light."""
        self.wish("light" if self.dark else "dark")

    def value(self, name: str) -> str:
        """Return a colour of the tokens as text, such as ``#1A2230``."""
        return SCHEMES[self.scheme][name]

    def colour(self, name: str) -> QColor:
        """Return a colour of the tokens."""
        return to_colour(self.value(name))

    def font(self, role: str) -> QFont:
        """Return a font of the type scale: heading, title, body, strong, sub, pill, small."""
        return fonts.font(role)

    def icon(self, name: str, colour: str = "ink2") -> QIcon:
        """Return a line icon in a colour of the tokens; the accent while it is checked."""
        return icons.icon(name, self.value(colour), self.value("line_hover"), self.value("accent"))

    def pixmap(self, name: str, colour: str = "ink2", size: int = 20) -> QPixmap:
        """Return a line icon as a picture for a label."""
        ratio = self._app.devicePixelRatio()
        return icons.pixmap(name, self.value(colour), size, ratio)

    def _follow(self) -> None:
        if self._wish == "system":
            self._contrast()

    def _contrast(self) -> None:
        """Show what was wished for, with as much contrast as the system asks for."""
        dark = self._system_is_dark() if self._wish == "system" else self._wish == "dark"
        if self._asks_for_contrast():
            self._show("dark_contrast" if dark else "light_contrast")
        else:
            self._show("dark" if dark else "light")

    def _asks_for_contrast(self) -> bool:
        asked = self._access.contrastPreference()
        return asked is Qt.ContrastPreference.HighContrast

    def _system_is_dark(self) -> bool:
        return self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark

    def _show(self, scheme: Scheme) -> None:
        if scheme == self._scheme:
            return
        self._scheme = scheme
        self._app.setPalette(palette(scheme))
        self._app.setStyleSheet(style_sheet(scheme))
        self.changed.emit()


def to_colour(token: str) -> QColor:
    """Return a token ``#RRGGBB`` or ``#RRGGBBAA`` as Qt's colour."""
    made = QColor(token[:7])
    if len(token) == 9:
        made.setAlpha(int(token[7:], 16))
    return made


def palette(scheme: Scheme) -> QPalette:
    """Return Qt's palette of a scheme."""
    tokens, made = SCHEMES[scheme], QPalette()
    for role, name in _ROLES.items():
        made.setColor(role, to_colour(tokens[name]))
    for role in _FADED:
        made.setColor(QPalette.ColorGroup.Disabled, role, to_colour(tokens["ink3"]))
    return made
