"""A message as it arrives: its subject, its text, and its HTML without anything from outside."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QFrame, QTabBar, QTextBrowser, QVBoxLayout

from rally_desktop.core import sms
from rally_desktop.core.themes import FIXED
from rally_desktop.engine.samples import Letter
from rally_desktop.ui.widgets.letter_html import clear
from rally_desktop.ui.widgets.plain_label import PlainLabel

TEXT, HTML = 0, 1


class LetterView(QFrame):
    """Shows one message; where it has HTML, a tab leads from the text to that."""

    def __init__(self, *, most_high: int | None = None) -> None:
        super().__init__()
        self.setObjectName("card")
        self._most_high = most_high
        self.subject = PlainLabel("", "strong")
        self.subject.setWordWrap(True)
        self.text = PlainLabel("")
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.html = SafeHtml()
        self.tabs = QTabBar()
        self.tabs.addTab("Text")
        self.tabs.addTab("HTML")
        self.tabs.setAccessibleName("Text or HTML")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.hide()
        self.about = PlainLabel("", "small")
        self.about.setWordWrap(True)
        self.wrong = PlainLabel("", "sub")
        self.wrong.setWordWrap(True)
        self.wrong.set_tone("warn")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(8)
        for part in (self.tabs, self.subject, self.text, self.html, self.about, self.wrong):
            column.addWidget(part)
        self.html.hide()
        self.tabs.currentChanged.connect(lambda _: self._turn())

    def show_letter(self, letter: Letter, who: str) -> None:
        """Show a message as somebody gets it, or why they would not."""
        wrong = letter.problem
        self.wrong.setText(f"For {who}: {wrong} Nothing would be sent." if who and wrong else wrong)
        self.wrong.setVisible(bool(wrong))
        self.subject.setText(letter.subject.text)
        self.subject.setVisible(bool(letter.subject.text))
        text = letter.text.text.strip()
        self.text.setText(_cut(text, self._most_high))
        self.html.show_html(letter.html.text.replace(FIXED, 'width="100%"'))
        self.tabs.setVisible(bool(letter.template.html))
        if not letter.template.html:
            self.tabs.setCurrentIndex(TEXT)
        self._turn()
        self.about.setText(_about(letter))
        self.about.setVisible(bool(self.about.text()))

    def _turn(self) -> None:
        as_html = self.tabs.currentIndex() == HTML
        self.text.setVisible(bool(self.text.text()) and not as_html)
        self.html.setVisible(as_html)


class SafeHtml(QTextBrowser):
    """Draws HTML that was made from a template: no picture, style or link is fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("The message as HTML")

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Fetch nothing, whatever the HTML names; a picture is a clear point."""
        return clear() if kind == QTextDocument.ResourceType.ImageResource.value else None

    def show_html(self, source: str) -> None:
        """Draw a message."""
        self.setHtml(source)


def _about(letter: Letter) -> str:
    return sms.counted(letter.text.text) if letter.template.channel == "sms" else ""


def _cut(text: str, lines: int | None) -> str:
    shown = text.split("\n")
    if lines is None or len(shown) <= lines:
        return text
    return "\n".join([*shown[:lines], "…"])
