"""What sending asks of people, on screen: the banner, the cards, and a message of a run."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from rally_desktop.model.graph import Step
from rally_desktop.services import asked, safeguards
from rally_desktop.services.safeguards import Safeguards
from rally_desktop.ui.commands import commands
from rally_desktop.ui.pages import page_kinds
from rally_desktop.ui.pages.run_letter import LetterLine
from rally_desktop.ui.pages.runs import RunsPage
from rally_desktop.ui.pages.settings import SettingsPage
from rally_desktop.ui.window import Window
from tests.engine.mailing import MAIL, ana_of, furnished, set_account

pytestmark = pytest.mark.slow

LEFT = Qt.MouseButton.LeftButton
REST = Step("rest", "wait", {"amount": 9, "unit": "days"})


@pytest.fixture
def window(qtbot, desk):
    """The window on an office that can write to people."""
    made = Window(desk.theme, desk.notices, desk.preferences)
    qtbot.addWidget(made, before_close_func=lambda shown: shown.let_close())
    with qtbot.waitExposed(made):
        made.show()
    made.furnish(desk, page_kinds(), commands())
    made.activateWindow()
    return made


def beat(world):
    """Let the engine do what is due, on a thread of its own as in the program."""
    with ThreadPoolExecutor(1) as engine:
        engine.submit(world.tick).result()


def page_of(qtbot, desk, kind):
    """Return a page that is on screen."""
    made = kind(desk)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    with qtbot.waitExposed(made):
        made.show()
    made.shown()
    return made


def press(qtbot, widget, text):
    """Press the visible button with these words, once it is there."""

    def found():
        buttons = widget.findChildren(QPushButton)
        return [one for one in buttons if one.text().strip() == text and one.isVisible()]

    qtbot.waitUntil(lambda: len(found()) == 1)
    QTest.mouseClick(found()[0], LEFT)


def agree(qtbot):
    """Say yes to the question in front."""
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    QTest.mouseClick(QApplication.activeModalWidget().buttons()[0], LEFT)


def test_stopped_sending_is_seen_on_every_page_and_resumed_there(qtbot, window, world):
    """The banner stands above whatever page is in front, and asks once before it lets go."""
    assert not window.banner.isVisible()
    world.do(safeguards.stop_sending)
    for key in window.keys():
        window.go(key)
        qtbot.waitUntil(window.banner.isVisible)
    press(qtbot, window.banner, "Resume")
    agree(qtbot)
    qtbot.waitUntil(lambda: not world.ask(safeguards.sending_stopped))
    qtbot.waitUntil(lambda: not window.banner.isVisible())


def test_a_paused_account_is_told_wherever_one_is(qtbot, window, world):
    """The notice says why, and its button lets the account send again."""
    furnished(world)
    set_account(world, "paused_why='Five messages were refused.'")
    world.do(safeguards.stop_sending, stopped=False)
    qtbot.waitUntil(lambda: bool(window.notices.cards()))
    (card,) = window.notices.cards()
    assert "Five messages were refused." in card.notice.text
    press(qtbot, card, "Resume")
    qtbot.waitUntil(lambda: world.ask(asked.now).accounts == ())


def test_a_paused_account_is_resumed_on_the_settings_page(qtbot, desk, world):
    """Its card says why, and is gone once the account sends again."""
    furnished(world)
    set_account(world, "paused_why='The password is wrong.'")
    page = page_of(qtbot, desk, SettingsPage)
    page.open("Safeguards")
    press(qtbot, page.waits, "Resume")
    qtbot.waitUntil(lambda: world.ask(asked.now).accounts == ())
    qtbot.waitUntil(lambda: not page.waits.isVisible())


def test_the_first_messages_are_confirmed_on_the_settings_page(qtbot, desk, world):
    """«Let them go» sends what waited for a word."""
    furnished(world).do(safeguards.save, Safeguards(first_sends=1))
    world.publish(MAIL)
    ana_of(world)
    world.contact("Ben", email="ben@example.org")
    beat(world)
    page = page_of(qtbot, desk, SettingsPage)
    page.open("Safeguards")
    press(qtbot, page.waits, "Let them go")
    qtbot.waitUntil(lambda: world.ask(safeguards.questions) == [])
    beat(world)
    assert len(world.mail.letters) == 2


@pytest.mark.parametrize(("answer", "runs"), [("Let in", 3), ("Turn away", 0)])
def test_many_at_once_are_let_in_or_turned_away(qtbot, desk, world, answer, runs):
    """The card says how many they are; turning them away is asked twice."""
    world.do(safeguards.save, Safeguards(enrolments_at_once=2))
    world.publish(REST)
    for name in ("Ana", "Ben", "Eva"):
        world.contact(name)
    beat(world)
    page = page_of(qtbot, desk, SettingsPage)
    page.open("Safeguards")
    press(qtbot, page.waits, answer)
    if answer == "Turn away":
        agree(qtbot)
    qtbot.waitUntil(lambda: not page.waits.isVisible())
    beat(world)
    assert len(world.run_states()) == runs


def test_a_message_is_recalled_where_its_run_is_shown(qtbot, desk, world):
    """«Recall» stands below the step that sent it, and is gone with the message."""
    furnished(world).do(safeguards.save, Safeguards(recall_minutes=10))
    world.publish(MAIL, REST)
    ana_of(world)
    beat(world)
    page = page_of(qtbot, desk, RunsPage)
    press(qtbot, page.detail, "Recall")
    qtbot.waitUntil(
        lambda: world.rows("select state, reason from outbox") == [("failed", "recalled")]
    )
    qtbot.waitUntil(lambda: not page.detail.findChildren(LetterLine))


@pytest.mark.parametrize(("answer", "letters"), [("It arrived", 0), ("Send again", 1)])
def test_a_message_in_doubt_is_decided_where_its_run_is_shown(qtbot, desk, world, answer, letters):
    """Sending again is asked twice, as it may be one too many; what arrived is closed."""
    furnished(world)
    world.publish(MAIL, REST)
    ana_of(world)
    world.mail.fail("after")
    beat(world)
    page = page_of(qtbot, desk, RunsPage)
    press(qtbot, page.detail, answer)
    if letters:
        agree(qtbot)
    qtbot.waitUntil(lambda: world.ask(asked.doubts) == 0)
    beat(world)
    assert world.rows("select state from outbox") == [("sent",)]
    assert len(world.mail.letters) == letters


def test_a_message_in_doubt_is_told_and_found(qtbot, window, world):
    """The notice leads to the run whose message it is."""
    furnished(world)
    world.publish(MAIL, REST)
    for name in ("Ana", "Ben"):
        world.contact(name, email=f"{name}@example.org")
    world.mail.fail("after")
    beat(world)
    qtbot.waitUntil(lambda: bool(window.notices.cards()))
    press(qtbot, window.notices.cards()[0], "Look")
    qtbot.waitUntil(lambda: bool(window.page().findChildren(LetterLine)))
    assert window.page().table.current().record == "Ana"
