"""Adding by typing: kinds, what was used last, and whole lines."""

from __future__ import annotations

from time import thread_time

import pytest
from PySide6.QtCore import Qt

from rally_desktop.canvas.typed import typed
from tests.canvas.flows import BRANCH, CHAIN, MAIL, OPEN, TASK, UNITS, PlainCatalogue

KINDS = PlainCatalogue().steps("contact")
LINE = "mail follow-up after 2 business days"
ENTER = Qt.Key.Key_Return


def steps(text):
    """What a line adds, in short: kind, title, settings; from its first reading."""
    row = next(iter(typed(KINDS, text)), None)
    return [(x.kind, x.title, *x.settings.values()) for x in row.chain.steps] if row else None


def rows(popup):
    """The words of each row that is shown."""
    shown = popup.list.rows
    return [shown.index(number).data() for number in range(shown.rowCount())]


@pytest.mark.parametrize(
    "text",
    [
        LINE, "mail follow-up in 2 business days", "+ mail follow-up after two business days",
        "after 2 business days mail follow-up", "MAIL  follow-up  2 business days",
        "wait 2 business days then mail follow-up", "letter follow-up after 2 business days",
    ],
)  # fmt: skip
def test_a_line_says_what_how_it_is_called_and_after_how_long(text):
    """However it is put, it adds a wait and then the step with its title."""
    assert steps(text) == [("wait", "", 2, "business days"), ("mail", "Follow-up")]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("mail 1 day", [("wait", "", 1, "days"), ("mail", "")]),
        ("mail after an hour", [("wait", "", 1, "hours"), ("mail", "")]),
        ("wait for a week", [("wait", "", 1, "weeks")]),
        ("task call Ana", [("task", "Call Ana")]),
        ("mail offer 2", [("mail", "Offer 2")]),
        ("task ring 3 people", [("task", "Ring 3 people")]),
        ("mail then task", [("mail", ""), ("task", "")]),
        ("mail A, then 2 days then task B", [
            ("mail", "A"), ("wait", "", 2, "days"), ("task", "B"),
        ]),
        ("end then mail", None), ("mail", None), ("", None), ("nothing of the kind", None),
        ("after 2 days", [("wait", "", 2, "days")]), ("then then", None),
        ("mail a friend after a week", [("wait", "", 1, "weeks"), ("mail", "A friend")]),
        ("mail answer in an hour", [("wait", "", 1, "hours"), ("mail", "Answer")]),
        ("letter letter", [("mail", "Letter")]), ("mail after 0 days", [
            ("mail", "After 0 days"),
        ]),
    ],
)  # fmt: skip
def test_the_grammar_is_fixed(text, meant):
    """What a line means can be told beforehand; what means no more than a kind adds no row."""
    assert steps(text) == meant


def test_a_unit_that_is_only_begun_has_a_row_for_each_it_can_become():
    """The rows complete what is typed."""
    titles = [row.title for row in typed(KINDS, "mail after 2 ")]
    assert titles == [f"Mail after 2 {unit}" for unit in UNITS]
    assert [row.title for row in typed(KINDS, "mail after 2 b")] == ["Mail after 2 business days"]


def test_a_line_is_shown_before_it_is_added_and_is_one_step_of_the_history(bench):
    """The list says what Enter will do; Enter adds both steps, undo takes both away."""
    made = bench(CHAIN)
    made.click(made.plus("a"))
    popup = made.editor.quick_add
    made.bot.keyClicks(popup.search, LINE)
    offer = popup.list.current()
    assert offer.title == "Mail ‘Follow-up’ after 2 business days"
    assert offer.help == "Adds 2 steps: Wait 2 business days, then Mail ‘Follow-up’"
    made.bot.keyClick(popup.search, ENTER)
    assert made.path() == ["a", "wait1", "mail1", "b", "c", "z"]
    assert made.graph.steps["wait1"].settings == {"amount": 2, "unit": "business days"}
    assert made.graph.steps["mail1"].title == "Follow-up"
    made.draft.undo()
    assert made.graph is CHAIN


def test_a_kind_of_that_name_comes_before_a_line_with_a_title(bench):
    """Whoever searches finds; a title is what is left where nothing is called that."""
    made = bench(CHAIN)
    made.click(made.plus("a"))
    popup = made.editor.quick_add
    made.bot.keyClicks(popup.search, "mail writes")
    assert rows(popup) == ["Mail", "Mail ‘Writes’"]


def test_a_line_that_ends_comes_only_where_nothing_follows(bench):
    """At an open end a line may end the path; in the middle there is no such row."""
    made = bench(OPEN)
    made.click(made.plus("a"))
    made.bot.keyClicks(made.editor.quick_add.search, "mail then end")
    assert made.editor.quick_add.list.current() is None
    made.editor.quick_add.hide()
    made.click(made.plus("if", "else"))
    made.bot.keyClicks(made.editor.quick_add.search, "mail then end")
    made.bot.keyClick(made.editor.quick_add.search, ENTER)
    key = made.graph.steps["if"].exits["else"]
    assert made.graph.steps[made.graph.steps[key].exits["next"]].kind == "end"


def test_what_was_used_last_comes_first(bench):
    """A heading of its own, the very last first; all kinds are still in their families."""
    made = bench(CHAIN)
    for kind in (TASK, MAIL):
        made.editor.quick_add.list.wanted.emit(kind)
    made.click(made.plus("a"))
    shown = rows(made.editor.quick_add)
    assert shown[:3] == ["Used last", "Mail", "Task"]
    assert shown.count("Mail") == 2
    assert made.editor.quick_add.list.current() == MAIL


def test_headings_name_the_families_and_a_line_shows_how_to_type(bench):
    """Without a word typed all kinds are there, and below them an example."""
    made = bench(CHAIN)
    made.click(made.plus("a"))
    popup = made.editor.quick_add
    assert {"Messages", "Decisions", "Flow"} <= set(rows(popup))
    assert "email follow-up after 2 business days" in popup.hint.text()
    made.bot.keyClicks(popup.search, "nothing of the kind")
    assert rows(popup) == []
    assert popup.hint.text().startswith("Nothing is called that.")


def test_the_search_has_the_focus_and_the_arrows_move_in_the_list(bench):
    """One can type at once; Down and Up choose, past headings."""
    made = bench(CHAIN)
    made.click(made.plus("a"))
    popup = made.editor.quick_add
    assert popup.search.hasFocus()
    first = popup.list.current()
    made.bot.keyClick(popup.search, Qt.Key.Key_Down)
    second = popup.list.current()
    made.bot.keyClick(popup.search, Qt.Key.Key_Up)
    assert first != second
    assert popup.list.current() == first


def test_hyphens_do_not_matter():
    """‘email’ finds what is called e-mail."""
    offer = KINDS[0].__class__("send", "Send e-mail", "mail", "talk", exits=("next",))
    assert typed([offer], "email hello")[0].chain.steps[0].title == "Hello"


def test_the_first_frame_is_there_at_once(bench):
    """Opening and painting takes far less than one notices, measured generously."""
    made = bench(CHAIN)
    popup = made.editor.quick_add
    made.editor.ask_what_to_add(made.plus("a"))
    popup.grab()
    popup.hide()
    began = thread_time()
    made.editor.ask_what_to_add(made.plus("a"))
    popup.grab()
    assert thread_time() - began < 1.0


def test_a_text_that_is_no_line_is_not_taken_for_one():
    """Whatever is pasted into the search, the popup stays quick."""
    assert typed(KINDS, "mail " + "a " * 20_000 + "!") == []
    assert steps("mail a\0b") == [("mail", "A\ufffdb")]


def test_a_branch_can_be_named_too():
    """What follows goes on at its first path."""
    row = typed([MAIL, BRANCH], "branch how far then mail")[0]
    assert row.chain.steps[0].exits == {"yes": "mail1"}


def test_a_double_click_on_the_ground_adds_a_step_there(bench):
    """What is chosen hangs loose where one clicked, by one undo step; Esc adds nothing."""
    made = bench(CHAIN)
    at = made.at("b", dx=260)
    port, left = made.view.viewport(), Qt.MouseButton.LeftButton
    made.bot.mouseDClick(port, left, pos=at)
    made.bot.keyClick(made.editor.quick_add.search, Qt.Key.Key_Escape)
    assert made.graph is CHAIN
    made.bot.mouseDClick(port, left, pos=at)
    made.bot.keyClicks(made.editor.quick_add.search, "mail")
    made.bot.keyClick(made.editor.quick_add.search, ENTER)
    box = made.view.flow.plan.boxes[made.selected]
    there = made.view.mapToScene(at)
    assert abs(box.x + box.width / 2 - there.x()) <= 1
    assert abs(box.y + box.height / 2 - there.y()) <= 1
    made.draft.undo()
    assert made.graph is CHAIN


def test_a_double_click_on_the_ground_of_a_locked_workflow_asks_nothing(bench):
    """Nothing can be added there."""
    made = bench(CHAIN)
    made.draft.lock("It is looked at only.")
    made.bot.mouseDClick(made.view.viewport(), Qt.MouseButton.LeftButton, pos=made.at("b", dx=260))
    assert not made.editor.quick_add.isVisible()
