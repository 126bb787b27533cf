"""A message on the page of a run: as it was written, and as it looks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from rally_desktop.core.message import WAY_OUT
from rally_desktop.services.written import Written
from rally_desktop.ui.pages.run_detail import seen
from rally_desktop.ui.pages.run_letter import WrittenBox

LEFT = Qt.MouseButton.LeftButton
HTML = "<html><body><p>Hello Ana</p></body></html>"


def test_a_message_is_drawn_and_proved(qtbot, theme):
    """The text stands there; a design is drawn when asked for, and the proof is a click away."""
    box = WrittenBox(theme, Written(7, 1, "email", "a@b.org", "Hi", f"Out: {WAY_OUT}", HTML, None))
    qtbot.addWidget(box)
    box.show()
    assert box.text.text() == "Out: (a link of their own)"
    QTest.mouseClick(box.look, LEFT)
    assert (box.html.isVisible(), box.text.isVisible()) == (True, False)
    assert box.html.toPlainText() == "Hello Ana"
    with qtbot.waitSignal(box.proof_wanted):
        QTest.mouseClick(box.proof, LEFT)


def test_a_step_says_once_what_it_sent():
    """Number, subject and address are left to the message itself; the template is said."""
    detail = {"outbox": 1, "subject": "Hi", "address": "a@b.org", "template": "Hello"}
    assert list(seen(detail)) == ["Template: Hello"]
