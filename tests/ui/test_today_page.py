"""The day's page, worked by mouse on a real office."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from shiboken6 import delete

from rally_desktop.services import tasks, users
from rally_desktop.ui.letters import composer
from rally_desktop.ui.pages.today import TodayPage
from tests.services.test_conversations import mail


@pytest.fixture
def page(desk, qtbot):
    """The page, shown."""
    shown = TodayPage(desk)
    shown.resize(1280, 800)
    shown.show()
    shown.shown()
    yield shown
    delete(shown)


def _headings(page):
    return [part.heading for part in page.parts]


def _press(qtbot, page, words):
    found = [one for one in page.findChildren(QPushButton) if one.text().strip() == words]
    qtbot.mouseClick(found[0], Qt.MouseButton.LeftButton)


def test_a_day_without_anything_says_so(page, qtbot):
    """An empty page would look broken."""
    qtbot.waitUntil(page.nothing.isVisible)
    assert page.nothing.heading.text() == "All done"


def test_a_task_is_ticked_off(page, qtbot, world):
    """Done takes it from the page and from the office."""
    ana, now = world.contact("Ana", last_name="Silva"), world.clock.now()
    world.do(tasks.create, ana, title="Call back", due_at=now - timedelta(days=1))
    qtbot.waitUntil(lambda: _headings(page) == ["Overdue"])
    _press(qtbot, page, "Done")
    qtbot.waitUntil(page.nothing.isVisible)
    assert world.ask(tasks.listed) == ()


@pytest.fixture
def wrote(page, qtbot, world):
    """Ana, Ben and Cleo wrote, Cleo last; the cursor is on hers."""
    refs = {}
    for number, name in enumerate(("Ana", "Ben", "Cleo")):
        refs[name] = world.contact(name, email=f"{name}@example.org")
        mail(world, refs[name], name, hours=number - 5, text=f"{name} says yes")
    qtbot.waitUntil(lambda: _waiting(page) == ["Cleo", "Ben", "Ana"])
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.parts[0].lines[0].setFocus()
    return refs


def _waiting(page):
    return [line.name.whole() for part in page.parts for line in part.lines]


def test_replies_are_worked_off_by_keys(page, qtbot, wrote, monkeypatch):
    """Down goes on, E is done with the cursor on the next, R answers, Undo brings back."""
    told, drafts = [], []
    page.desk.notices.posted.connect(told.append)
    monkeypatch.setattr(composer, "open_composer", lambda *asked: drafts.append(asked[2]))
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_E)
    qtbot.waitUntil(lambda: _waiting(page) == ["Cleo", "Ana"])
    here = QApplication.focusWidget()
    assert here.reply.name == "Ana"
    qtbot.keyClick(here, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: bool(drafts) and bool(told))
    assert (drafts[0].contact, drafts[0].quoted.endswith("> Ana says yes")) == (wrote["Ana"], True)
    told[0].action[1]()
    qtbot.waitUntil(lambda: _waiting(page) == ["Cleo", "Ben", "Ana"])


def test_a_reply_is_put_off_until_a_day(page, qtbot, world, wrote):
    """Tomorrow at nine it is there again, and says that it was put off."""
    line = page.parts[0].lines[0]
    line.later_button.menu_of_days.actions()[0].trigger()
    qtbot.waitUntil(lambda: _waiting(page) == ["Ben", "Ana"])
    now = world.clock.now()
    nine = (now.astimezone() + timedelta(days=1)).replace(hour=9, minute=0)
    world.clock.advance(seconds=(nine - now).total_seconds())
    page.refresh()
    qtbot.waitUntil(lambda: _waiting(page) == ["Cleo", "Ben", "Ana"])
    assert page.parts[0].lines[0].when.text().startswith("put off until now")


def test_a_reply_opens_with_its_conversation(page, qtbot, wrote):
    """A click shows what was written, and leads on to whoever wrote."""
    gone = []
    page.desk.wanted.connect(lambda *what: gone.append(what))
    qtbot.mouseClick(page.parts[0].lines[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.replies.letter is not None and page.replies.letter.isVisible())
    assert page.replies.letter.pane.letter.text == "Cleo says yes"
    qtbot.mouseClick(page.replies.letter.whose_button, Qt.MouseButton.LeftButton)
    assert gone == [("contacts", (wrote["Cleo"],))]


def test_what_is_known_by_its_line_alone_leads_to_whoever_wrote(page, qtbot, world):
    """Where the message is not kept, the contact is shown."""
    ana, gone = world.contact("Ana", last_name="Silva"), []
    page.desk.wanted.connect(lambda *what: gone.append(what))
    world.say(ana, "email_received")
    qtbot.waitUntil(lambda: _headings(page) == ["Replies"])
    qtbot.keyClick(page.parts[0].lines[0], Qt.Key.Key_O)
    qtbot.waitUntil(lambda: gone == [("contacts", (ana,))])


def test_a_notice_is_put_away(page, qtbot, world):
    """Seen takes it from the page."""
    ben = world.user("Ben")
    who = next(one for one in world.ask(users.listed) if one.id == ben)
    world.do(users.notify, world.contact(), who, "Look at this")
    qtbot.waitUntil(lambda: _headings(page) == ["Notifications"])
    _press(qtbot, page, "Seen")
    qtbot.waitUntil(page.nothing.isVisible)


def test_one_looks_at_ones_own_day(page, qtbot, world):
    """Choosing a person leaves what is theirs, and is kept for the next time."""
    nora, ben = world.user("Nora"), world.user("Ben")
    world.do(tasks.create, world.contact(), title="Hers", assignee_id=nora)
    world.do(tasks.create, world.contact(), title="His", assignee_id=ben)
    qtbot.waitUntil(lambda: bool(page.parts) and len(page.parts[0].lines) == 2)
    qtbot.waitUntil(lambda: page.who.findText("Nora") >= 0)
    page.who.setCurrentText("Nora")
    page.who.activated.emit(page.who.currentIndex())
    qtbot.waitUntil(lambda: bool(page.parts) and len(page.parts[0].lines) == 1)
    assert page.desk.preferences.get("today.who") == "Nora"


def test_a_long_list_begins_with_what_is_most_urgent(page, qtbot, world):
    """Twenty stand there; the heading counts all, and a link shows them."""
    ana, now = world.contact("Ana"), world.clock.now()

    def fill(work):
        for number in range(23):
            due = now - timedelta(hours=number + 1)
            tasks.create(work, ana, title=f"Task {number}", due_at=due)

    world.do(fill)
    qtbot.waitUntil(lambda: bool(page.parts) and len(page.parts[0].lines) == 20)
    (part,) = page.parts
    assert part.accessibleName() == "Overdue, 23"
    assert part.more.text() == "Show 3 more"
    qtbot.mouseClick(part.more, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(page.parts[0].lines) == 23)


def test_the_keys_stay_where_one_ticks_off(page, qtbot, world):
    """After Done by the keyboard the cursor is on Done of the next task."""
    ana, now = world.contact("Ana"), world.clock.now()
    for number in range(3):
        world.do(tasks.create, ana, title=f"Task {number}", due_at=now - timedelta(days=9 - number))
    qtbot.waitUntil(lambda: bool(page.parts) and len(page.parts[0].lines) == 3)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    done = [one for one in page.findChildren(QPushButton) if one.text().strip() == "Done"]
    done[0].setFocus()
    qtbot.keyClick(done[0], Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(page.parts[0].lines) == 2)
    assert QApplication.focusWidget().accessibleName() == "Done: Task 1"


def test_a_text_message_is_answered_by_one(page, qtbot, world):
    """R leads to where an SMS to whoever wrote is begun."""
    ana, gone = world.contact("Ana", last_name="Silva"), []
    page.desk.wanted.connect(lambda *what: gone.append(what))
    world.say(ana, "sms_received")
    qtbot.waitUntil(lambda: _headings(page) == ["Replies"])
    qtbot.keyClick(page.parts[0].lines[0], Qt.Key.Key_R)
    qtbot.waitUntil(lambda: gone == [("contacts", (ana, "sms"))])
