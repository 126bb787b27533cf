"""Steps taken out: what led to them leads on, and only what nothing leads to goes with them."""

from __future__ import annotations

import pytest

from rally_desktop.model import joining
from rally_desktop.model.graph import START, Place
from tests.canvas.flows import graph, step
from tests.canvas.test_edits import at, moved


def fork():
    """A step, a branch of two paths, and the step in which they meet."""
    return graph(
        step("first", next="branch"), step("branch", "branch", yes="left", else_="right"),
        step("left", next="end"), step("right", next="end"), step("end"),
    )  # fmt: skip


def stopping():
    """A workflow with a chain of two Stop Actions."""
    return graph(step("a"), step("stop", next="tidy"), step("tidy")).with_(stop_start="stop")


def exits(workflow):
    """Where every exit leads, by step."""
    return {key: one.exits for key, one in workflow.steps.items()}


def test_removing_a_step_joins_what_led_to_it():
    """Every entrance of a removed step leads to what followed it."""
    made = joining.without(fork(), {"left"}, {})
    assert exits(made)["branch"] == {"yes": "end", "else": "right"}
    assert "left" not in made.steps


def test_removing_a_branch_keeps_one_path():
    """The path that is kept stays; what only the other one led to goes with the branch."""
    made = joining.without(fork(), {"branch"}, {"branch": "left"})
    assert exits(made) == {"first": {"next": "left"}, "left": {"next": "end"}, "end": {}}


def test_removing_a_branch_with_nothing_kept_takes_all_its_paths():
    """With no path kept, what only the branch led to goes."""
    assert exits(joining.without(fork(), {"branch"}, {"branch": None})) == {"first": {}}


def test_removing_leaves_alone_what_hung_loose():
    """A step that nothing led to before is nobody's to remove."""
    loose = fork().with_step(step("loose"))
    assert "loose" in joining.without(loose, {"branch"}, {"branch": None}).steps


def test_removing_the_start_makes_the_next_one_the_start():
    """A workflow whose first step goes begins with its second."""
    assert joining.without(fork(), {"first"}, {}).start == "branch"


def test_removing_forgets_where_a_step_was_put():
    """Positions chosen by hand go with their step."""
    placed = fork().with_(layout={"left": (1.0, 2.0), "end": (3.0, 4.0)})
    assert joining.without(placed, {"left"}, {}).layout == {"end": (3.0, 4.0)}


def test_moving_takes_a_step_elsewhere():
    """A moved step leaves a joined path behind and stands on the new connector."""
    made = moved(fork(), {"first"}, at("right"))
    assert made.start == "branch"
    assert (exits(made)["right"], exits(made)["first"]) == ({"next": "first"}, {"next": "end"})


@pytest.mark.parametrize("place", [Place(START), Place("first")])
def test_moving_to_where_it_stands_changes_nothing(place):
    """A step dropped on the connector before or after itself stays."""
    assert moved(fork(), {"first"}, at(*place)) == fork()


def test_removing_the_first_stop_action_keeps_the_others():
    """The chain of Stop Actions then begins with the second one."""
    made = joining.without(stopping(), {"stop"}, {})
    assert (made.stop_start, list(made.steps)) == ("tidy", ["a", "tidy"])


def test_moving_the_first_stop_action_leaves_the_chain_behind():
    """A Stop Action dragged into the workflow is no Stop Action any more."""
    made = moved(stopping(), {"stop"}, at("a"))
    assert made.stop_start == "tidy"
    assert exits(made) == {"a": {"next": "stop"}, "stop": {}, "tidy": {}}
