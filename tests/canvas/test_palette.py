"""Bringing kinds from the palette; choosing them in the quick add."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from rally_desktop.canvas.minimap import MiniMap
from rally_desktop.canvas.offers import OFFER, found
from rally_desktop.canvas.palette import Palette
from rally_desktop.canvas.plan import Spot
from rally_desktop.canvas.zoom_bar import ZoomBar
from tests.canvas.flows import CHAIN, END, MAIL, RECIPE, TASK, PlainCatalogue

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def desk(bench, qtbot):
    """A palette beside the sheet, in one window."""

    def make(graph=CHAIN):
        made = bench(graph)
        window = QWidget()
        row = QHBoxLayout(window)
        made.palette = Palette(made.view)
        kinds = PlainCatalogue()
        made.palette.show_offers(kinds.steps("contact"), kinds.recipes("contact"))
        row.addWidget(made.palette)
        row.addWidget(made.view, 1)
        window.resize(1200, 900)
        made.show(window)
        return made

    return make


def row_of(bench, offer):
    """The middle of a kind's row in the palette."""
    rows = bench.palette.list.rows
    index = next(i for n in range(rows.rowCount()) if (i := rows.index(n)).data(OFFER) == offer)
    return bench.palette.list.visualRect(index).center()


def bring(bench, offer, to, let_go=True):
    """Press on a kind, move over the sheet, let go."""
    port = bench.palette.list.viewport()
    start = row_of(bench, offer)
    end = port.mapFromGlobal(bench.view.viewport().mapToGlobal(to))
    bench.bot.mousePress(port, LEFT, pos=start)
    bench.bot.mouseMove(port, start + QPoint(10, 0))
    bench.bot.mouseMove(port, (start + end) / 2)
    bench.bot.mouseMove(port, end)
    if let_go:
        bench.bot.mouseRelease(port, LEFT, pos=end)


def test_a_kind_dragged_onto_a_connector_is_added_there(desk):
    """Dropped on the connector between two steps, it stands between them."""
    made = desk()
    bring(made, TASK, made.at(made.plus("a")))
    assert made.path() == ["a", "task1", "b", "c", "z"]
    assert made.selected == Spot("step", "task1")


def test_the_nearest_connector_within_24_pixels_opens(desk):
    """Near a connector a place opens; farther away none does."""
    made = desk()
    bring(made, TASK, made.at(made.plus("a"), 22, 0), let_go=False)
    assert made.view.flow.preview.slot == made.plus("a")
    port = made.palette.list.viewport()
    away = port.mapFromGlobal(made.view.viewport().mapToGlobal(made.at(made.plus("a"), 80, 0)))
    made.bot.mouseMove(port, away)
    assert made.view.flow.preview.slot is None
    made.bot.keyClick(made.palette.list, Qt.Key.Key_Escape)
    made.bot.mouseRelease(port, LEFT, pos=away)
    assert made.graph is CHAIN


def test_a_kind_dropped_on_the_ground_hangs_loose_there(desk):
    """A ghost shows where it will land; a connector can be led to it afterwards."""
    made = desk()
    bring(made, TASK, QPoint(80, 300), let_go=False)
    assert made.view.flow.afloat._items
    made.bot.mouseRelease(
        made.palette.list.viewport(), LEFT,
        pos=made.palette.list.viewport().mapFromGlobal(
            made.view.viewport().mapToGlobal(QPoint(80, 300))
        ),
    )  # fmt: skip
    assert list(made.graph.layout) == ["task1"]
    assert made.selected == Spot("step", "task1")
    assert made.view.flow.afloat._items == []


def test_a_kind_dropped_on_an_end_goes_before_it(desk):
    """Nothing can follow an End, so what is dropped on it comes above."""
    made = desk()
    bring(made, TASK, made.at("z"))
    assert made.path() == ["a", "b", "c", "task1", "z"]


def test_bringing_a_kind_in_scrolls_nothing_before_it_was_well_inside(desk):
    """The border next to the palette is crossed without the sheet running away."""
    made = desk()
    bring(made, TASK, QPoint(6, 300), let_go=False)
    assert not made.view._edge._clock.isActive()
    port = made.palette.list.viewport()
    for x in (300, 10):
        to = port.mapFromGlobal(made.view.viewport().mapToGlobal(QPoint(x, 300)))
        made.bot.mouseMove(port, to)
    assert made.view._edge._clock.isActive()
    made.bot.keyClick(made.palette.list, Qt.Key.Key_Escape)
    made.bot.mouseRelease(port, LEFT)


def test_escape_calls_it_off(desk):
    """Esc while dragging from the palette changes nothing."""
    made = desk()
    bring(made, TASK, made.at(made.plus("a")), let_go=False)
    made.bot.keyClick(made.palette.list, Qt.Key.Key_Escape)
    made.bot.mouseRelease(made.palette.list.viewport(), LEFT)
    assert made.graph is CHAIN
    assert made.view.flow.preview.slot is None


def test_an_end_finds_no_place_in_the_middle(desk):
    """Dragged over a connector that leads on, an End opens no place."""
    made = desk()
    bring(made, END, made.at(made.plus("a")))
    assert made.graph is CHAIN


def test_enter_in_the_palette_asks_for_the_chosen_kind(desk, qtbot):
    """The palette works by keyboard: search, Enter."""
    made = desk()
    wanted = []
    made.palette.wanted.connect(wanted.append)
    qtbot.keyClicks(made.palette.search, "letter")
    qtbot.keyClick(made.palette.search, Qt.Key.Key_Return)
    assert wanted == [MAIL]


def test_search_finds_by_name_first_then_by_other_words():
    """The name counts before synonyms and help."""
    offers = PlainCatalogue().steps("contact")
    assert found(offers, "mai")[0] == MAIL
    assert found(offers, "writes contact") == [MAIL]
    assert found(offers, "nothing like it") == []


def test_a_recipe_dragged_onto_a_connector_is_put_in_whole(desk):
    """All its steps come between the two, as one step of the undo history."""
    made = desk()
    made.palette.tabs.setCurrentIndex(1)
    bring(made, RECIPE, made.at(made.plus("a")))
    assert made.path() == ["a", "r1", "r2", "b", "c", "z"]
    assert made.selected == Spot("step", "r1")
    assert made.draft.stack.undoText() == "Add Remind"
    made.draft.undo()
    assert made.graph is CHAIN


def test_each_step_of_a_recipe_shows_where_it_will_stand(desk):
    """While it is dragged over a connector, places open for all its steps."""
    made = desk()
    made.palette.tabs.setCurrentIndex(1)
    bring(made, RECIPE, made.at(made.plus("a")), let_go=False)
    shown = made.view.flow.stage.plan.boxes
    assert {Spot("step", "r1"), Spot("step", "r2")} <= shown.keys()
    made.bot.keyClick(made.palette.list, Qt.Key.Key_Escape)
    made.bot.mouseRelease(made.palette.list.viewport(), LEFT)
    assert made.graph is CHAIN


def test_a_recipe_can_be_put_in_twice(desk):
    """The second time its steps get ids of their own."""
    made = desk()
    made.palette.tabs.setCurrentIndex(1)
    for _ in range(2):
        bring(made, RECIPE, made.at(made.plus("a")))
    assert made.path() == ["a", "wait1", "mail1", "r1", "r2", "b", "c", "z"]


def test_steps_and_recipes_have_a_tab_each(desk, qtbot):
    """The search belongs to the tab in front; without recipes there are no tabs."""
    made = desk()
    assert made.palette.tabs.isVisible()
    made.palette.tabs.setCurrentIndex(1)
    assert made.palette.search.placeholderText() == "Search recipes"
    qtbot.keyClicks(made.palette.search, "writes")
    assert made.palette.list.current() == RECIPE
    made.palette.show_offers(PlainCatalogue().steps("deal"))
    assert not made.palette.tabs.isVisible()
    assert made.palette.tabs.currentIndex() == 0


def test_a_click_on_the_map_looks_there(bench, qtbot):
    """The minimap's frame follows the camera, and a click moves the camera."""
    made = bench(CHAIN, size=(500, 300))
    made.view.go_to(1.0, made.view.flow.sceneRect().topLeft(), glide=False)
    small = MiniMap(made.view)
    qtbot.addWidget(small)
    small.show()
    before = small.frame().center()
    qtbot.mouseClick(small, LEFT, pos=QPoint(92, 100))
    assert small.frame().center().y() > before.y()
    small.grab()


def test_the_zoom_bar_says_the_zoom_and_changes_it(bench, qtbot):
    """Its middle shows the zoom; its buttons step it and fit all."""
    made = bench()
    bar = ZoomBar(made.view, made.hands)
    qtbot.addWidget(bar)
    bar.show()
    made.view.zoom_to(0.8)
    assert bar.buttons["zoom_100"].text() == "80 %"
    qtbot.mouseClick(bar.buttons["zoom_in"], LEFT)
    assert made.view.zoom == pytest.approx(0.9)
    qtbot.mouseClick(bar.buttons["zoom_100"], LEFT)
    assert made.view.zoom == 1.0
