"""A sequence as a list: what is one, what is none, and each change of the list."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rally_desktop.engine import sequence_days, sequence_plan
from rally_desktop.engine.recipes.outreach import Outreach
from rally_desktop.engine.sequence_plan import Line, read
from rally_desktop.model.graph import Graph, Hours, Rules, Step
from rally_desktop.services.calendar import Calendar

OUTREACH = Outreach.graph()
MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)


def line_of(graph: Graph) -> Line:
    """The list that a graph is."""
    line = read(graph)
    assert isinstance(line, Line), line
    return line


def kinds(graph: Graph) -> list[str]:
    """The kinds of all steps, waits too, in the order in which one comes to them."""
    return [graph.steps[key].kind for key in graph.reachable(graph.start)]


def test_steps_are_rows_and_waits_belong_to_the_step_after_them():
    """Two letters and a call are three rows, each with its wait, and the End after them."""
    line = line_of(OUTREACH)
    assert [(row.key, row.waits) for row in line.rows] == [
        ("first", ()), ("call", ("pause",)), ("last", ("rest",)),
    ]  # fmt: skip
    assert line.tail == ("end",)


def test_a_branch_and_a_loose_step_are_no_list_and_say_so():
    """What only the canvas can show is told by the name of the step."""
    forked = OUTREACH.with_step(
        Step("call", "call_step", {"task": "Call"}, {"next": "rest", "timed_out": "end"})
    )
    assert read(forked) == "It branches at ‘Call step’."
    loose = OUTREACH.with_step(Step("x", "add_tag", {"tag": "x"}))
    assert read(loose) == "Nothing leads to ‘Add tag’."


def test_a_split_whose_paths_meet_is_one_row():
    """An A/B test stands in the list with its paths, and moves with them."""
    tried = OUTREACH.with_step(Step("first", "split", {}, {"a": "one", "b": "two"}))
    tried = tried.with_step(Step("one", "send_email", {"template": "A"}, {"next": "pause"}))
    tried = tried.with_step(Step("two", "send_email", {"template": "B"}, {"next": "pause"}))
    line = line_of(tried)
    assert line.rows[0].paths == (("one",), ("two",))
    made = sequence_plan.moved(tried, line, 0, 2)
    assert [row.key for row in line_of(made).rows] == ["call", "last", "first"]
    assert made.steps["one"].exits == made.steps["two"].exits == {"next": "end"}


def test_moving_a_row_leaves_the_days_where_they_are():
    """The call changes places with the first letter; it is done at once, the letter later."""
    made = sequence_plan.moved(OUTREACH, line_of(OUTREACH), 1, 0)
    assert [(row.key, row.waits) for row in line_of(made).rows] == [
        ("call", ()), ("first", ("pause",)), ("last", ("rest",)),
    ]  # fmt: skip
    assert made.steps["call"].exits == {"next": "pause", "timed_out": "pause"}
    assert sequence_plan.moved(made, line_of(made), 0, 1) == OUTREACH


def test_a_removed_row_takes_its_wait_along():
    """Without the call the last letter comes three business days after the first."""
    made = sequence_plan.removed(OUTREACH, line_of(OUTREACH), [1])
    assert kinds(made) == ["send_email", "wait", "send_email", "end"]
    assert made.steps.keys() == {"first", "rest", "last", "end"}


def test_a_call_that_is_added_goes_on_also_when_it_is_not_made():
    """A list has one way on: whoever could not be called stays in the sequence."""
    call = Step("again", "call_step", {"task": "Call again"})
    made = sequence_plan.added(OUTREACH, line_of(OUTREACH), [call], 1)
    assert made.steps["first"].exits == {"next": "again"}
    assert made.steps["again"].exits == {"next": "pause", "timed_out": "pause"}
    assert line_of(made).place_of("again") == 1


@pytest.mark.parametrize("at", [0, 1])
def test_a_wait_is_put_in_changed_and_taken_out(at):
    """Each is the same list with other days, and taking it out is the list without it."""
    line, days = line_of(OUTREACH), Step("w", "wait", {"amount": 4, "unit": "days"})
    bare = sequence_plan.waiting(OUTREACH, line, at, None)
    made = sequence_plan.waiting(bare, line_of(bare), at, days)
    assert line_of(made).rows[at].waits == ("w",)
    longer = Step("w", "wait", {"amount": 9, "unit": "days"})
    made = sequence_plan.waiting(made, line_of(made), at, longer)
    assert made.steps["w"].settings["amount"] == 9
    assert sequence_plan.waiting(made, line_of(made), at, None) == bare


def test_days_are_counted_from_the_day_of_entering_by_the_office_calendar():
    """Who enters on a Monday is called on Thursday and written to the Tuesday after, or later."""
    dues = sequence_days.timetable(OUTREACH, line_of(OUTREACH), Calendar(), ZoneInfo("UTC"), MONDAY)
    assert [(due.day, due.later) for due in dues] == [
        (1, False), (4, False), (9, True), (9, True),
    ]  # fmt: skip


def test_messages_wait_for_the_hours_of_the_sequence():
    """Who enters on a Saturday is first written to when it opens on Monday, which is day 1."""
    graph = OUTREACH.with_(settings=Rules(hours=Hours(opens="10:00")))
    saturday, zone = datetime(2026, 6, 6, 20, tzinfo=UTC), ZoneInfo("UTC")
    begin = sequence_days.begins(graph, Calendar(), zone, saturday)
    assert begin == datetime(2026, 6, 8, 10, tzinfo=UTC)
    dues = sequence_days.timetable(graph, line_of(graph), Calendar(), zone, begin)
    assert (dues[0].day, dues[0].moment) == (1, begin)


@given(st.lists(st.tuples(st.sampled_from("ampr"), st.integers(0, 9), st.integers(0, 9))))
def test_whatever_is_done_to_a_list_it_stays_one(doings):
    """Its rows are those of a plain list to which the same is done."""
    graph, expected = OUTREACH, ["first", "call", "last"]
    for number, (what, one, other) in enumerate(doings):
        line, many = line_of(graph), len(expected)
        if what == "a":
            step = Step(f"x{number}", "call_step" if one % 2 else "add_tag", {})
            graph = sequence_plan.added(graph, line, [step], one % (many + 1))
            expected.insert(one % (many + 1), step.id)
        elif what == "m" and many:
            graph = sequence_plan.moved(graph, line, one % many, other % many)
            expected.insert(other % many, expected.pop(one % many))
        elif what == "p" and many:
            wait = Step(f"w{number}", "wait", {"amount": 2}) if other else None
            graph = sequence_plan.waiting(graph, line, one % many, wait)
        elif what == "r" and many:
            graph = sequence_plan.removed(graph, line, [one % many])
            expected.pop(one % many)
    line = line_of(graph)
    assert [row.key for row in line.rows] == expected
    assert line.tail == ("end",)
    assert Graph.load(graph.dump()) == graph
