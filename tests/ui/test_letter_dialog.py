"""A message is shown whole and harmless: nothing is fetched or opened that nobody asked for."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

from rally_desktop.model.changes import MessageReceived
from rally_desktop.outside.mail import pictures
from rally_desktop.services import timeline
from rally_desktop.ui.pages.timeline_pane import TimelinePane

QUOTED = "Yes, please.\n\nOn 3 Nov 2026, Maria wrote:\n> Shall I?"
HTML = (
    '<p>Yes, <a href="https://example.com/x">please</a>.<img src="https://a.example/1.png"></p>'
    "<script>1</script><blockquote>Shall I?</blockquote>"
)


@pytest.fixture
def ana(world):
    """Ana, whose timeline it is."""
    return world.contact("Ana")


@pytest.fixture
def opened(desk, qtbot, world, ana):
    """Let Ana write a message, and open it from her timeline by its link."""

    def make(html=""):
        row = {"id": 1, "channel": "email", "direction": "in", "record_kind": "contact",
               "record_id": ana.id, "message_id": "<a@b>", "in_reply_to": "", "subject": "Quote",
               "sender": "ana@example.com", "recipient": "us@example.com", "text": QUOTED,
               "html": html}  # fmt: skip
        world.do(lambda work: work.change(MessageReceived(ana, {**row, "at": work.now})))
        pane = TimelinePane(desk)
        qtbot.addWidget(pane)
        pane.resize(420, 600)
        pane.show()
        pane.show_ref(ana)
        qtbot.waitUntil(lambda: bool(pane.view.lines.lines))
        index = pane.view.lines.index(0)
        area = pane.view.painter.link_rects(pane.view.visualRect(index), index)["open"]
        QTest.mouseClick(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
        qtbot.waitUntil(lambda: pane.deeds.letter is not None and pane.deeds.letter.isVisible())
        return pane.deeds.letter

    return make


def click(button):
    """Press a button."""
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))


def test_the_timeline_shows_what_is_new(opened, world, ana):
    """A line has the answer alone; the whole message has the quote, once one asks for it."""
    letter = opened().pane
    assert world.ask(timeline.lines, ana)[0].body == "Yes, please."
    assert letter.text.toPlainText() == "Yes, please."
    click(letter.quote_button)
    assert letter.text.toPlainText().endswith("> Shall I?")


def test_html_is_drawn_without_its_quotes_and_pictures(opened):
    """What is quoted is folded, and the picture of a server waits with a count."""
    letter = opened(HTML).pane
    assert letter.html.toPlainText().strip("\ufffc\n") == "Yes, please."
    assert letter.fetch_button.text() == " Show 1 picture from the internet"
    click(letter.quote_button)
    assert "Shall I?" in letter.html.toPlainText()


def test_a_picture_is_fetched_when_it_is_asked_for(opened, qtbot, monkeypatch):
    """Only then does the server hear anything, and the picture stands in its place."""
    red, held = QImage(4, 4, QImage.Format.Format_RGB32), QBuffer()
    red.fill(Qt.GlobalColor.red)
    held.open(QIODevice.OpenModeFlag.WriteOnly)
    red.save(held, "PNG")
    asked = []

    def fetch(urls, stopped):
        asked.extend(urls)
        return {urls[0]: held.data().data()}

    monkeypatch.setattr(pictures, "fetch", fetch)
    letter = opened(HTML).pane
    assert asked == []
    assert letter.html.loadResource(2, QUrl("https://a.example/1.png")).width() == 1
    click(letter.fetch_button)
    qtbot.waitUntil(lambda: not letter.fetch_button.isVisible())
    assert asked == ["https://a.example/1.png"]
    assert letter.html.loadResource(2, QUrl(asked[0])).width() == 4


def test_a_drawing_that_could_name_files_is_no_picture(opened):
    """Whatever it says it is: SVG is not drawn, as what is in it decides what is read."""
    letter = opened(HTML).pane
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    letter.html.pictures = {"cid:a": drawing}
    assert letter.html.loadResource(2, QUrl("cid:a")).width() == 1


def test_a_link_says_where_it_leads_before_it_opens(opened, qtbot, monkeypatch):
    """The address is shown below, and opening it is a question."""
    went = []
    monkeypatch.setattr(QDesktopServices, "openUrl", went.append)
    letter = opened(HTML).pane
    url = QUrl("https://example.com/x")
    letter.html.highlighted.emit(url)
    assert letter.where.whole() == "https://example.com/x"
    letter.html.anchorClicked.emit(url)
    qtbot.waitUntil(lambda: bool(letter.findChildren(QMessageBox)))
    (box,) = letter.findChildren(QMessageBox)
    assert (box.informativeText(), went) == ("https://example.com/x", [])
    box.buttons()[0].click()
    qtbot.waitUntil(lambda: went == [url])


def test_files_of_this_computer_are_never_read(opened):
    """Whatever a message names, the browser gives a clear point or nothing."""
    letter = opened(HTML).pane
    assert letter.html.loadResource(2, QUrl("file:///etc/passwd")).width() == 1
    assert letter.html.loadResource(3, QUrl("file:///etc/passwd")) is None
