"""What one writes about a record, and what is planned with it, by mouse and keys."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from rally_desktop.services import meetings, tasks, timeline
from rally_desktop.ui.later import busy
from rally_desktop.ui.pages.timeline_pane import TimelinePane

pytestmark = pytest.mark.slow

Key = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def ana(world):
    """Ana, about whom one writes."""
    return world.contact("Ana")


@pytest.fixture
def pane(desk, qtbot, ana):
    """The pane with her timeline."""
    made = TimelinePane(desk)
    qtbot.addWidget(made)
    made.resize(420, 600)
    made.show()
    made.activateWindow()
    made.show_ref(ana)
    qtbot.waitUntil(lambda: not busy())
    return made


@pytest.fixture
def told(desk):
    """What is said at the foot of the window."""
    said = []
    desk.notices.posted.connect(said.append)
    return said


def begin(qtbot, pane, key):
    """Open a form by its shortcut, and let it read what it offers."""
    QTest.keyClick(pane.view, key, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: not busy())
    assert pane.composer.form.first.hasFocus()
    return pane.composer.form


def save(qtbot, pane):
    """Press Ctrl+Enter where the cursor is."""
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: not pane.composer.isVisible())


def click(button):
    """Press a button with the mouse."""
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize(
    ("key", "kind"),
    [(Key.Key_N, "note_added"), (Key.Key_M, "meeting_planned"), (Key.Key_T, "task_created")],
)
def test_one_writes_in_two_keystrokes(qtbot, pane, world, ana, key, kind):
    """A shortcut opens the form with the cursor in it; Ctrl+Enter keeps what was typed."""
    begin(qtbot, pane, key)
    QTest.keyClicks(QApplication.focusWidget(), "About the roof")
    save(qtbot, pane)
    assert world.happened(ana)[-1] == kind
    assert pane.view.hasFocus()


def test_a_call_is_timed_and_logged(qtbot, pane, world, ana, clock):
    """The timer counts while one talks; the line says who rang, how it went and how long."""
    form = begin(qtbot, pane, Key.Key_C)
    click(form.direction.buttons["in"])
    form.outcome.setCurrentText("Left a message")
    click(form.timer_button)
    assert form.timer_button.accessibleName() == "Stop timer"
    clock.advance(minutes=3)
    QTest.keyClicks(form.text, "Rings back")
    save(qtbot, pane)
    line = world.ask(timeline.lines, ana)[0]
    assert (line.text, line.body) == ("Call received: Left a message, 3 min", "Rings back")


def test_a_call_of_this_morning_is_logged_at_its_time(qtbot, pane, world, ana, clock):
    """Ticked as earlier, a call stands on the timeline at the day and the time that are set."""
    form = begin(qtbot, pane, Key.Key_C)
    click(form.was_earlier)
    yesterday = clock.now().astimezone() - timedelta(days=1)
    form.day.setDate(QDate(yesterday.year, yesterday.month, yesterday.day))
    save(qtbot, pane)
    line = world.ask(timeline.lines, ana)[-1]
    assert (line.kind, line.at) == ("call_logged", yesterday.replace(second=0, microsecond=0))


def test_a_timer_goes_on_where_it_was_stopped(qtbot, pane, clock):
    """Stopped and started again it counts on; putting the form away does not stop it."""
    form = begin(qtbot, pane, Key.Key_C)
    click(form.timer_button)
    clock.advance(minutes=1)
    click(form.timer_button)
    clock.advance(minutes=5)
    click(form.timer_button)
    QTest.keyClick(form.text, Key.Key_Escape)
    clock.advance(minutes=1)
    assert begin(qtbot, pane, Key.Key_C) is form
    click(form.timer_button)
    assert form.length.text() == "0:02:00"


def test_esc_keeps_a_draft_for_its_own_record(qtbot, pane, world, ana):
    """What was put away is marked, waits with its record, and is there when asked for again."""
    form = begin(qtbot, pane, Key.Key_N)
    QTest.keyClicks(form.text, "Half a th")
    QTest.keyClick(form.text, Key.Key_Escape)
    assert not pane.composer.isVisible()
    assert pane.buttons["note"].accessibleName() == "Write a note, begun"
    pane.show_ref(world.contact("Ben"))
    assert pane.buttons["note"].accessibleName() == "Write a note"
    assert begin(qtbot, pane, Key.Key_N).text.toPlainText() == ""
    pane.show_ref(ana)
    assert not pane.composer.isVisible()
    assert begin(qtbot, pane, Key.Key_N).text.toPlainText() == "Half a th"


def test_what_is_open_stays_open_for_its_record(qtbot, pane, world, ana):
    """Looking at somebody else for a moment does not close what one is writing."""
    QTest.keyClicks(begin(qtbot, pane, Key.Key_N).text, "Half a th")
    pane.show_ref(world.contact("Ben"))
    assert not pane.composer.isVisible()
    pane.show_ref(ana)
    assert pane.composer.form.text.toPlainText() == "Half a th"


def test_what_is_discarded_can_be_taken_back(qtbot, pane, told):
    """Discard throws a text away, and Undo brings it back into its form."""
    QTest.keyClicks(begin(qtbot, pane, Key.Key_N).text, "Half a th")
    click(pane.composer.discard_button)
    assert not pane.composer.isVisible()
    told[0].action[1]()
    assert pane.composer.form.text.toPlainText() == "Half a th"


def test_what_is_refused_stays_to_be_corrected(qtbot, pane):
    """A task without a title is not kept, and the form says why."""
    form = begin(qtbot, pane, Key.Key_T)
    QTest.keyClick(form.name, Key.Key_Return)
    qtbot.waitUntil(lambda: pane.composer.problem.text() == "A task needs a title.")
    assert pane.composer.form is form


@pytest.fixture
def meeting(qtbot, pane, world, ana, clock):
    """A meeting with Ana for tomorrow, as it stands beside her timeline."""
    starts = clock.now() + timedelta(days=1)
    world.do(meetings.plan, ana, title="Demo", starts_at=starts)
    qtbot.waitUntil(lambda: len(pane.meetings.lines) == 1)
    return pane.meetings.lines[0]


def test_a_meeting_is_finished_from_here(qtbot, pane, meeting, told, world, ana):
    """Held is a line of its own, and the next thing offered is a note on it."""
    click(meeting.held_button)
    qtbot.waitUntil(lambda: bool(told) and not pane.meetings.isVisible())
    assert world.happened(ana)[-1] == "meeting_completed"
    told[0].action[1]()
    assert pane.composer.form.kind == "note"


def test_what_is_done_is_told_though_the_line_is_gone(
    qtbot, desk, pane, meeting, told, monkeypatch
):
    """A list that is drawn anew before the answer is there takes nothing that is said along."""
    write, gone = desk.background.write, []
    meeting.destroyed.connect(lambda: gone.append(True))

    async def slowly(*asked):
        await write(*asked)
        while not gone:
            await asyncio.sleep(0)

    monkeypatch.setattr(desk.background, "write", slowly)
    click(meeting.held_button)
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].text == "The meeting took place."


def test_a_meeting_is_called_off_and_planned_again(qtbot, pane, meeting, told):
    """Calling off takes the meeting away; Undo plans it again."""
    click(meeting.cancel_button)
    qtbot.waitUntil(lambda: bool(told) and not pane.meetings.isVisible())
    told[0].action[1]()
    qtbot.waitUntil(pane.meetings.isVisible)


def test_a_task_is_put_off_and_brought_back(qtbot, pane, told, world, ana, clock):
    """A day of the menu, or of the calendar, moves the task; Undo moves it back."""
    due = clock.now() + timedelta(hours=2)
    world.do(tasks.create, ana, title="Ring back", due_at=due)
    qtbot.waitUntil(lambda: len(pane.tasks.lines) == 1)
    later = pane.tasks.lines[0].later_button
    later.menu_of_days.actions()[0].trigger()
    tomorrow = due + timedelta(days=1)
    qtbot.waitUntil(lambda: world.ask(tasks.listed)[0].due_at == tomorrow)
    qtbot.waitUntil(lambda: bool(told))
    told[0].action[1]()
    qtbot.waitUntil(lambda: world.ask(tasks.listed)[0].due_at == due)


def test_a_meeting_is_moved_to_a_day_of_the_calendar(qtbot, meeting, world, ana):
    """The calendar moves it to the same time of another day."""
    day = QDate(meeting.meeting.starts_at.date()).addDays(5)
    meeting.move_button.calendar.clicked.emit(day)
    wanted = meeting.meeting.starts_at + timedelta(days=5)
    qtbot.waitUntil(lambda: world.ask(meetings.planned, ana)[0].starts_at == wanted)
