"""Finding things in a workflow."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from rally_desktop.canvas.plan import Spot
from rally_desktop.canvas.search import Search
from rally_desktop.canvas.search_bar import SearchBar
from rally_desktop.model.graph import Frame, Note, Step
from tests.canvas.flows import CHAIN, SPLIT, random_graph

KEY, SHIFT = Qt.Key, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
TEXTS = {"Follow-up": "Dear Ana, the offer stands until Friday."}
TOLD = (
    SPLIT.with_step(Step("y", "mail", {"template": "Follow-up"}, {"next": "m"}))
    .with_step(Step("n", "wait", {"all": [{"field": "Lead source", "is": "Web"}]}, {"next": "m"}))
    .with_step(Step("m", "mail", {}, {"next": "z"}, title="Café visit"))
    .with_(notes=(Note("note1", "Ask the office"),))
)  # fmt: skip


@pytest.fixture
def searched(bench):
    """Make a canvas with a search above it."""

    def make(graph=TOLD):
        made = bench(graph)
        window = QWidget()
        column = QVBoxLayout(window)
        made.search = Search(made.editor, lambda values: TEXTS.get(values.get("template"), ""))
        made.bar = SearchBar(made.search, made.view, made.view.look)
        column.addWidget(made.bar)
        column.addWidget(made.view)
        window.resize(1000, 800)
        made.show(window)
        window.activateWindow()
        return made

    return make


def find(made, text):
    """Type into the line."""
    made.bar.open()
    made.bar.field.clear()
    made.bot.keyClicks(made.bar.field, text)
    return [spot.id for spot in made.search.found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cafe", []), ("CAFÉ", ["m"]), ("lead web", ["n"]), ("friday", ["y"]),
        ("office", ["note1"]), ("branch", ["if"]), ("created", ["t1"]),
    ],
)  # fmt: skip
def test_names_settings_templates_and_notes_are_searched(searched, text, found):
    """Every word must be there, in whatever case."""
    assert find(searched(), text) == found


def test_what_is_found_keeps_its_colour_and_the_rest_fades(searched):
    """Cards and connectors alike; when the line is closed everything is as before."""
    made = searched()
    find(made, "follow")
    faint = {card.spot.id for card in made.view.flow.stage.cards.values() if card.state.faint}
    assert faint == {"t1", "a", "if", "n", "m", "z"}
    assert made.view.flow.overlay.singles_out
    made.bot.keyClick(made.bar.field, KEY.Key_Escape)
    assert not made.view.flow.overlay.singles_out
    assert not made.bar.isVisible()


def test_enter_goes_from_match_to_match_and_says_which(searched):
    """F3 as well; with Shift back; after the last comes the first."""
    made = searched(CHAIN)
    assert find(made, "mail") == ["a", "c"]
    said = []
    for key, held in ((KEY.Key_Return, NONE), (KEY.Key_F3, NONE), (KEY.Key_F3, NONE),
                      (KEY.Key_Return, SHIFT)):  # fmt: skip
        made.bot.keyClick(made.bar.field, key, held)
        said.append((made.selected.id, made.bar.count.text()))
    assert said == [("a", "1 of 2"), ("c", "2 of 2"), ("a", "1 of 2"), ("c", "2 of 2")]


def test_esc_goes_back_to_where_one_was(searched):
    """However far the matches were."""
    made = searched(random_graph(300, 2))
    made.view.go_to(1.0, made.view.flow.sceneRect().center(), glide=False)
    before = made.view.heading()
    find(made, "end")
    made.bot.keyClick(made.bar.field, KEY.Key_Return)
    assert not made.view.heading().is_near(before)
    made.bot.keyClick(made.bar.field, KEY.Key_Escape)
    assert made.view.heading().is_near(before)


def test_what_is_added_while_searching_is_found_too(searched):
    """The count follows the workflow."""
    made = searched(CHAIN)
    find(made, "mail")
    made.draft.edit("Rename", made.graph.with_step(Step("b", "wait", {}, {"next": "c"}, "My mail")))
    assert made.bar.count.text() == "3 found"


def test_what_is_in_a_folded_group_is_found_and_unfolded(searched):
    """The group keeps its colour; Enter opens it and selects the step."""
    made = searched(CHAIN.with_(frames=(Frame("f1", "Greeting", ("b", "c")),)))
    made.editor.folding.toggle("f1")
    assert find(made, "wait") == ["b"]
    assert made.view.flow.found == {"b", "f1"}
    made.bot.keyClick(made.bar.field, KEY.Key_Return)
    assert made.selected == Spot("step", "b")
    assert not made.editor.folding.folded


def test_nothing_found_is_said(searched):
    """The buttons are off, and a press of Enter says that there is nothing."""
    made = searched(CHAIN)
    heard = []
    made.editor.said.connect(heard.append)
    find(made, "zebra")
    made.bot.keyClick(made.bar.field, KEY.Key_Return)
    assert made.bar.count.text() == "0 found"
    assert heard == ["Nothing has ‘zebra’."]
    assert not made.bar.buttons["find_next"].isEnabled()


def test_a_large_workflow_is_gathered_once(searched, monkeypatch):
    """Typing letter by letter reads no card a second time."""
    made = searched(random_graph(400, 2))
    find(made, "m")
    asked = []
    monkeypatch.setattr(made.search, "_told", lambda *each: asked.append(each) or "")
    made.bot.keyClicks(made.bar.field, "ail")
    assert made.search.found
    assert not asked


def test_matches_in_the_far_view_stand_out(searched):
    """From afar too, everything else is dimmed."""
    made = searched(random_graph(300, 2))
    made.view.go_to(0.2, made.view.flow.sceneRect().center(), glide=False)
    before = made.view.viewport().grab().toImage()
    find(made, "wait")
    assert made.view.viewport().grab().toImage() != before
    assert made.selected is None or isinstance(made.selected, Spot)
