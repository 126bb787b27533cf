"""Writing to a person in a window: typed, kept, sent once, counted down and recalled."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from rally_desktop.services import mail_accounts, records, templates, writing
from rally_desktop.services.writing import Draft
from rally_desktop.ui.later import busy
from rally_desktop.ui.letters.composer import LetterComposer, open_composer
from rally_desktop.ui.pages.card_menu import CardMenu
from rally_desktop.ui.widgets.record_card import RecordCard

pytestmark = pytest.mark.slow

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def ana(world):
    """Ana, who can be written to."""
    world.mailbox()
    return world.contact("Ana", last_name="Ruiz", email="ana@example.org")


@pytest.fixture
def told(desk):
    """What is said at the foot of the window."""
    said = []
    desk.notices.posted.connect(said.append)
    return said


@pytest.fixture
def parent(qtbot):
    """The window over which letters open."""
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    yield made
    for window in made.findChildren(LetterComposer):
        window.hide()


@pytest.fixture
def opened(desk, qtbot, parent):
    """Open the window for a letter, and let it read what it offers."""

    def make(draft):
        open_composer(desk, parent, draft)
        qtbot.waitUntil(lambda: not busy())
        return parent.findChildren(LetterComposer)[-1]

    return make


def settle(qtbot, composer):
    """Wait until what was typed is kept and looked at."""
    qtbot.waitUntil(lambda: not composer.keeping.pending and not busy())


def write(qtbot, composer, subject="Your roof", text="Dear Ana, "):
    """Type a subject and a text."""
    QTest.keyClicks(composer.sheet.head.subject.box, subject)
    QTest.keyClicks(composer.sheet.body.text.box, text)


def click(button):
    """Press a button with the mouse."""
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_what_is_typed_is_kept_and_offered_again(qtbot, opened, world, ana):
    """A moment after the last key a letter is safe; opened anew it is there, word for word."""
    composer = opened(Draft(ana))
    assert composer.sheet.head.to.text() == "Ana Ruiz <ana@example.org>"
    write(qtbot, composer)
    settle(qtbot, composer)
    assert world.ask(writing.begun, ana)[0].text == "Dear Ana, "
    composer.deleteLater()  # as a crash leaves it
    again = opened(Draft(ana))
    assert again.sheet.body.text.read() == "Dear Ana, "
    assert again.foot.kept.text().startswith("Kept as a draft")


def test_what_is_typed_is_safe_as_the_program_ends(qtbot, opened, parent, world, ana):
    """Whatever was typed within the last moment is kept as the window goes."""
    composer = opened(Draft(ana))
    write(qtbot, composer)
    assert composer.keeping.pending
    composer.hide()
    qtbot.waitUntil(lambda: not busy())
    assert world.ask(writing.begun, ana)[0].text == "Dear Ana, "


def test_ctrl_enter_sends_once_and_counts_down(qtbot, opened, parent, world, ana, told):
    """However often one presses it there is one message, which can be recalled while it waits."""
    composer = opened(Draft(ana))
    write(qtbot, composer)
    QTest.keyClick(QApplication.focusWidget() or composer, Qt.Key.Key_Return, CONTROL)
    composer.send()
    click(composer.foot.send)
    qtbot.waitUntil(lambda: bool(told) and not busy())
    assert len(world.rows("select id from outbox")) == 1
    assert told[0].text == "Your letter to Ana goes out in 00:20."
    world.clock.advance(seconds=5)
    assert told[0].counts() == "Your letter to Ana goes out in 00:15."
    told[0].action[1]()
    qtbot.waitUntil(lambda: not busy())
    again = parent.findChildren(LetterComposer)[-1]
    assert again.sheet.body.text.read() == "Dear Ana, "
    assert [tuple(row) for row in world.rows("select state, reason from outbox")] == [
        ("failed", "recalled")
    ]


@pytest.mark.parametrize("how", ["send", "discard", "escape"])
def test_the_window_goes_once_it_is_done_with(qtbot, opened, ana, how):
    """Sent, thrown away or put away for later: no empty-handed window stays on the screen."""
    composer = opened(Draft(ana))
    write(qtbot, composer)
    with qtbot.waitSignal(composer.destroyed, timeout=5000):
        if how == "escape":
            QTest.keyClick(composer, Qt.Key.Key_Escape)
        else:
            click(getattr(composer.foot, how))
    qtbot.waitUntil(lambda: not busy())


def test_send_now_does_not_wait(qtbot, opened, world, ana, told):
    """Hurried, a letter goes out at once, and it is told that it was sent."""
    composer = opened(Draft(ana))
    write(qtbot, composer)
    composer.send()
    qtbot.waitUntil(lambda: bool(told) and not busy())
    told[0].also[1]()
    qtbot.waitUntil(lambda: not busy())
    with ThreadPoolExecutor(1) as engine:  # as in the program, on a thread of its own
        assert engine.submit(world.deliver).result() == 1
    qtbot.waitUntil(lambda: told[-1].text == "Your letter to Ana was sent.")
    assert told[0].counts() == ""


def test_what_was_not_sent_is_written_again(qtbot, opened, world, ana, told):
    """Where a letter cannot go after all it is said why, and it is a draft again if one likes."""
    composer = opened(Draft(ana))
    write(qtbot, composer)
    composer.send()
    qtbot.waitUntil(lambda: bool(told) and not busy())
    world.do(records.set_fields, ana, {"do_not_contact": True})
    world.clock.advance(minutes=1)
    with ThreadPoolExecutor(1) as engine:
        assert engine.submit(world.deliver).result() == 0
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told[1].text.startswith("Your letter to Ana was not sent. The contact is marked")
    told[1].action[1]()
    qtbot.waitUntil(lambda: not busy())
    assert world.ask(writing.begun, ana)[0].text == "Dear Ana, "


def test_closing_keeps_and_discarding_can_be_undone(qtbot, opened, world, ana, told):
    """Esc puts a letter away as a draft; Discard throws it away, and Undo brings it back."""
    composer = opened(Draft(ana))
    write(qtbot, composer)
    QTest.keyClick(composer, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: bool(told) and not busy())
    assert len(world.ask(writing.begun, ana)) == 1
    told[0].action[1]()
    qtbot.waitUntil(lambda: not busy())
    again = QApplication.activeWindow()
    assert isinstance(again, LetterComposer)
    click(again.foot.discard)
    qtbot.waitUntil(lambda: len(told) == 2 and not busy())
    assert not world.ask(writing.begun, ana)
    told[1].action[1]()
    qtbot.waitUntil(lambda: not busy())
    assert QApplication.activeWindow().sheet.body.text.read() == "Dear Ana, "


def test_an_empty_letter_leaves_nothing_behind(qtbot, opened, world, ana, told):
    """A letter in which nothing was written is closed without a word and without a draft."""
    composer = opened(Draft(ana))
    composer.close()
    qtbot.waitUntil(lambda: not busy())
    assert not world.ask(writing.begun, ana)
    assert not told


def test_a_reply_that_comes_meanwhile_is_shown(qtbot, opened, world, ana):
    """What the person writes while one writes stands above the letter, with its first words."""
    composer = opened(Draft(ana, "reply", subject="Re: Roof", in_reply_to="<1@x>", quoted="> Hm"))
    assert composer.reply.isHidden()
    world.say(ana, "email_received", subject="Roof", text="Never mind!", message_id="<2@x>")
    qtbot.waitUntil(lambda: not composer.reply.isHidden())
    assert composer.reply.words.text() == "Ana wrote just now: “Never mind!”"


def test_a_template_replaces_only_what_one_gives_up(qtbot, opened, world, ana):
    """A template fills an empty letter at once; what was written itself is asked about."""
    world.do(templates.save, "Hello", subject="Hello", text="Dear {{ contact.first_name }}!")
    world.do(templates.save, "Bye", subject="Bye", text="Bye, {{ contact.title }}")
    composer = opened(Draft(ana))
    sheet = composer.sheet
    sheet.use_template("Hello")
    qtbot.waitUntil(lambda: not busy())
    assert (sheet.head.subject.read(), sheet.body.text.read()) == ("Hello", "Dear Ana!")
    sheet.use_template("Bye")
    qtbot.waitUntil(lambda: not busy())
    assert sheet.body.text.read() == "Bye, {{ contact.title }}"
    click(composer.foot.send)
    qtbot.waitUntil(lambda: not composer.foot.problem.isHidden())
    assert "‘Job title’" in composer.foot.problem.text()
    QTest.keyClicks(sheet.body.text.box, "Mine")
    sheet.use_template("Hello")
    qtbot.waitUntil(lambda: bool(QApplication.activeModalWidget()))
    click(QApplication.activeModalWidget().buttons()[-1])
    qtbot.waitUntil(lambda: not busy())
    assert "Mine" in sheet.body.text.read()


def test_what_is_in_the_way_is_said_before_one_sends(qtbot, opened, world, ana):
    """Who must not be contacted cannot be sent to; an address that looks mistyped is corrected."""
    composer = opened(Draft(ana))
    composer.sheet.head.to.setText("ana@gmial.com")
    qtbot.waitUntil(lambda: bool(composer.foot.remarks.shown))
    assert composer.foot.remarks.shown[0].text == "ana@gmial.com: did you mean ana@gmail.com?"
    composer.foot.remarks.corrected.emit(*composer.foot.remarks.shown[0].fix)
    assert composer.sheet.head.to.text() == "ana@gmail.com"
    world.do(records.set_fields, ana, {"do_not_contact": True})
    composer.foot.look()
    qtbot.waitUntil(lambda: not composer.foot.send.isEnabled())
    assert "take the mark off" in composer.foot.remarks.shown[0].text


def test_another_windows_words_are_not_overwritten(qtbot, opened, world, ana):
    """A letter that was changed elsewhere is shown, or this one is kept; never both by half."""
    composer = opened(Draft(ana))
    write(qtbot, composer)
    settle(qtbot, composer)
    theirs = world.ask(writing.begun, ana)[0]
    world.do(writing.save, theirs.__class__(**{**theirs.__dict__, "text": "Theirs"}))
    write(qtbot, composer, "", "Mine")
    qtbot.waitUntil(lambda: not composer.clash.isHidden())
    click(composer.clash.buttons[0])
    qtbot.waitUntil(lambda: composer.sheet.body.text.read() == "Theirs")


def test_later_is_by_the_clock_of_the_person(qtbot, opened, world, ana):
    """The day and time are those where the person lives, and it is said what they are here."""
    world.do(records.set_fields, ana, {"time_zone": "Asia/Tokyo"})
    composer = opened(Draft(ana))
    write(qtbot, composer)
    click(composer.foot.later)
    moment = composer.sheet.when.moment()
    assert moment.astimezone(composer.sheet.when._zone).hour == 9
    assert "by the clock in Tokyo, where Ana is" in composer.sheet.when.says.text()
    qtbot.waitUntil(lambda: composer.foot.send.text() == " Schedule")
    assert composer.foot.send.accessibleName() == "Schedule"
    account = world.ask(mail_accounts.accounts)[0]
    world.do(mail_accounts.pause, account.id, "Wrong password.")
    composer.foot.look()
    qtbot.waitUntil(lambda: any("paused" in one.text for one in composer.foot.remarks.shown))


def test_the_card_leads_to_a_letter(qtbot, desk, world, ana):
    """The button on the card of a contact opens a letter to them."""
    card = RecordCard(desk)
    qtbot.addWidget(card)
    menu = CardMenu(card, "contact")
    card.show_ref(ana)
    card.show()
    click(menu.write_button)
    qtbot.waitUntil(lambda: bool(card.findChildren(LetterComposer)) and not busy())
    assert card.findChildren(LetterComposer)[0].windowTitle() == "E-mail to Ana Ruiz"


def test_contacts_are_offered_while_one_types(qtbot, opened, world, ana):
    """Some letters of a name bring the person up; picked, the next one can be typed."""
    world.contact("Ben", last_name="Berger", email="ben@example.org")
    composer = opened(Draft(ana))
    box = composer.sheet.head.to
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_End)
    QTest.keyClicks(box, ", berg")
    popup = box.offered.popup()
    qtbot.waitUntil(popup.isVisible)
    assert popup.viewport().height() >= popup.sizeHintForRow(0) > 24  # lines are whole, and calm
    box.offered.activated.emit(box.offered.currentCompletion())
    assert box.text() == "Ana Ruiz <ana@example.org>, Ben Berger <ben@example.org>, "
    box.offered.popup().hide()
