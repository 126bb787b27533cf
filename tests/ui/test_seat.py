"""Who sits at this computer: said once, and then whatever is made here is theirs."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from shiboken6 import delete

from rally_desktop.services import notes, people, tasks, timeline, views
from rally_desktop.services.views import Layout
from rally_desktop.ui.pages.settings_computer import Computer
from rally_desktop.ui.pages.today import TodayPage


@pytest.fixture
def shown(qtbot):
    """Show widgets, and take them away before the desk goes."""
    made = []

    def show(widget):
        made.append(widget)
        widget.resize(900, 600)
        widget.show()
        return widget

    yield show
    for one in made:
        delete(one)


def _sit(desk, qtbot, shown, name):
    """Say by the keyboard who one is."""
    desk.seat.settle()
    qtbot.waitUntil(lambda: name in desk.seat.people)
    box = shown(Computer(desk)).who
    assert box.currentIndex() == -1
    assert box.placeholderText() == "Nobody has said yet"
    box.setFocus()
    while box.currentText() != name:
        qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: desk.seat.name == name)


def test_what_is_made_here_is_made_by_whoever_sits_here(desk, world, qtbot, shown, screen):
    """Notes say who wrote them, and a view is mine until I share it."""
    world.user("Maria")
    ana = world.contact("Ana")
    _sit(desk, qtbot, shown, "Maria")
    done = []

    async def write():
        await desk.background.write(notes.add, ana, "Asked for the price list.")
        await desk.background.write(views.add, "contacts", "Mine", Layout())
        done.append(await desk.background.read(views.listed, "contacts"))

    task = screen.create_task(write())
    qtbot.waitUntil(task.done)
    (view,) = done[0].views
    assert view.mine
    assert world.ask(timeline.lines, ana)[0].by == "Maria"
    assert world.ask(views.listed, "contacts").views == ()


def test_the_office_of_one_asks_nobody_who_they_are(desk, world, qtbot):
    """With a single user it is clear; with a second one somebody has to say it."""
    desk.seat.settle()
    qtbot.waitUntil(lambda: desk.seat.name == "Admin")
    world.user("Maria")
    qtbot.waitUntil(lambda: desk.seat.user is None)


def test_who_sits_here_is_remembered_for_this_office(desk, world, qtbot):
    """Another office, with other people, does not take it over; who left sits here no more."""
    maria = world.user("Maria")
    desk.seat.settle()
    qtbot.waitUntil(lambda: bool(desk.seat.people))
    desk.seat.choose(maria)
    assert desk.preferences.get("who") == {desk.background.office: maria}
    world.do(people.deactivate, maria)
    qtbot.waitUntil(lambda: desk.seat.name == "Admin")


def test_the_day_is_that_of_whoever_sits_here(desk, world, qtbot, shown):
    """Mine and what nobody has been given yet; until I said who I am the page asks for it."""
    maria, ben = world.user("Maria"), world.user("Ben")
    ana = world.contact("Ana")
    for title, whose in (("Hers", maria), ("His", ben), ("Nobody's", None)):
        world.do(tasks.create, ana, title=title, assignee_id=whose)
    page = shown(TodayPage(desk))
    page.shown()
    qtbot.waitUntil(lambda: bool(page.parts) and len(page.parts[0].lines) == 3)
    desk.seat.settle()
    qtbot.waitUntil(page.unknown.isVisible)
    desk.seat.choose(maria)
    qtbot.waitUntil(lambda: len(page.parts[0].lines) == 2)
    assert page.who.currentText() == "Maria"
    assert not page.unknown.isVisible()
