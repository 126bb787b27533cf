"""One message to read: what it says without what it quotes, its pictures, its files."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.outside.mail import pictures
from rally_desktop.services.letters import Letter
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.letter_fetch import LetterFetch
from rally_desktop.ui.widgets.letter_files import LetterFiles
from rally_desktop.ui.widgets.letter_html import LetterHtml
from rally_desktop.ui.widgets.plain_label import PlainLabel, ShortLabel
from rally_desktop.ui.widgets.relative_time import exactly


class LetterPane(QWidget):
    """Quotes are folded, pictures of servers wait to be asked for, links say where they lead."""

    read_anew = Signal(int)
    """More of a message was fetched: it is to be read again."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.letter: Letter | None = None
        self.way, self.when = PlainLabel(role="strong"), PlainLabel(role="sub")
        self.mark, self.flaws = PlainLabel(role="strong"), PlainLabel(role="sub")
        self.flaws.set_tone("warn")
        self.html = LetterHtml()
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setAccessibleName("The message")
        self.text.setPlaceholderText("This message has no text.")
        self.body = QStackedWidget()
        self.body.addWidget(self.text)
        self.body.addWidget(self.html)
        self.fetch_button = button(desk.theme, "", "image", "link")
        self.quote_button = button(desk.theme, "", "ellipsis", "link")
        self.quote_button.setCheckable(True)
        self.whole_button = button(desk.theme, "", "download", "link")
        self.count = PlainLabel(role="strong")
        self.files = LetterFiles(desk, self)
        self._embedded = LetterFetch(desk, self)
        self.where = ShortLabel(role="sub")
        self.where.set_tone("quiet")
        self._lay_out()
        self.fetch_button.clicked.connect(lambda: self._fetch())
        self.quote_button.toggled.connect(lambda _: self._draw())
        self.whole_button.clicked.connect(lambda: self._fetch_whole())
        self.html.highlighted.connect(lambda url: self.where.setText(url.toString()))
        self.html.anchorClicked.connect(lambda url: self._follow(url))

    def _lay_out(self) -> None:
        links = QHBoxLayout()
        links.setSpacing(12)
        for link in (self.fetch_button, self.quote_button, self.whole_button):
            links.addWidget(link)
        links.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for line in (self.way, self.when, self.mark, self.flaws):
            line.setWordWrap(True)
            line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(line)
        column.addLayout(links)
        column.addWidget(self.body, 1)
        column.addWidget(self.count)
        column.addWidget(self.files)
        column.addWidget(self.where)

    def show_letter(self, letter: Letter) -> None:
        """Show a message."""
        self.letter = letter
        self._embedded.stop()
        self.html.pictures = {}
        self.quote_button.blockSignals(True)
        self.quote_button.setChecked(False)
        self.quote_button.blockSignals(False)
        self.way.setText(" to ".join(filter(None, (letter.sender, letter.recipient))))
        self.way.setVisible(bool(self.way.text()))
        boxes = f" · received by {' and '.join(letter.boxes)}" if letter.boxes else ""
        self.when.setText(exactly(letter.at) + boxes)
        self.mark.setText(letter.mark.said)
        self.mark.setVisible(bool(letter.mark.said))
        self.flaws.setText("\n".join(letter.flaws))
        self.flaws.setVisible(bool(letter.flaws))
        shown = {one.place for one in letter.pictures}
        files = [one for one in letter.files if one.digest or one.place not in shown]
        self.count.setText(f"{len(files)} files")
        self.count.setVisible(len(files) > 1)
        self.files.show_files(letter.number, files)
        self.where.setText("")
        self._draw()
        if letter.pictures:
            self._embed(letter)

    def _draw(self) -> None:
        """Draw the message, with what it quotes where that is asked for."""
        letter = self.letter
        if letter is None:
            return
        whole, safe = self.quote_button.isChecked(), letter.html
        own, quoted = letter.quoted
        if safe is None:
            self.text.setPlainText(f"{own}\n\n{quoted}" if whole and quoted else own)
            self.body.setCurrentWidget(self.text)
        else:
            self.html.show_html(safe.html if whole else safe.own)
            self.body.setCurrentWidget(self.html)
        self._offer(letter, quoted, whole=whole)

    def _offer(self, letter: Letter, quoted: str, *, whole: bool) -> None:
        """Offer what is not drawn: quotes, pictures of servers, the rest of a large message."""
        safe = letter.html
        folded = bool(quoted) if safe is None else safe.own != safe.html
        lines = sum(bool(line.strip()) for line in quoted.splitlines())
        said = f"{lines:,} quoted line{'s' * (lines != 1)}" if lines else "what is quoted"
        self.quote_button.setText(f" {'Hide' if whole else 'Show'} {said}")
        self.quote_button.setVisible(folded)
        count = len(safe.remote) if safe and not set(safe.remote) & set(self.html.pictures) else 0
        self.fetch_button.setText(f" Show {count} picture{'s' * (count != 1)} from the internet")
        self.fetch_button.setToolTip("Whoever sent the message can then see that it was opened.")
        self.fetch_button.setVisible(bool(count))
        size = letter.size or 0
        self.whole_button.setText(f" {size / 2**20:.1f} MB; only its beginning is here. Fetch all")
        self.whole_button.setVisible(bool(size))

    @later
    async def _embed(self, letter: Letter) -> None:
        """Show the pictures that came along as files: they lie in our own mailbox."""
        wanted = frozenset(one.content_id for one in letter.pictures)
        found = await self._embedded.pictures(letter.number, wanted)
        if letter is self.letter:
            self.html.pictures = {**self.html.pictures, **_named(found)}
            self._draw()

    @later
    async def _fetch(self) -> None:
        """Fetch the pictures that lie on servers."""
        letter = self.letter
        if letter is None or letter.html is None:
            return
        self.fetch_button.setEnabled(False)
        urls = letter.html.remote
        found = await self.desk.background.fetch(lambda _, stopped: pictures.fetch(urls, stopped))
        self.fetch_button.setEnabled(True)
        if letter is self.letter:
            self.html.pictures = {**self.html.pictures, **_named(found)}
            self._draw()
            if missing := len(urls) - len(found):
                self.where.setText(f"{missing} of {len(urls)} pictures could not be had.")

    @later
    async def _fetch_whole(self) -> None:
        """Fetch what is missing of a large message."""
        if self.letter is not None:
            number = self.letter.number
            self.whole_button.setEnabled(False)
            try:
                await self._embedded.whole(number)
            finally:
                self.whole_button.setEnabled(True)
            self.read_anew.emit(number)

    @later
    async def _follow(self, url: QUrl) -> None:
        """Open a link once it has been seen where it leads."""
        said = url.toString()
        if await ask(self, "Open this address?", said, "Open"):
            QDesktopServices.openUrl(url)

    def show_error(self, error: Exception) -> None:
        """Say what went wrong below the message."""
        self.where.setText(str(error))


def _named(found: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return pictures by their addresses as the drawing asks for them."""
    return {QUrl(url).toString(): held for url, held in found.items()}
