"""The line that says in which branches a step is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from rally_desktop.canvas.breadcrumbs import Breadcrumbs
from rally_desktop.canvas.plan import Spot
from tests.canvas.flows import SPLIT, graph, step

LEFT = Qt.MouseButton.LeftButton


def deep(count):
    """Branches within branches, each in the Else of the one before."""
    steps = [step(f"b{n}", "branch", else_=f"b{n + 1}") for n in range(count)]
    return graph(*steps, step(f"b{count}"))


@pytest.fixture
def above(bench):
    """Make a canvas with the line above it."""

    def make(graph=SPLIT, width=1000):
        made = bench(graph)
        window = QWidget()
        column = QVBoxLayout(window)
        made.crumbs = Breadcrumbs(made.editor)
        column.addWidget(made.crumbs)
        column.addWidget(made.view)
        window.resize(width, 700)
        made.show(window)
        return made

    return make


def choose(made, key):
    """Select a step, and wait for the line to follow."""
    made.editor.scene.select(Spot("step", key) if key else None)
    made.bot.waitUntil(lambda: not made.crumbs._soon.isActive())


def buttons(made):
    """The parts of the line as one sees them."""
    return [each for each in made.crumbs.findChildren(QToolButton) if each.isVisible()]


def test_a_step_in_a_branch_has_its_way_from_the_trigger(above):
    """Each branch on the way is named with the path taken there."""
    made = above()
    choose(made, "n")
    assert made.crumbs.texts() == ["Trigger", "Branch: Else", "Wait"]
    assert made.crumbs.isVisible()


def test_a_step_on_the_main_path_has_no_line(above):
    """Nor has one after the place where paths meet, nor nothing."""
    made = above()
    for key in ("n", "m"):
        choose(made, key)
    assert not made.crumbs.isVisible()
    choose(made, None)
    assert not made.crumbs.isVisible()


def test_a_part_leads_there(above):
    """A click on a branch selects it, and the sheet has the focus."""
    made = above()
    choose(made, "n")
    made.bot.mouseClick(buttons(made)[1], LEFT)
    assert made.selected == Spot("step", "if")
    choose(made, "n")
    made.bot.mouseClick(buttons(made)[0], LEFT)
    assert made.selected == Spot("trigger", "t1")


def test_the_sheet_stays_where_it_is_when_the_line_comes(above):
    """The card below the pointer does not move away from it."""
    made = above()
    choose(made, "m")
    before = made.view.viewport().mapToGlobal(made.at("y"))
    choose(made, "y")
    assert made.crumbs.isVisible()
    assert made.view.viewport().mapToGlobal(made.at("y")) == before


def test_a_long_way_keeps_its_ends_and_has_the_rest_in_a_menu(above):
    """Of many branches the innermost are shown; those between open from a button."""
    made = above(deep(9))
    choose(made, "b9")
    shown = [each.text() for each in buttons(made)]
    assert shown == ["Trigger", "…", *["Branch: Else"] * 3, "Mail"]
    more = buttons(made)[1]
    assert more.accessibleName() == "6 more branches between"
    more.menu().actions()[0].trigger()
    assert made.selected == Spot("step", "b0")


def test_in_a_narrow_window_words_are_shortened(above):
    """Everything stays in the window; the whole words are there for screen readers."""
    made = above(deep(4), width=420)
    choose(made, "b4")
    for each in buttons(made):
        right = each.mapTo(made.crumbs, QPoint(each.width(), 0)).x()
        assert right <= made.crumbs.width()
    assert buttons(made)[1].accessibleName() == "Branch: Else"
