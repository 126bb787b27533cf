"""The window: rail, notices, light and dark; by mouse and keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QWidget

from rally_desktop.core.errors import Refused
from rally_desktop.ui.commands import commands
from rally_desktop.ui.pages import page_kinds
from rally_desktop.ui.preferences import Preferences
from rally_desktop.ui.reply_count import ReplyCount
from rally_desktop.ui.window import Window
from tests.services.test_conversations import mail

pytestmark = pytest.mark.slow

CTRL = Qt.KeyboardModifier.ControlModifier


def test_the_rail_leads_to_its_pages(qtbot, window):
    """A click on each button of the rail shows that page, and the button stays pressed."""
    for key in window.keys():
        qtbot.mouseClick(window.rail.button(key), Qt.MouseButton.LeftButton)
        assert window.page() is window._pages[key]
        assert window.rail.button(key).isChecked()


def test_the_rail_counts_who_waits_for_an_answer(qtbot, window, world):
    """One who wrote stands beside Today, in sight and by ear, until somebody has answered."""
    ana = world.contact("Ana", email="ana@example.org")
    mail(world, ana, "yes")
    button = window.rail.button("today")
    said = "Today, 1 waiting for an answer"
    qtbot.waitUntil(lambda: button.accessibleName() == said)
    world.clock.advance(hours=1)
    mail(world, ana, "answer", direction="out")
    qtbot.waitUntil(lambda: button.accessibleName() == "Today")


def test_a_closed_office_is_not_counted_any_more(window, desk):
    """Once nothing can be asked for, the count in the rail asks for nothing, minute by minute."""
    minutes = window.findChild(ReplyCount)._minutes
    assert minutes.isActive()
    desk.background.closing.emit()
    assert not minutes.isActive()


def test_pages_are_reached_by_number(qtbot, window):
    """Ctrl+1 shows the first page, Ctrl+2 the second, and so on."""
    for number, key in enumerate(window.keys(), start=1):
        QTest.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), CTRL)
        assert window.page() is window._pages[key]


def test_pages_beside_the_rail_lead_back(qtbot, window):
    """Their arrow, or Alt+Left, goes back to where one came from, which the rail still shows."""
    for key, way in (("trash", "click"), ("audit", "key"), ("duplicates", "key")):
        window.go("companies")
        window.go(key)
        page = window.page()
        if way == "click":
            qtbot.mouseClick(page.head.back_button, Qt.MouseButton.LeftButton)
        else:
            QTest.keyClick(page, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        qtbot.waitUntil(lambda: window.page() is window._pages["companies"])
        assert window.rail.button("companies").isChecked()


def test_light_and_dark_are_switched_by_command(qtbot, window, desk):
    """Ctrl+Shift+L turns light into dark at once, and the choice is remembered."""
    light = window.grab().toImage().pixelColor(600, 60)
    QTest.keyClick(window, Qt.Key.Key_L, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert desk.theme.scheme == "dark"
    assert window.grab().toImage().pixelColor(600, 60).lightness() < light.lightness() / 2
    assert desk.preferences.get("look") == "dark"


def test_a_notice_can_be_acted_on_and_goes_away(qtbot, window, desk):
    """The button of a notice does what it says, once, and takes the notice with it."""
    done = []
    desk.notices.tell("Deleted ‘Welcome’.", action=("Undo", lambda: done.append(1)))
    (card,) = window.notices.cards()
    undo = next(each for each in card.findChildren(QAbstractButton) if each.text() == "Undo")
    qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert done == [1]
    qtbot.waitUntil(lambda: not window.notices.cards())


def test_only_the_newest_three_notices_stay(qtbot, window, desk):
    """Of many notices the last three are on screen, below the page, covering nothing of it."""
    for number in range(5):
        desk.notices.tell(f"Notice {number}")
    texts = [card.notice.text for card in window.notices.cards()]
    assert texts == ["Notice 2", "Notice 3", "Notice 4"]
    qtbot.waitUntil(lambda: window.notices.height() > 0)
    assert not window.area.geometry().intersects(window.notices.geometry())


def test_two_notices_share_a_line_of_a_small_screen(qtbot, window, desk):
    """At 853 by 533 two notices stand beside each other, whole, and cover nothing of the page."""
    window.resize(853, 533)
    desk.notices.tell("The task is due Tuesday, 9 June 2026, 09:00 now.", action=("Undo", list))
    desk.notices.tell("E-mail of Ana Alvarez changed.", action=("Undo", list))
    qtbot.waitUntil(lambda: window.notices.height() > 0)
    first, second = window.notices.cards()
    assert first.geometry().right() < second.geometry().left()
    assert window.notices.rect().contains(second.geometry())
    assert not window.area.geometry().intersects(window.notices.geometry())


def test_what_a_person_can_act_on_is_said_plainly_and_a_bug_brings_details(window, desk):
    """Our own errors show their sentence; others say so and let the details be copied."""
    desk.notices.show_error(Refused("A tag needs 1 to 100 characters."))
    desk.notices.show_error(ZeroDivisionError("division by zero"))
    ours, bug = window.notices.cards()
    assert ours.notice.text == "A tag needs 1 to 100 characters."
    assert ours.notice.detail == ""
    assert "ZeroDivisionError" in bug.notice.detail


def test_a_small_window_keeps_the_icons_of_the_rail(qtbot, window):
    """Below 900 pixels the words leave the rail; the buttons keep their names."""
    window.resize(760, 560)
    qtbot.waitUntil(lambda: window.rail.width() < 80)
    assert window.rail.button("runs").accessibleName() == "Runs"


def test_the_page_of_the_last_time_is_in_front_again(qtbot, desk, window):
    """The window opens with the page it was closed on."""
    window.go("runs")
    again = Window(desk.theme, desk.notices, desk.preferences)
    qtbot.addWidget(again, before_close_func=lambda shown: shown.let_close())
    again.furnish(desk, page_kinds(), commands())
    assert again.page() is again._pages["runs"]


def test_every_control_of_every_page_has_a_name(qtbot, window):
    """Whoever hears the screen hears what each button, box and field is for."""
    kinds = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox)
    nameless = []
    for key in window.keys(hidden=True):
        window.go(key)
        for control in window.page().findChildren(QWidget):
            shown = isinstance(control, kinds) and control.isVisibleTo(window.page())
            if shown and not _inner(control) and not _name(control):
                nameless.append(f"{key}: {control} in {control.parent()}")
    assert nameless == []


def _inner(control):
    """Return whether a control is part of another one that has the name."""
    name = control.objectName()
    return name.startswith("qt_") or isinstance(
        control.parent(), (QComboBox, QAbstractSpinBox, QLineEdit)
    )


def _name(control):
    text = control.text() if isinstance(control, QAbstractButton) else ""
    return control.accessibleName() or text or getattr(control, "placeholderText", str)()


def test_what_this_computer_remembers_survives_and_a_broken_file_is_begun_anew(tmp_path):
    """Preferences come back from their file; one that cannot be read counts as empty."""
    path = tmp_path / "deep" / "desktop.json"
    Preferences(path).put("page", "runs")
    assert Preferences(path).get("page") == "runs"
    path.write_text("{ not json")
    assert Preferences(path).get("page") is None


def test_a_small_screen_shows_every_page_whole(qtbot, window):
    """1280 by 800 at 150 % leaves 853 by 533: no page pushes the window beyond that."""
    window.resize(853, 533)
    for key in window.keys():
        window.go(key)
        qtbot.wait(1)
        assert (window.width(), window.height()) == (853, 533)
        assert window.page().minimumSizeHint().width() <= window.page().width(), key
