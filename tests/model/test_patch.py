"""The history of a draft as small documents: each leads to the next graph and back, exactly."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rally_desktop.core.errors import BadDefinition
from rally_desktop.model import joining
from rally_desktop.model.graph import Frame, Graph, Hours, Note, Place, Rules, Step, Trigger
from rally_desktop.model.patch import Patch

STEPS = {
    "a": Step("a", "wait", {"amount": 1, "unit": "days"}, {"next": "b"}),
    "b": Step("b", "branch", {}, {"yes": "c"}),
    "c": Step("c", "add_tag", {"tag": "VIP"}),
}
FLOW = Graph("Flow", triggers=(Trigger("t", "record_created"),), start="a", steps=STEPS)


def led(before, after):
    """The patch between two graphs, as it comes back from the database."""
    return Patch.unpacked(Patch.between(before, after).packed())


@pytest.mark.parametrize(
    "after",
    [
        FLOW,
        FLOW.with_settings("b", {"conditions": {"all": [1, 2.5, None, "é"]}}),
        FLOW.inserted(Step("new", "wait"), Place("a")),
        joining.without(FLOW, {"a"}, {}),
        FLOW.removed_after("b"),
        FLOW.with_(steps=dict(reversed(STEPS.items()))),
        FLOW.with_(layout={"a": (1.5, -2.0)}, name="Other", audience={"all": []}),
        FLOW.with_(notes=(Note("n", "x", "a"),), frames=(Frame("f", "t", ("a", "b")),)),
        FLOW.with_(settings=Rules(again="never", hours=Hours((0, 6)))),
        FLOW.with_(triggers=(), stop_on=(Trigger("s", "reply"),), start=None, stop_start="c"),
        FLOW.with_step(Step("a", "of_another_time", {"kept": [1]}, disabled=True)),
    ],
)
def test_a_patch_leads_forth_and_back_exactly(after):
    """Both graphs come out as they were, the order of their steps included."""
    patch = led(FLOW, after)
    for one, other in ((patch.forth(FLOW), after), (patch.back(after), FLOW)):
        assert one == other
        assert list(one.steps) == list(other.steps)


@settings(max_examples=150)
@given(st.permutations("abcdefg"), st.permutations("abcdefgh"), st.integers(0, 7))
def test_any_order_of_steps_comes_back(before, after, cut):
    """Whatever steps came, went or changed places, each stands where it stood."""
    one, other = (
        Graph(steps={key: Step(key, "end") for key in keys}) for keys in (before, after[cut:])
    )
    patch = led(one, other)
    assert list(patch.forth(one).steps) == list(other.steps)
    assert list(patch.back(other).steps) == list(one.steps)


def test_a_change_in_a_large_workflow_is_small():
    """One setting among five thousand steps takes a few hundred bytes."""
    steps = {f"s{n}": Step(f"s{n}", "add_tag", {"tag": "VIP"}) for n in range(5_000)}
    large = Graph(steps=steps)
    assert len(Patch.between(large, large.with_settings("s2500", {"tag": "New"})).packed()) < 500
    assert len(Patch.between(large, large.removed_after("s2500")).packed()) < 500


@pytest.mark.parametrize("stored", [b"", b"rubbish", Patch({"colour": ("red", "blue")}).packed()])
def test_what_is_no_patch_is_refused(stored):
    """Damaged entries and those of a newer program say so instead of doing something."""
    with pytest.raises(BadDefinition, match="history"):
        Patch.unpacked(stored)
