"""How the web service is at this moment, above its settings: off, answering, or in trouble."""

from __future__ import annotations

import platform

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from rally_desktop.model.work import Work
from rally_desktop.services import web
from rally_desktop.services.web import State, Web
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

NO_PUBLIC = (
    "There is no public address, so nobody outside can follow a link to it: nothing is counted, "
    "and people leave the list by an e-mail."
)
# Icon, colour and tone of the words by how it is.
_LOOKS = {
    "off": ("globe", "ink3", "quiet"),
    "waiting": ("clock", "ink3", "quiet"),
    "on": ("globe", "ok", "ok"),
    "trouble": ("triangle-alert", "bad", "bad"),
}


class WebState(QWidget):
    """A card that says whether the office is reached from the web, and by what address."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._how, self._try = desk, "off", ""
        self.sign = QLabel()
        self.heading = PlainLabel(role="strong")
        self.words = PlainLabel(role="sub")
        self.words.setWordWrap(True)
        self.try_it = button(desk.theme, "Try it", "external-link")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.heading)
        words.addWidget(self.words)
        card = QFrame(objectName="card")
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 12)
        around.addWidget(card)
        row = QHBoxLayout(card)
        row.setContentsMargins(16, 12, 12, 12)
        row.setSpacing(12)
        row.addWidget(self.sign)
        row.addLayout(words, 1)
        row.addWidget(self.try_it)
        self.try_it.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(self._try)))
        desk.theme.changed.connect(self._draw)
        self._show(Web(), State())

    @later
    @newest
    async def refresh(self) -> None:
        """Read how it is now."""
        self._show(*await self._desk.background.read(_now))

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._desk.notices.show_error(error)

    def _show(self, settings: Web, state: State) -> None:
        self._how, heading, words = said(settings, state)
        self._try = f"{settings.base or state.said}/v1/alive" if self._how == "on" else ""
        self.heading.setText(heading)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.try_it.setVisible(bool(self._try))
        self._draw()

    def _draw(self) -> None:
        icon, colour, tone = _LOOKS[self._how]
        self.sign.setPixmap(self._desk.theme.pixmap(icon, colour, 20))
        self.heading.set_tone("plain" if tone == "quiet" else tone)
        self.words.set_tone("quiet")


def said(settings: Web, state: State) -> tuple[str, str, str]:
    """Return how the service is in one word, in a heading and in a sentence."""
    if not settings.on:
        return "off", "The web service is off", "Nobody reaches this office from the web."
    if state.state == "trouble":
        return "trouble", f"It cannot answer on {state.computer}", state.said
    if state.state == "off":
        where = "the program, or its engine, runs there"
        return "waiting", "It is switched on, and waits", f"It answers once {where}."
    here = "this computer" if state.computer == platform.node() else state.computer
    if not settings.public:
        return "on", f"It answers on {here} at {state.said}", NO_PUBLIC
    return "on", f"It answers on {here}", f"{settings.base} leads to {state.said}."


def _now(work: Work) -> tuple[Web, State]:
    return web.of(work), web.state(work)
