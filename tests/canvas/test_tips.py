"""The tip says all of what a card may show in part."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QToolTip

from rally_desktop.canvas.overlay import Overlay
from rally_desktop.canvas.tips import AFTER, AFTER_FAR
from rally_desktop.model.graph import Step
from tests.canvas.flows import graph


def test_a_tip_says_title_problem_and_counts(bench):
    """The whole title, what is wrong and how many came stand in the tip of a card."""
    made = bench()
    made.faces.problems["y"] = "Choose a template."
    made.editor.refresh()
    made.view.flow.set_overlay(Overlay(tips={"y": "94 entered"}))
    made.hover("y")
    assert made.hands.tip.text == "<qt>Mail<br>Choose a template.<br>94 entered</qt>"


def test_a_tip_comes_after_half_a_second(bench):
    """Only who stands still is told; leaving the card takes the tip away."""
    made = bench()
    made.hover("y")
    assert made.hands.tip.soon.interval() == AFTER
    made.hands.tip.soon.timeout.emit()
    assert QToolTip.text() == made.hands.tip.text
    made.hands.hover(None)
    assert made.hands.tip.text == ""


def test_from_afar_the_title_comes_sooner(bench):
    """Where no title can be read on the sheet the tip says it, and hardly makes one wait."""
    made = bench()
    made.view.go_to(0.3, QPointF(0, 300), glide=False)
    made.hover("y")
    assert made.hands.tip.soon.interval() == AFTER_FAR
    assert made.hands.tip.text == "<qt>Mail</qt>"


def titled(title):
    """A workflow of one step with that title."""
    return graph(Step("a", "mail", title=title))


def test_markup_in_a_title_is_shown_as_it_is(bench):
    """A title with tags in it is text in the tip, not markup."""
    made = bench(titled("<b>Bold & brave</b>"))
    made.hover("a")
    assert made.hands.tip.text == "<qt>&lt;b>Bold &amp; brave&lt;/b></qt>"


def test_a_very_long_title_makes_no_very_long_tip(bench):
    """Of a name of 2,000 characters the tip shows the beginning."""
    made = bench(titled("x" * 2_000))
    made.hover("a")
    assert len(made.hands.tip.text) < 700
