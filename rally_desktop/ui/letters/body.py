"""What a letter says: its words with merge fields or a design, its signature, what it quotes."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.core import schema
from rally_desktop.services.writing import Draft
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.forms.editor import Offer
from rally_desktop.ui.forms.merged import MergeEditor
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.letter_view import SafeHtml
from rally_desktop.ui.widgets.plain_label import PlainLabel

LINES = 5
LEAST, QUOTE_HEIGHT = 150, 130


class LetterBody(QWidget):
    """``changed`` is heard with every letter that is typed; ``words_wanted`` ends a design."""

    changed = Signal()
    words_wanted = Signal()

    def __init__(self, desk: Desk, offer: Offer) -> None:
        super().__init__()
        self.html = self._quoted = ""
        field = schema.Text("Text", merge=True, lines=LINES)
        self.text = MergeEditor(field, offer, shows=False)
        self.text.name("Text", "")
        self.text.box.fill_room()
        self.design = SafeHtml()
        # Most mail programs lay messages on white, whatever they look like themselves.
        self.design.setStyleSheet("QTextBrowser { background: #FFFFFF; color: #1A2230; }")
        self.words = button(desk.theme, "Write plain words instead", "pencil", "link")
        self.signature = PlainLabel("", "sub")
        self.signature.setWordWrap(True)
        self.signature.setAccessibleName("Signature")
        self.signature.setToolTip("The account’s signature: it is changed in Settings › Mail.")
        self.show_quote = button(desk.theme, "", "ellipsis", "link")
        self.show_quote.setCheckable(True)
        self.leave_out = button(desk.theme, "Leave it out", "x", "link")
        self.quote = QPlainTextEdit(readOnly=True)
        self.quote.setFrameShape(QFrame.Shape.NoFrame)
        self.quote.setFixedHeight(QUOTE_HEIGHT)
        self.quote.setAccessibleName("What is quoted")
        self._ways = _Ways()
        self._build()
        self.text.changed.connect(self.changed)
        self.words.clicked.connect(self.words_wanted)
        self.show_quote.toggled.connect(self.quote.setVisible)
        self.leave_out.clicked.connect(lambda: self.fill_quote(""))

    def fill(self, draft: Draft) -> None:
        """Show what was written."""
        self.html = draft.html
        self.text.fill(draft.text)
        self.fill_quote(draft.quoted)
        self._ways.setCurrentIndex(1 if draft.html else 0)

    def fill_quote(self, quoted: str) -> None:
        """Show how much is quoted; the lines themselves unfold."""
        changed, self._quoted = quoted != self._quoted, quoted
        count = len(quoted.strip().splitlines())
        self.show_quote.setText(f" {count} quoted line{'s' * (count != 1)}")
        self.quote.setPlainText(quoted.strip())
        for part in (self.show_quote, self.leave_out):
            part.setVisible(bool(quoted.strip()))
        self.quote.setVisible(bool(quoted.strip()) and self.show_quote.isChecked())
        if changed:
            self.changed.emit()

    def show_design(self, source: str) -> None:
        """Draw a design, filled in."""
        self.design.show_html(source)

    def show_signature(self, said: str) -> None:
        """Show what stands below the words."""
        self.signature.setText(said)
        self.signature.setVisible(bool(said))

    def quoted(self) -> str:
        """Return what is quoted."""
        return self._quoted

    def _build(self) -> None:
        drawn = QWidget()
        inside = QVBoxLayout(drawn)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(4)
        inside.addWidget(self.design, 1)
        links = QHBoxLayout()
        links.addWidget(self.words)
        links.addStretch(1)
        inside.addLayout(links)
        self._ways.addWidget(self.text)
        self._ways.addWidget(drawn)
        quotes = QHBoxLayout()
        quotes.setSpacing(8)
        quotes.addWidget(self.show_quote)
        quotes.addWidget(self.leave_out)
        quotes.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._ways, 1)
        column.addWidget(self.signature)
        column.addLayout(quotes)
        column.addWidget(self.quote)
        self.quote.hide()


class _Ways(QStackedWidget):
    """Words or a design, in as little room as there is."""

    def sizeHint(self) -> QSize:
        """Do with a few lines; what room is left comes on top."""
        return QSize(super().sizeHint().width(), LEAST)

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return QSize(super().minimumSizeHint().width(), LEAST)
