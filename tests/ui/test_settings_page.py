"""The settings page: every safeguard in one form, and one red button."""

from __future__ import annotations

import keyring
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from rally_desktop.services import calendar, http_secrets, safeguards
from rally_desktop.ui.commands import commands
from rally_desktop.ui.pages import page_kinds
from rally_desktop.ui.pages.settings import SettingsPage
from tests.outside.test_secrets import MemoryKeyring

pytestmark = pytest.mark.slow

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(qtbot, desk):
    """The page in front, with what the office has set."""
    made = SettingsPage(desk)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    with qtbot.waitExposed(made):
        made.show()
    made.shown()
    made.open("Safeguards")
    qtbot.waitUntil(lambda: made.sections[0].form.stored().get("emails_a_week") == 3)
    return made


def press(sections, title):
    """Click a name in the list."""
    (item,) = sections.list.findItems(title, Qt.MatchFlag.MatchExactly)
    place = sections.list.visualItemRect(item).center()
    QTest.mouseClick(sections.list.viewport(), LEFT, pos=place)


def test_the_page_is_in_the_rail():
    """The rail and the palette list it last."""
    assert page_kinds()["settings"].load() is SettingsPage
    assert [key for key, kind in page_kinds().items() if kind.order][-1] == "settings"


def test_every_safeguard_stands_in_the_form(page):
    """Whatever is a safeguard has a row, and each heading stands above one of them."""
    names = {setting.name for setting in safeguards.Safeguards.settings()}
    assert set(page.sections[0].form.stored()) == names
    assert names >= page.sections[0].topic.groups.keys()


def test_a_limit_is_typed_and_saved(page, world, qtbot):
    """Typing wakes Save, which keeps the number for the whole office."""
    assert not page.save.isEnabled()
    box = page.sections[0].form.editor("emails_a_week").box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "5")
    qtbot.waitUntil(page.save.isEnabled)
    QTest.mouseClick(page.save, LEFT)
    qtbot.waitUntil(lambda: world.ask(safeguards.of).emails_a_week == 5)
    qtbot.waitUntil(lambda: not page.save.isEnabled())


def test_an_edit_can_be_reverted(page, world, qtbot):
    """Revert shows what is stored, and stores nothing."""
    box = page.sections[0].form.editor("texts_a_day").box
    box.setValue(7)
    QTest.mouseClick(page.revert, LEFT)
    assert box.value() == 1
    assert not page.revert.isEnabled()
    assert world.ask(safeguards.of) == safeguards.Safeguards()


def test_what_is_edited_outlives_news_from_elsewhere(page, world, qtbot):
    """Another desktop's change shows at once, but never over what somebody types here."""
    world.do(safeguards.save, safeguards.Safeguards(emails_a_day=2))
    box = page.sections[0].form.editor("emails_a_day").box
    qtbot.waitUntil(lambda: box.value() == 2)
    box.setValue(4)
    world.do(safeguards.save, safeguards.Safeguards(emails_a_day=3))
    world.do(safeguards.stop_sending)
    qtbot.waitUntil(page.brake.go.isVisible)
    assert box.value() == 4


def test_one_click_stops_all_sending(page, world, qtbot):
    """The red button asks nothing; going on again is asked twice."""
    QTest.mouseClick(page.brake.stop, LEFT)
    qtbot.waitUntil(lambda: world.ask(safeguards.sending_stopped))
    qtbot.waitUntil(page.brake.go.isVisible)
    assert page.brake.words.text() == "All sending is stopped."
    QTest.mouseClick(page.brake.go, LEFT)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    box = QApplication.activeModalWidget()
    QTest.mouseClick(box.buttons()[0], LEFT)
    qtbot.waitUntil(lambda: not world.ask(safeguards.sending_stopped))
    qtbot.waitUntil(page.brake.stop.isVisible)


def test_the_calendar_is_a_section_of_its_own(page, world, qtbot):
    """A click on its name shows it; what is saved there is the calendar."""
    press(page.list, "Calendar")
    section = page.sections[1]
    assert section.isVisible()
    section.form.editor("sms_from").box.setFocus()
    made = {**section.form.stored(), "sms_from": "09:30"}
    section.form.fill(made)
    page.keep()
    qtbot.waitUntil(lambda: world.ask(calendar.of).sms_from == "09:30")


def test_secrets_are_added_and_forgotten_but_never_shown(page, world, qtbot):
    """What was typed leaves the screen; only the name stays, until it is forgotten."""
    before = keyring.get_keyring()
    keyring.set_keyring(MemoryKeyring())
    page.open("Secrets")
    part = page.secrets
    assert not page.save.isVisible()
    typed = ((part.name, "KEY"), (part.host, "api.example.com"), (part.value, "s3cr3t"))
    for field, text in typed:
        QTest.keyClicks(field, text)
    QTest.keyClick(part.value, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: part.list.count() == 1)
    assert [field.text() for field, _ in typed] == ["", "", ""]
    assert world.ask(http_secrets.names) == ["KEY"]
    keyring.set_keyring(before)
    rows = part.list
    QTest.mouseClick(rows.viewport(), LEFT, pos=rows.visualItemRect(rows.item(0)).center())
    QTest.mouseClick(part.forget, LEFT)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    QTest.mouseClick(QApplication.activeModalWidget().buttons()[0], LEFT)
    qtbot.waitUntil(lambda: world.ask(http_secrets.names) == [])


def test_what_holds_on_this_computer_alone_is_kept_at_once(page, desk):
    """There is nothing to save; what was chosen on the canvas shows when one comes back."""
    page.open("This computer")
    page.computer.boxes["wheel_zooms"].click()
    assert desk.preferences.get("wheel_zooms") is True
    assert not page.save.isVisible()
    assert page.head.line.text() == "They hold on this computer alone."
    page.open("Trash")
    desk.preferences.put("minimap", False)
    page.open("This computer")
    assert not page.computer.boxes["minimap"].isChecked()


def test_the_brake_is_at_hand_everywhere(page, world, qtbot, desk):
    """The palette stops all sending, and shows each section."""
    desk.wanted.connect(lambda key, what: page.open(*what))
    known = {one.title: one for one in commands()}
    known["Office calendar"].run(desk)
    assert page.list.title == "Calendar"
    known["Stop all sending"].run(desk)
    qtbot.waitUntil(lambda: world.ask(safeguards.sending_stopped))


def test_every_section_stands_in_a_group(page):
    """Nothing that the office or this computer sets is left out of the list."""
    assert page.list.titles == [title for title in page.list.titles if title in page.parts]
    assert set(page.list.titles) == page.parts.keys()


def test_the_arrows_walk_through_the_sections(page):
    """The headings are passed by; what is chosen is in front."""
    page.open("This computer")
    page.list.list.setFocus()
    QTest.keyClick(page.list.list, Qt.Key.Key_Down)
    assert (page.list.title, page.area.currentWidget()) == ("People", page.parts["People"])


def test_a_section_is_found_by_what_is_in_it(page):
    """Ctrl+F and a few letters leave the sections that speak of it; Enter goes to the first."""
    QTest.keyClick(page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.list.search.hasFocus()
    QTest.keyClicks(page.list.search, "GMail")
    shown = [item for item in map(page.list.list.item, range(page.list.list.count()))
             if not item.isHidden()]  # fmt: skip
    assert [item.text() for item in shown] == ["Mail and SMS", "Mail"]
    QTest.keyClick(page.list.search, Qt.Key.Key_Return)
    assert page.list.title == "Mail"
    QTest.keyClicks(page.list.search, " nowhere")
    assert page.list.nothing.isVisible()
    page.open("Safeguards")
    assert not page.list.nothing.isVisible()


def test_a_small_window_leaves_the_icons(page):
    """Where room is short the names are tips; the list works all the same."""
    page.resize(700, 500)
    assert page.list.width() < 100
    page.open("Tags")
    item = page.list.list.currentItem()
    assert (item.text(), item.toolTip()) == ("", "Tags")
    page.resize(1000, 700)
    assert item.text() == "Tags"


def test_the_last_section_is_in_front_again(page, desk, qtbot):
    """Whoever comes back on this computer sees what was left."""
    page.open("Receiving")
    again = SettingsPage(desk)
    qtbot.addWidget(again)
    assert again.list.title == "Receiving"


def test_the_palette_leads_to_every_section(page, desk):
    """Whatever can be set is found by Ctrl+K, too."""
    known = {one.title: one for one in commands()}
    wanted = []
    desk.wanted.connect(lambda key, what: wanted.extend(what) if key == "settings" else None)
    for one in known.values():
        if one.run.__module__.rpartition(".")[2] in ("own", "reaching", "sending", "trash"):
            one.run(desk)
    assert set(page.list.titles) <= set(wanted)
