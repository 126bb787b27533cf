"""The runs page: listed, narrowed, shown in full, up to date by itself."""

from __future__ import annotations

import contextlib

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QMessageBox
from pytestqt.exceptions import TimeoutError

from rally_desktop.engine import publishing
from rally_desktop.engine.heart import Heart
from rally_desktop.model.graph import Graph, Rules, Step, Trigger
from rally_desktop.services import contacts, workflows
from rally_desktop.ui.pages.run_detail import VisitLine, seen
from rally_desktop.ui.pages.runs import RunsPage
from rally_desktop.ui.widgets.plain_label import PlainLabel

pytestmark = pytest.mark.slow

CUSTOMER = {"field": "lifecycle_stage", "op": "is", "value": "Customer"}
SORTED = Graph(
    name="Sort newcomers",
    triggers=(Trigger("t1", "record_created"),),
    start="b",
    steps={
        "b": Step(
            "b",
            "branch",
            {"paths": [{"name": "Customers", "exit": "c", "filter": CUSTOMER}]},
            {"c": "t", "else": "w"},
        ),
        "t": Step("t", "add_tag", {"tag": "Warm"}),
        "w": Step("w", "wait", {"amount": 2, "unit": "days"}, title="Let it rest"),
    },
)


@pytest.fixture
def heart(store, world):
    """A published workflow, and an engine that beats by hand."""
    world.do(publishing.publish, world.do(workflows.create, SORTED))
    return Heart(store)


@pytest.fixture
def page(qtbot, desk, heart, world):
    """The page with two runs: Ana went through, Ben waits."""
    world.contact("Ana", lifecycle_stage="Customer")
    world.contact("Ben", lifecycle_stage="Lead")
    heart.tick()
    made = RunsPage(desk)
    qtbot.addWidget(made)
    made.resize(1100, 600)
    with qtbot.waitExposed(made):
        made.show()
    made.shown()
    qtbot.waitUntil(lambda: len(made.table.rows()) == 2)
    return made


def names(page):
    """Return the names in the list."""
    return [row.record for row in page.table.rows()]


def told(page):
    """Return all that the pane says."""
    return " ".join(label.text() for label in page.detail.findChildren(PlainLabel))


def choose(page, name):
    """Choose a run by its record's name."""
    page.table.choose(lambda row: row.record == name)


def test_without_runs_the_page_says_how_one_begins(qtbot, desk):
    """An office without runs shows a sentence, not an empty table."""
    page = RunsPage(desk)
    qtbot.addWidget(page)
    page.show()
    page.shown()
    qtbot.waitUntil(lambda: page.empty.heading.text() == "No runs yet")


def test_a_run_shows_its_visits_with_what_was_seen(qtbot, page):
    """The pane tells the way of a run: the branch, the value it looked at, what came of it."""
    choose(page, "Ana")
    qtbot.waitUntil(lambda: "Took ‘Customers’." in told(page))
    assert len(page.detail.findChildren(VisitLine)) == 2
    assert "✓ Lifecycle stage is ‘Customer’ — it was Customer" in told(page)
    assert "Added the tag “Warm”." in told(page)


def test_a_run_that_waits_says_where_and_until_when(qtbot, page):
    """Ben's run stands at the step by its own title, with the moment it goes on."""
    choose(page, "Ben")
    qtbot.waitUntil(lambda: "Let it rest" in told(page))
    assert "Until Thursday, 4 June 2026" in told(page)


def test_the_list_is_narrowed_by_state_and_name(qtbot, page):
    """The box of states and the search leave what matches; one click shows all again."""
    page.states.setCurrentText("Done")
    qtbot.waitUntil(lambda: names(page) == ["Ana"])
    page.states.setCurrentIndex(0)
    QTest.keyClicks(page.search, "ben")
    qtbot.waitUntil(lambda: names(page) == ["Ben"])
    QTest.keyClicks(page.search, "xyz")
    qtbot.waitUntil(lambda: page.empty.isVisible())
    page.empty.pressed.emit()
    qtbot.waitUntil(lambda: len(names(page)) == 2)


def test_the_list_is_narrowed_to_one_workflow(qtbot, page, world):
    """Another page can ask for the runs of a workflow that has none."""
    other = world.do(workflows.create, SORTED.with_(name="Other"))
    page.open(other)
    qtbot.waitUntil(lambda: page.empty.isVisible())
    assert page.of_workflow.currentText() == "Other"


def test_the_page_keeps_up_with_the_engine(qtbot, page, clock, heart):
    """When the wait is over the chosen run moves on in list and pane, without a click."""
    choose(page, "Ben")
    qtbot.waitUntil(lambda: "Let it rest" in told(page))
    clock.advance(days=3)
    heart.tick()
    qtbot.waitUntil(lambda: {row.state for row in page.table.rows()} == {"done"})
    qtbot.waitUntil(lambda: "Ended" in told(page))
    assert page.table.current().record == "Ben"


def test_sorting_keeps_the_chosen_run(qtbot, page):
    """The run that was chosen stays so when the list is put in another order."""
    choose(page, "Ben")
    page.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert names(page) == ["Ana", "Ben"]
    assert page.table.current().record == "Ben"


def test_a_name_is_shown_as_it_is(qtbot, page, world, heart):
    """A contact whose name is markup appears letter by letter."""
    world.contact("<b>Bold</b><img src=x>")
    heart.tick()
    qtbot.waitUntil(lambda: len(page.table.rows()) == 3)
    choose(page, "<b>Bold</b><img src=x>")
    qtbot.waitUntil(lambda: "<b>Bold</b>" in told(page))


def test_plain_values_are_said_in_words():
    """What an action kept is told line by line, in words; tracebacks stay out of sight."""
    kept = {"subject": "Hello", "opened": None, "traceback": "…", "ok": True}
    assert list(seen(kept)) == ["Subject: Hello", "Opened: empty", "Ok: yes"]


# -- taking runs in hand -------------------------------------------------------------------


@pytest.fixture
def crowd(qtbot, page, world, heart):
    """The page with three runs that wait, beside Ana's, which is done."""
    for name in ("Carla", "Dev"):
        world.contact(name, lifecycle_stage="Lead")
    heart.tick()
    qtbot.waitUntil(lambda: len(page.table.rows()) == 4)
    return page


def click(page, name, modifier=Qt.KeyboardModifier.NoModifier):
    """Click a run's line with the mouse."""
    number = names(page).index(name)
    rect = page.table.visualRect(page.table.model().index(number, 0))
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, modifier, rect.center())


def offered(page):
    """Return the words on the buttons that are there."""
    return [each.text().strip() for each in page.hand.buttons.values() if each.isVisible()]


def press(page, key):
    """Click one of the buttons."""
    QTest.mouseClick(page.hand.buttons[key], Qt.MouseButton.LeftButton)


def opened(qtbot, hand):
    """Open the menu with the mouse, anew where another window that closes took it along."""
    for _ in range(30):
        QTest.mouseClick(hand.more, Qt.MouseButton.LeftButton)
        with contextlib.suppress(TimeoutError):
            qtbot.waitUntil(lambda: bool(hand.findChildren(QMenu)), timeout=1_000)
            break
    return hand.findChildren(QMenu)


def answer_box(qtbot, page, words):
    """Press a button of the question that is asked, and return what it said."""
    qtbot.waitUntil(lambda: bool(page.findChildren(QMessageBox)))
    box = page.findChildren(QMessageBox)[-1]
    said = f"{box.text()} {box.informativeText()}"
    next(each for each in box.buttons() if each.text().replace("&", "") == words).click()
    return said


def test_only_what_can_be_done_is_offered(qtbot, crowd):
    """A run that is done offers nothing; one that waits may be skipped, paused and stopped."""
    click(crowd, "Ana")
    assert (offered(crowd), crowd.hand.words.text()) == ([], "1 selected")
    click(crowd, "Ben")
    assert offered(crowd) == ["Skip step", "Pause", "Stop"]
    click(crowd, "Ana", Qt.KeyboardModifier.ControlModifier)
    assert offered(crowd) == ["Skip step 1", "Pause 1", "Stop 1"]
    assert crowd.hand.words.text() == "2 selected"


def test_several_runs_are_paused_and_resumed(qtbot, crowd, desk):
    """Two clicks select, one pauses; the selection stays, and the next click resumes them."""
    told = []
    desk.notices.posted.connect(lambda notice: told.append(notice.text))
    click(crowd, "Ben")
    click(crowd, "Dev", Qt.KeyboardModifier.ControlModifier)
    press(crowd, "pause")
    qtbot.waitUntil(lambda: [row.state for row in crowd.table.selected()] == ["paused"] * 2)
    qtbot.waitUntil(lambda: told == ["2 runs paused."])
    qtbot.waitUntil(lambda: "Resume" in offered(crowd))
    assert "Rests until somebody resumes it" in told_by(qtbot, crowd)
    press(crowd, "resume")
    qtbot.waitUntil(lambda: [row.state for row in crowd.table.selected()] == ["active"] * 2)


def told_by(qtbot, page):
    """Return what the pane says, once it says that a run rests."""
    qtbot.waitUntil(lambda: "Rests" in told(page))
    return told(page)


def test_stopping_asks_first(qtbot, crowd, world):
    """The Delete key asks how sure one is; Cancel leaves the run, Stop ends it."""
    click(crowd, "Ben")
    QTest.keyClick(crowd.table, Qt.Key.Key_Delete)
    assert "Stop this run? They end where they stand" in answer_box(qtbot, crowd, "Cancel")
    qtbot.wait(50)
    assert world.run_states().count("stopped") == 0
    press(crowd, "stop")
    answer_box(qtbot, crowd, "Stop")
    qtbot.waitUntil(lambda: world.run_states().count("stopped") == 1)
    qtbot.waitUntil(lambda: "Somebody stopped it." in told(crowd))


def test_all_runs_are_selected_with_a_key(qtbot, crowd, world):
    """Ctrl+A and one button skip the step of everybody who waits; the one that is done stays."""
    click(crowd, "Ana")
    QTest.keyClick(crowd.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert "Skip step 3" in offered(crowd)
    press(crowd, "skip")
    qtbot.waitUntil(lambda: world.rows("select count(*) from visit where reason <> ''") == [(3,)])


def test_all_that_match_can_be_meant(qtbot, crowd, world):
    """Where more runs match than are shown, one click means them all."""
    crowd._limit = 3
    crowd.refresh()
    qtbot.waitUntil(lambda: len(crowd.table.rows()) == 3)
    crowd.table.selectAll()
    assert crowd.hand.all_button.text() == "Select all 4"
    QTest.mouseClick(crowd.hand.all_button, Qt.MouseButton.LeftButton)
    assert crowd.hand.words.text() == "4 selected"
    press(crowd, "pause")
    qtbot.waitUntil(lambda: world.run_states().count("paused") == 3)


def test_the_menu_offers_the_same(qtbot, crowd, world):
    """A pause for a day, from the menu, ends a day later."""
    click(crowd, "Ben")
    menu = crowd.hand.menu()
    assert [each.text() for each in menu.actions()] == [
        "Skip step",
        "Pause",
        "Stop",
        "",
        "Show on the canvas",
        "Open its workflow",
    ]
    lengths = menu.actions()[1].menu().actions()
    next(each for each in lengths if each.text() == "For a day").trigger()
    qtbot.waitUntil(lambda: world.run_states().count("paused") == 1)
    assert world.rows("select count(*) from run where resume_at is not null") == [(1,)]


def test_a_run_is_sent_to_another_step(qtbot, page, world):
    """The menu names the steps of its version; the run stands before the chosen one at once."""
    click(page, "Ben")
    assert "Pause" in offered(page)
    menus = {each.title(): each for each in opened(qtbot, page.hand)}
    titles = [each.text() for each in menus["Send to a step"].actions()]
    assert titles == ["Branch", "Add tag", "Let it rest"]

    menus["Send to a step"].actions()[1].trigger()
    wanted = [("t",)]
    qtbot.waitUntil(lambda: world.rows("select step from run where state = 'active'") == wanted)


def test_what_has_no_room_is_in_the_menu(qtbot, crowd, world):
    """With many things to do three stand beside «Stop»; the rest is one click away."""
    world.publish(Step("tag", "add_tag", {"tag": "Seen"}), settings=Rules(review=True))
    world.contact("Eva", lifecycle_stage="Lead")
    world.heart.tick()
    qtbot.waitUntil(lambda: len(crowd.table.rows()) == 6)
    crowd.table.selectAll()
    assert offered(crowd) == ["Approve 1", "Reject 1", "Skip step 4", "Stop 5"]
    menu = opened(qtbot, crowd.hand)[0]
    assert "Pause" in [each.text() for each in menu.actions()]
    menu.close()


def test_reviews_are_decided_on_the_page(qtbot, desk, world):
    """Runs in review are approved or rejected, one or many."""
    steps = Step("tag", "add_tag", {"tag": "Seen"})
    world.publish(steps, settings=Rules(review=True))
    world.contact("Ana")
    world.contact("Ben")
    world.heart.tick()
    page = RunsPage(desk)
    qtbot.addWidget(page)
    page.resize(1100, 600)
    page.show()
    page.shown()
    qtbot.waitUntil(lambda: len(page.table.rows()) == 2)
    click(page, "Ana")
    assert offered(page) == ["Approve", "Reject", "Stop"]
    press(page, "approve")
    qtbot.waitUntil(lambda: sorted(world.run_states()) == ["active", "in_review"])
    click(page, "Ben")
    press(page, "reject")
    assert "Reject this run?" in answer_box(qtbot, page, "Reject")
    qtbot.waitUntil(lambda: "rejected" in world.run_states())
    qtbot.waitUntil(lambda: "Rejected" in told(page))


def test_what_failed_is_tried_again(qtbot, desk, world):
    """A run that needs attention says why, and offers to be tried again."""
    world.publish(Step("tell", "notify", {"text": "Hi", "user": ""}))
    ana = world.contact("Ana")
    world.heart.tick()
    page = RunsPage(desk)
    qtbot.addWidget(page)
    page.show()
    page.shown()
    qtbot.waitUntil(lambda: len(page.table.rows()) == 1)
    assert offered(page) == ["Retry", "Skip step", "Stop"]
    world.do(contacts.update, ana, {"owner_id": world.user("Maria")})
    press(page, "retry")
    qtbot.waitUntil(lambda: world.run_states() == ["active"])
    world.heart.tick()
    qtbot.waitUntil(lambda: [row.state for row in page.table.rows()] == ["done"])


def test_a_run_is_shown_on_the_canvas(crowd, desk):
    """The link in a run's history leads to its workflow with the way of that run."""
    went = []
    desk.wanted.connect(lambda *what: went.append(what))
    row = crowd.table.current()
    crowd.detail.pictured.emit(row.workflow_id, row.id)
    assert went == [("workflows", (row.workflow_id, "run", row.id))]
