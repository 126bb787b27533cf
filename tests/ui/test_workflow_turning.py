"""What a step keeps as one of another kind; recipes as chains."""

from __future__ import annotations

import pytest

from rally_desktop.engine.nodes import step_kinds
from rally_desktop.model.graph import Graph, Place, Step
from rally_desktop.ui.pages.workflow_faces import KindCatalogue
from rally_desktop.ui.pages.workflow_turning import chain_of

CATALOGUE = KindCatalogue()
PATHS = {"paths": [{"name": "Yes", "exit": "yes", "filter": None}]}


def turned(kind, settings, to, **exits):
    """A step of one kind made one of another, and what it loses."""
    return CATALOGUE.turned(Step("a", kind, settings, exits, "Mine"), to)


def test_settings_that_mean_the_same_are_kept():
    """An e-mail that becomes an SMS keeps its template, its title and where it leads."""
    made, lost = turned("send_email", {"template": "Welcome"}, "send_sms", next="b", failed="c")
    assert made == Step(
        "a", "send_sms", {"template": "Welcome"}, {"next": "b", "failed": "c"}, "Mine"
    )
    assert lost == ()


def test_settings_that_another_kind_does_not_have_are_named():
    """What is lost is called as the form calls it; what was as usual is not worth a word."""
    task = {"task": "Call", "priority": "High", "once": False}
    made, lost = turned("create_task", task, "call_step")
    assert made.settings == {"task": "Call", "priority": "High"}
    assert lost == ()
    made, lost = turned("create_task", task, "notify")
    assert (made.settings, lost) == ({}, ("title", "priority"))


def test_a_value_that_may_not_stand_there_is_lost():
    """Business days can be waited, but not for a reply."""
    made, lost = turned("wait", {"amount": 2, "unit": "business days"}, "wait_until")
    assert made.settings == {"amount": 2}
    assert lost == ("unit",)


def test_paths_without_a_place_are_named():
    """A branch that becomes a tag goes on along its first path; the others are lost."""
    made, lost = turned("branch", PATHS, "add_tag", yes="b", **{"else": "c"})
    assert made.exits == {"next": "b"}
    assert lost == ("the path ‘Else’",)


@pytest.mark.parametrize("kind", sorted(step_kinds()))
def test_every_kind_can_become_every_other(kind):
    """Whatever it was, afterwards it is a step of the new kind with exits that the kind has."""
    step = Step("a", kind, step_kinds()[kind].example)
    for other in step_kinds():
        made, _ = CATALOGUE.turned(step, other)
        assert (made.id, made.kind) == ("a", other)


def test_recipes_are_offered_where_they_fit():
    """The recipe about deals is not offered in a workflow about contacts."""
    contacts, deals = CATALOGUE.recipes("contact"), CATALOGUE.recipes("deal")
    assert "Welcome inbound leads" in {offer.title for offer in contacts}
    assert "Deal won" in {offer.title for offer in deals}
    assert not {offer.kind for offer in contacts} & {offer.kind for offer in deals}


def test_a_recipe_leaves_its_end_behind_and_all_its_paths_go_on():
    """Put in anywhere, what follows comes after every path that had ended."""
    steps = {
        "b": Step("b", "branch", PATHS, {"yes": "t", "else": "end"}),
        "t": Step("t", "add_tag", {"tag": "x"}, {"next": "end"}),
        "end": Step("end", "end"),
    }
    chain = chain_of(Graph(start="b", steps=steps))
    assert [step.id for step in chain.steps] == ["b", "t"]
    assert chain.exits == (Place("b", "else"), Place("t", "next"))
