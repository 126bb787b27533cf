"""A message that came in or went out, whole, drawn without anything from outside."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.core import quoting
from rally_desktop.outside.mail import pictures
from rally_desktop.services.letters import Letter
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.letter_html import LetterHtml
from rally_desktop.ui.widgets.plain_label import PlainLabel, ShortLabel
from rally_desktop.ui.widgets.relative_time import exactly


class LetterDialog(QDialog):
    """Quotes are folded, pictures of servers wait to be asked for, links say where they lead."""

    def __init__(self, desk: Desk, letter: Letter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self._letter = desk, letter
        self.setWindowTitle(letter.subject or "Message")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.html = LetterHtml()
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setAccessibleName("The message")
        self.body = QStackedWidget()
        self.body.addWidget(self.text)
        self.body.addWidget(self.html)
        self.fetch_button = button(desk.theme, "", "image", "link")
        self.quote_button = button(desk.theme, "Show what is quoted", "ellipsis", "link")
        self.quote_button.setCheckable(True)
        self.where = ShortLabel(role="sub")
        self.where.set_tone("quiet")
        self.close_button = button(desk.theme, "Close")
        self._lay_out()
        self.fetch_button.clicked.connect(lambda: self._fetch())
        self.quote_button.toggled.connect(lambda _: self._show())
        self.close_button.clicked.connect(self.close)
        self.html.highlighted.connect(lambda url: self.where.setText(url.toString()))
        self.html.anchorClicked.connect(lambda url: self._follow(url))
        self._show()
        self.body.currentWidget().setFocus()
        self.resize(720, 620)

    def _lay_out(self) -> None:
        letter = self._letter
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(4)
        subject = PlainLabel(letter.subject or "(no subject)", "title")
        subject.setWordWrap(True)
        column.addWidget(subject)
        way = " to ".join(filter(None, (letter.sender, letter.recipient)))
        for words in filter(None, (way, exactly(letter.at))):
            line = PlainLabel(words, "sub")
            line.setWordWrap(True)
            column.addWidget(line)
        column.addSpacing(8)
        links = QHBoxLayout()
        links.addWidget(self.fetch_button)
        links.addWidget(self.quote_button)
        links.addStretch(1)
        column.addLayout(links)
        column.addWidget(self.body, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.where, 1)
        foot.addWidget(self.close_button)
        column.addLayout(foot)

    def _show(self) -> None:
        """Draw the message, with what it quotes where that is asked for."""
        whole, safe = self.quote_button.isChecked(), self._letter.html
        own, quoted = quoting.parted(self._letter.text)
        words = "Hide what is quoted" if whole else "Show what is quoted"
        self.quote_button.setText(f" {words}")
        if safe is None:
            self.text.setPlainText(f"{own}\n\n{quoted}" if whole and quoted else own)
            self.body.setCurrentWidget(self.text)
        else:
            self.html.show_html(safe.html if whole else safe.own)
            self.body.setCurrentWidget(self.html)
        folded = quoted if safe is None else safe.own != safe.html
        self.quote_button.setVisible(bool(folded))
        count = len(safe.remote) if safe and not self.html.pictures else 0
        pictures_ = f"{count} picture{'s' * (count != 1)}"
        self.fetch_button.setText(f" Show {pictures_} from the internet")
        self.fetch_button.setToolTip("Whoever sent the message can then see that it was opened.")
        self.fetch_button.setVisible(bool(count))

    @later
    async def _fetch(self) -> None:
        """Fetch the pictures that lie on servers."""
        safe = self._letter.html
        if safe is None:
            return
        self.fetch_button.setEnabled(False)
        urls = safe.remote
        found = await self.desk.background.job(lambda _, stopped: pictures.fetch(urls, stopped))
        self.fetch_button.setEnabled(True)
        self.html.pictures = {QUrl(url).toString(): held for url, held in found.items()}
        self._show()
        if missing := len(urls) - len(found):
            self.where.setText(f"{missing} of {len(urls)} pictures could not be had.")

    @later
    async def _follow(self, url: QUrl) -> None:
        """Open a link once it has been seen where it leads."""
        said = url.toString()
        if await ask(self, "Open this address?", said, "Open"):
            QDesktopServices.openUrl(url)

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self.desk.notices.show_error(error)
