"""The runs page: listed, narrowed, shown in full, up to date by itself."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from rally_desktop.engine import publishing
from rally_desktop.engine.heart import Heart
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.services import workflows
from rally_desktop.ui.pages.run_detail import VisitLine, seen
from rally_desktop.ui.pages.runs import RunsPage
from rally_desktop.ui.widgets.plain_label import PlainLabel

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
