"""A hundred thousand pieces of hostile HTML: made harmless, then drawn as a letter is."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QUrl

from rally_desktop.ui.widgets.letter_html import LetterHtml
from tests.outside.mail.hostile_html import hostile, made

SEEDS, EACH = 10, 10_000


class Watched(LetterHtml):
    """Remembers what it was asked to load from elsewhere than the message."""

    def __init__(self):
        """Begin with nothing."""
        super().__init__()
        self.asked = set()

    def loadResource(self, kind, name):
        """Note where it would lead; a picture that lost its address leads nowhere."""
        if not QUrl(name).isEmpty():
            self.asked.add(QUrl(name).scheme())
        given = super().loadResource(kind, name)
        assert given is None or (given.width(), given.height()) == (1, 1)
        return given


@pytest.mark.parametrize("seed", range(SEEDS))
def test_nothing_is_opened_asked_or_drawn_for_ever(qtbot, say, seed):
    """Nothing of a file or a server is loaded, and nothing takes a second of work."""
    browser = Watched()
    qtbot.addWidget(browser)
    browser.resize(600, 400)
    browser.show()
    slowest, drawn = 0.0, 0
    for number in range(seed * EACH, (seed + 1) * EACH):
        started = time.thread_time()
        safe = made(hostile(number))
        if safe is not None:
            browser.show_html(safe.html)
            browser.document().size()
            drawn += 1
        slowest = max(slowest, time.thread_time() - started)
    say(f"{EACH:,} tried, {drawn:,} drawn, the slowest in {slowest * 1000:.0f} ms of work")
    assert slowest < 1
    assert browser.asked <= {"http", "https", "cid"}  # answered with a clear point
