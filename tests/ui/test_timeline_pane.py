"""The timeline of a record, worked by mouse, wheel and keys on a real office."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from rally_desktop.engine import publishing
from rally_desktop.engine.heart import Heart
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.model.ref import Ref
from rally_desktop.services import calls, contacts, notes, workflows
from rally_desktop.services.timeline import Line
from rally_desktop.services.timeline_mail import MailFacts
from rally_desktop.ui.later import busy
from rally_desktop.ui.pages.runs import RunsPage
from rally_desktop.ui.pages.timeline_pane import TimelinePane
from rally_desktop.ui.widgets.timeline_model import LINE_ROLE, MOST

pytestmark = pytest.mark.slow

Key = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def ana(world):
    """Ana, whose timeline it is."""
    return world.contact("Ana", email="ana@example.com")


@pytest.fixture
def pane(desk, qtbot, ana):
    """Her timeline, shown."""
    made = TimelinePane(desk)
    qtbot.addWidget(made)
    made.resize(420, 600)
    made.show()
    made.activateWindow()
    made.show_ref(ana)
    qtbot.waitUntil(lambda: bool(made.view.lines.lines))
    return made


@pytest.fixture
def started(world, store, ana):
    """A run that put a tag on Ana, and the number of it."""
    steps = {"a": Step("a", "add_tag", {"tag": "Welcome"})}
    triggers = (Trigger("t", "record_updated"),)
    graph = Graph(name="Welcome", triggers=triggers, start="a", steps=steps)
    world.do(publishing.publish, world.do(workflows.create, graph))
    heart = Heart(store)
    heart.tick()
    world.do(contacts.update, ana, {"title": "Dr"})
    heart.tick()
    return world.rows("select id from run")[0][0]


def write(world, ana, count):
    """Write many notes at once."""
    world.do(lambda work: [notes.add(work, ana, f"Note {number}") for number in range(count)])


def bodies(pane):
    """Return the texts at hand, the newest first."""
    return [line.body for line in pane.view.lines.lines]


def at_top(view):
    """Return the line one sees first, and where."""
    index = view.indexAt(QPoint(0, 0))
    return index.data(LINE_ROLE).id, view.visualRect(index).top()


def link(view, row, name):
    """Click a link of a line."""
    index = view.lines.index(row)
    area = view.painter.link_rects(view.visualRect(index), index)[name]
    QTest.mouseMove(view.viewport(), area.center())
    assert view.viewport().cursor().shape() == Qt.CursorShape.PointingHandCursor
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=area.center())


def scroll(qtbot, view, down):
    """Go to one end of what is at hand, and let more come."""
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() if down else 0)
    qtbot.waitUntil(lambda: not busy())


def test_a_long_timeline_is_at_hand_a_stretch_at_a_time(qtbot, pane, world, ana):
    """However far one scrolls, a bounded number of lines is held, without a gap, both ways."""
    write(world, ana, 400)
    qtbot.waitUntil(lambda: bodies(pane)[0] == "Note 399")
    view, seen = pane.view, set()
    while view.lines.lines[-1].kind != "created":
        scroll(qtbot, view, down=True)
        assert len(view.lines.lines) <= MOST
        seen.update(bodies(pane))
    assert len(seen) == 401
    while bodies(pane)[0] != "Note 399":
        scroll(qtbot, view, down=False)
        numbers = [line.id for line in view.lines.lines]
        assert numbers == sorted(numbers, reverse=True)
        assert len(numbers) == numbers[0] - numbers[-1] + 1 <= MOST


def test_home_and_end_lead_to_either_end(qtbot, pane, world, ana):
    """End shows how it began, Home what happened last, without reading all between."""
    write(world, ana, 200)
    qtbot.waitUntil(lambda: bodies(pane)[0] == "Note 199")
    QTest.keyClick(pane.view, Key.Key_End)
    qtbot.waitUntil(lambda: pane.view.lines.lines[-1].kind == "created")
    assert pane.view.currentIndex().row() == len(pane.view.lines.lines) - 1
    qtbot.waitUntil(lambda: not busy())
    QTest.keyClick(pane.view, Key.Key_Home)
    qtbot.waitUntil(lambda: bodies(pane)[0] == "Note 199")


def test_reading_is_not_disturbed_by_news(qtbot, pane, world, ana):
    """New lines on top do not move the line one has scrolled to."""
    write(world, ana, 40)
    qtbot.waitUntil(lambda: len(bodies(pane)) == 41 and not busy())
    pane.view.verticalScrollBar().setValue(600)
    before = at_top(pane.view)
    world.do(notes.add, ana, "One more\nwith two lines")
    qtbot.waitUntil(lambda: len(bodies(pane)) == 42)
    assert at_top(pane.view) == before


def test_a_grid_that_is_read_anew_does_not_move_the_timeline(qtbot, pane, world, ana):
    """Nobody for a moment, and then the same record again: one stays where one was."""
    write(world, ana, 40)
    qtbot.waitUntil(lambda: len(bodies(pane)) == 41 and not busy())
    pane.view.verticalScrollBar().setValue(600)
    before = at_top(pane.view)
    pane.show_ref(None)
    pane.show_ref(ana)
    qtbot.waitUntil(lambda: not busy())
    assert at_top(pane.view) == before


def test_the_timeline_is_narrowed_to_several_kinds(qtbot, pane, world, ana):
    """Notes and calls alone; nothing of the kind says so, and leads back to everything."""
    world.do(notes.add, ana, "Hello")
    world.do(calls.log, ana, direction="in", outcome="Reached")
    pane.groups.popup.choose(["Notes", "Calls and meetings"])
    kinds = ["call_logged", "note_added"]
    qtbot.waitUntil(lambda: [line.kind for line in pane.view.lines.lines] == kinds)
    pane.groups.popup.choose(["Tasks"])
    qtbot.waitUntil(pane.empty.button.isVisible)
    QTest.mouseClick(pane.empty.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(pane.view.lines.lines) == 3)


def test_the_timeline_is_searched_as_one_types(qtbot, pane, world, ana):
    """What holds every word stays; clearing the box brings the rest back."""
    world.do(notes.add, ana, "Likes mornings")
    world.do(notes.add, ana, "Likes evenings")
    QTest.keyClicks(pane.search, "likes MORN")
    qtbot.waitUntil(lambda: bodies(pane) == ["Likes mornings"])
    pane.search.clear()
    qtbot.waitUntil(lambda: len(bodies(pane)) == 3)


def test_a_long_text_unfolds(qtbot, pane, world, ana):
    """Enter on a line with a long text shows all of it as plain text, and folds it again."""
    world.do(notes.add, ana, "\n".join(f"<b>line</b> {number}" for number in range(12)))
    view = pane.view
    qtbot.waitUntil(lambda: len(view.lines.lines) == 2)
    view.setCurrentIndex(view.lines.index(0))
    QTest.keyClick(view, Key.Key_Return)
    box = view.indexWidget(view.lines.index(0))
    assert isinstance(box, QPlainTextEdit)
    assert box.toPlainText().endswith("<b>line</b> 11")
    QTest.keyClick(view, Key.Key_Return)
    assert not view.isPersistentEditorOpen(view.lines.index(0))


def test_ones_own_note_is_changed_in_place(qtbot, pane, world, ana):
    """Edit opens the note with the cursor in it; Ctrl+Enter keeps it, and the line says so."""
    world.do(notes.add, ana, "Likes mornings")
    qtbot.waitUntil(lambda: len(bodies(pane)) == 2)
    link(pane.view, 0, "edit")
    qtbot.waitUntil(lambda: pane.composer.form is not None)
    box = pane.composer.form.first
    assert (box.toPlainText(), box.hasFocus()) == ("Likes mornings", True)
    QTest.keyClicks(box, ", early")
    QTest.keyClick(box, Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: bodies(pane)[0] == "Likes mornings, early")
    assert pane.view.lines.lines[0].text == "Note, edited"


def test_a_note_is_deleted_and_brought_back(qtbot, pane, world, ana, desk):
    """Delete on one's own note takes it away; Undo brings it back; others' lines stay."""
    told = []
    desk.notices.posted.connect(told.append)
    world.do(notes.add, ana, "Likes mornings")
    qtbot.waitUntil(lambda: len(bodies(pane)) == 2)
    for row in (1, 0):
        pane.view.setCurrentIndex(pane.view.lines.index(row))
        QTest.keyClick(pane.view, Key.Key_Delete)
    qtbot.waitUntil(lambda: pane.view.lines.lines[0].text == "Note deleted")
    qtbot.waitUntil(lambda: bool(told))
    assert [notice.text for notice in told] == ["Note deleted."]
    told[0].action[1]()
    qtbot.waitUntil(lambda: bodies(pane)[0] == "Likes mornings")


def test_the_menu_offers_what_the_links_do(qtbot, pane, world, ana):
    """A menu has what can be done with a line, and copies what it says."""
    world.do(notes.add, ana, "Likes mornings")
    qtbot.waitUntil(lambda: len(bodies(pane)) == 2)
    menu = pane.view.menu_of(pane.view.lines.lines[0])
    assert [action.text() for action in menu.actions()] == ["Edit", "Delete", "Copy"]
    menu.actions()[-1].trigger()
    assert QApplication.clipboard().text() == "Note\nLikes mornings"


def test_links_keep_clear_of_the_picture(pane):
    """Where a line has more links than room, the menu alone has what is needed least."""
    facts = MailFacts(1, Ref("contact", 1), 4, stranger="ana@home.example", whose="Ana-Maria")
    line = Line(1, pane.view.lines.lines[0].at, "email_received", "messages", "E-mail received",
                caused=True, letter=True, mail=facts, outbox=1)  # fmt: skip
    pane.view.lines.show([line])
    index = pane.view.lines.index(0)
    rects = pane.view.painter.link_rects(pane.view.visualRect(index), index)
    assert list(rects) == ["open", "reply", "known"]
    assert min(rect.left() for rect in rects.values()) > 50
    assert "Why?" in [action.text() for action in pane.view.menu_of(line).actions()]


def test_why_leads_to_the_run_that_did_it(qtbot, pane, world, ana, desk, started):
    """A line that a workflow caused names it, and its link says why and opens the run there."""
    told, gone = [], []
    desk.notices.posted.connect(lambda notice: told.append(notice.text))
    desk.wanted.connect(lambda page, what: gone.append((page, what)))
    qtbot.waitUntil(lambda: pane.view.lines.lines[0].by == "Workflow ‘Welcome’")
    link(pane.view, 0, "why")
    qtbot.waitUntil(lambda: bool(gone))
    assert told[0].startswith("The workflow ‘Welcome’ did this.")
    assert gone == [("runs", ("run", started, 1))]


def test_the_runs_page_opens_one_run_at_a_visit(qtbot, world, desk, started):
    """What a timeline leads to: the run is chosen, and the visit in question is marked."""
    page = RunsPage(desk)
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    page.open("run", started, 1)
    qtbot.waitUntil(lambda: bool(page.detail.lines) and page.detail.lines[0].hasFocus())
    assert page.table.current().id == started


def test_what_nobody_sees_is_read_when_it_is_seen_again(qtbot, pane, world, ana):
    """A hidden timeline rests while much happens, and has caught up once it is shown."""
    pane.hide()
    world.do(notes.add, ana, "Likes mornings")
    qtbot.waitUntil(lambda: pane.feed._missed)
    assert len(bodies(pane)) == 1
    pane.show()
    qtbot.waitUntil(lambda: bodies(pane)[0] == "Likes mornings")
