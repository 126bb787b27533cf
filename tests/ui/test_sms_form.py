"""An SMS by hand from the timeline: to a number, counted, sent once, or not and why."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from rally_desktop.services import calendar, contacts
from rally_desktop.services.calendar import Calendar
from rally_desktop.ui.pages.timeline_pane import TimelinePane
from rally_desktop.ui.widgets.composer_form import HEIGHT
from tests.gateway import add_gateway

pytestmark = pytest.mark.slow
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def pane(qtbot, desk):
    """A timeline, on screen."""
    made = TimelinePane(desk)
    qtbot.addWidget(made)
    made.resize(460, 640)
    with qtbot.waitExposed(made):
        made.show()
    return made


def opened(qtbot, pane, ref):
    """Press the button and return the form."""
    pane.show_ref(ref)
    QTest.mouseClick(pane.buttons["sms"], LEFT)
    form = pane.composer.form
    qtbot.waitUntil(lambda: form.number.count() > 0 or form.says.isVisible())
    return form


def test_an_sms_goes_to_the_number_that_was_chosen(qtbot, pane, world):
    """A mobile stands before a landline, the parts are counted, and one message is sent."""
    world.do(add_gateway)
    ana = world.contact("Ana", phone="+49 30 12345678", mobile="+49 1512 3456789")
    form = opened(qtbot, pane, ana)
    shown = [form.number.itemText(place) for place in range(form.number.count())]
    assert shown == ["+4915123456789", "+493012345678 (landline, may get no SMS)"]
    QTest.keyClicks(form.text, "See you at nine")
    assert form.counter.text() == "15 characters, sent as 1 SMS"
    assert pane.composer.save_button.text() == "Send"
    QTest.keyClick(form.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(world.rows("select 1 from outbox")))
    assert world.rows("select channel, address, text, step from outbox") == [
        ("sms", "+4915123456789", "See you at nine", "hand")
    ]
    qtbot.waitUntil(lambda: bool(pane.outgoing.lines))
    assert pane.outgoing.lines[0].letter.subject == "See you at nine"


def seen(part):
    """Say whether all of a part is on screen."""
    return part.visibleRegion().boundingRect() == part.rect()


def test_in_little_room_what_matters_is_seen(qtbot, pane, world):
    """What is in the way, and the counter, need no scrolling where the window is low."""
    pane.resize(420, 360)
    form = opened(qtbot, pane, world.contact("Ana", mobile="+49 1512 3456789"))
    qtbot.waitUntil(lambda: seen(form.says) and seen(form.text))
    form.says.hide()
    QTest.keyClicks(form.text, "See you")
    qtbot.waitUntil(lambda: seen(form.text) and seen(form.counter))
    low = form.text.height()
    QTest.keyClicks(form.text, " at nine, all of you, with your X-rays" * 4)
    assert low < form.text.height() <= HEIGHT


def test_in_the_smallest_window_a_form_takes_the_room_of_the_lines(qtbot, pane, world):
    """One sees what one writes; the lines are back once the form is closed."""
    world.do(add_gateway)
    pane.resize(320, 200)
    form = opened(qtbot, pane, world.contact("Ana", mobile="+49 1512 3456789"))
    qtbot.waitUntil(lambda: seen(form.number) and seen(form.text))
    assert not pane.view.isVisible()
    QTest.keyClick(form.text, Qt.Key.Key_Escape)
    assert pane.view.isVisible()


def test_in_quiet_hours_it_says_when_it_goes_out(qtbot, pane, world):
    """In the time of the person, and it waits until then."""
    world.do(add_gateway)
    world.do(calendar.save, Calendar(sms_from="15:00", sms_until="16:00"))
    form = opened(qtbot, pane, world.contact("Ana", mobile="+441632960001"))
    assert "It is quiet time for Ana" in form.says.text()
    assert "15:00 there" in form.says.text()


def test_why_nothing_can_be_sent_is_said_before_one_writes(qtbot, pane, world):
    """Without a gateway, without a number, and to who is not to be contacted."""
    ana = world.contact("Ana")
    assert "Settings › SMS" in opened(qtbot, pane, ana).says.text()
    pane.composer.put_away()
    world.do(add_gateway)
    assert "No number of Ana" in opened(qtbot, pane, ana).says.text()
    pane.composer.put_away()
    world.do(contacts.update, ana, {"mobile": "+441632960001", "do_not_contact": True})
    assert "take the mark off" in opened(qtbot, pane, ana).says.text()


def test_nobody_texts_a_company(pane, world):
    """Companies have no mobile: the button is not there."""
    pane.show_ref(world.company())
    assert not pane.buttons["sms"].isVisible()
