"""The deals board, worked by mouse and keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
from shiboken6 import delete

from rally_desktop.services import deals, pipelines, records
from rally_desktop.ui.pages.deals import DealsPage
from rally_desktop.ui.widgets.board_stage import MIME

pytestmark = pytest.mark.slow

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def chairs(world):
    """A deal in the first stage."""
    ana = world.contact("Ana", last_name="Silva")
    return world.do(deals.create, {"name": "Chairs", "amount": 1200, "contact_id": ana.id})


@pytest.fixture
def page(desk, qtbot, chairs):
    """The page with its board."""
    shown = DealsPage(desk)
    shown.resize(1400, 800)
    shown.show()
    shown.shown()
    shown.activateWindow()
    qtbot.waitUntil(lambda: bool(shown.board.stages) and _names(shown.board.stages[0]) != [])
    yield shown
    delete(shown)


def _names(stage):
    return [card.name for card in stage.list.cards.cards]


def _drop(stage, data):
    mime = QMimeData()
    mime.setData(MIME, data)
    event = QDropEvent(
        QPointF(20, 20), Qt.DropAction.MoveAction, mime, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    stage.list.dropEvent(event)


def test_the_stages_stand_side_by_side(page, world):
    """Every stage of the pipeline, with its count and its sum."""
    known = [one.name for one in world.ask(deals.stages)]
    assert [stage.name.whole() for stage in page.board.stages] == known
    first = page.board.stages[0]
    assert (first.number.text(), first.sum.text().split(" ·")[0]) == ("1", "1,200")


def test_dropping_a_deal_on_a_stage_moves_it(page, qtbot, world, chairs):
    """The deal is in the other stage, in the data and on the screen, and Undo brings it back."""
    told = []
    page.desk.notices.posted.connect(told.append)
    second = page.board.stages[1]
    _drop(second, str(chairs.id).encode())
    qtbot.waitUntil(lambda: _names(second) == ["Chairs"] and bool(told))
    assert world.record(chairs)["stage"] == second.stage
    told[-1].action[1]()
    qtbot.waitUntil(lambda: _names(page.board.stages[0]) == ["Chairs"])
    assert _names(second) == []


@pytest.mark.parametrize("data", [b"", b"x", b"999", b"9" * 40, b"-1", "²".encode()])
def test_what_is_no_deal_is_not_dropped(page, data, world, chairs):
    """Rubbish from elsewhere moves nothing and breaks nothing."""
    _drop(page.board.stages[1], data)
    QApplication.processEvents()
    assert world.record(chairs)["stage"] == page.board.stages[0].stage


def test_a_deal_is_moved_by_keys(page, qtbot, world, chairs):
    """Ctrl and the arrow take it to the next stage; it stays chosen there."""
    page.board.focus_first()
    qtbot.keyClick(page.board.stages[0].list, Qt.Key.Key_Right, CONTROL)
    qtbot.waitUntil(lambda: _names(page.board.stages[1]) == ["Chairs"])
    assert world.record(chairs)["stage"] == page.board.stages[1].stage


def test_choosing_a_card_shows_the_deal_beside_it(page, qtbot):
    """A click shows its fields and its timeline."""
    stage = page.board.stages[0].list
    middle = stage.visualRect(stage.cards.index(0)).center()
    qtbot.mouseClick(stage.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    qtbot.waitUntil(lambda: page.card.name.whole() == "Chairs")


def test_the_board_follows_what_others_do(page, qtbot, world):
    """A deal that somebody adds appears by itself."""
    world.do(deals.create, {"name": "Lamps"})
    qtbot.waitUntil(lambda: "Lamps" in _names(page.board.stages[0]))


def test_the_board_and_the_list_are_two_views_of_the_same(page, qtbot):
    """The choice is kept for the next time."""
    page.views.buttons["List"].click()
    qtbot.waitUntil(page.grid.isVisible)
    assert page.desk.preferences.get("deals.view") == "List"


def test_the_filter_holds_for_the_board(page, qtbot):
    """Typing in the search box leaves only what matches."""
    qtbot.keyClicks(page.bar.search, "zzz")
    qtbot.waitUntil(lambda: _names(page.board.stages[0]) == [])


def test_a_stage_wears_its_colour(world, page, qtbot):
    """As soon as it is chosen in the settings, wherever that is."""
    (pipeline,) = world.ask(pipelines.listed)
    first = world.ask(pipelines.steps, pipeline.id)[0]
    world.do(pipelines.set_stage, first.id, {"colour": "talk"})
    qtbot.waitUntil(lambda: page.board.stages[0].stripe.isVisible())
    assert page.board.stages[0].stripe.family == "talk"
    assert not page.board.stages[1].stripe.isVisible()


def test_an_empty_board_says_what_to_do_first(page, chairs, world, qtbot):
    """The stages stay in view; with a filter it offers to clear that."""
    world.do(records.delete, chairs)
    qtbot.waitUntil(page.board.empty.isVisible)
    assert page.board.empty.button.text() == "New deal"
    assert page.board.stages[0].isVisible()
    page.bar.type("nothing of the kind")
    qtbot.waitUntil(lambda: page.board.empty.button.text() == "Show everything")
    qtbot.mouseClick(page.board.empty.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.board.empty.button.text() == "New deal")
