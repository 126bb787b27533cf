"""Who names a thing of the office, and how drafts and views follow a new name."""

from __future__ import annotations

import pytest

from rally_desktop.engine import naming
from rally_desktop.engine.naming import Sort, Uses
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.services import deals, field_edits, views, workflows
from rally_desktop.services.views import Layout

STATUS = {"field": "lead_status", "op": "any_of", "value": ["new", "Contacted"]}
BRANCH = {"paths": [{"name": "Yes", "exit": "yes", "filter": {"not": STATUS}}]}


def graph(*steps, **more):
    """A workflow with some steps in a row."""
    start = Trigger("t", "record_created")
    made = {step.id: step for step in steps}
    return Graph(name="Follow", **{"triggers": (start,), "steps": made, **more})


@pytest.mark.parametrize(
    ("sort", "name", "made"),
    [
        (Sort("lead_status"), "New", graph(audience={"all": [STATUS]})),
        (Sort("lead_status"), "New", graph(stop_when=STATUS)),
        (Sort("lead_status"), "New", graph(Step("s", "branch", BRANCH))),
        (Sort("lead_status"), "New", graph(Step("s", "update_lead_status", {"status": "New"}))),
        (Sort("lead_status"), "New",
         graph(Step("s", "update_field", {"field": "lead_status", "value": "New"}))),
        (Sort("lead_status"), "New", graph(triggers=(Trigger(
            "t", "record_updated", {"fields": ["lead_status"], "before": ["New", "Lost"]}),))),
        (Sort("tag"), "VIP", graph(stop_on=(Trigger("t", "tag_added", {"tags": ["vip"]}),))),
        (Sort("tag"), "VIP", graph(Step("s", "add_tag", {"tag": "VIP"}))),
        (Sort("user"), "Maria", graph(Step("s", "notify", {"text": "Maria", "who": ["Maria"]}))),
        (Sort("stage"), "Won", graph(Step("s", "move_deal_stage", {"stage": "Won"}))),
        (Sort("stage", pipeline="B"), "Won",
         graph(Step("s", "move_deal_stage", {"stage": "Won", "pipeline": "B"}))),
    ],
)  # fmt: skip
def test_a_draft_follows_a_new_name_wherever_it_stands(world, sort, name, made):
    """In filters, steps and triggers, whatever the case; other names and texts stay."""
    number = world.do(workflows.create, made)
    assert world.ask(naming.uses, sort, name) == Uses(drafts=("Follow",))
    followed = world.do(naming.follow, sort, name, "Fresh")
    assert "Fresh" in str(world.ask(workflows.draft, number).graph.dump())
    assert world.ask(naming.uses, sort, name) == Uses()
    world.do(naming.take_back, followed)
    assert world.ask(naming.uses, sort, name) == Uses(drafts=("Follow",))


@pytest.mark.parametrize(
    "made",
    [
        graph(Step("s", "create_note", {"text": "New"})),
        graph(Step("s", "update_field", {"field": "city", "value": "New"})),
        graph(audience={"field": "lead_source", "op": "is", "value": "New"}),
        graph(triggers=(Trigger("t", "record_updated", {"fields": ["city"], "to": ["New"]}),)),
    ],
)
def test_the_same_word_of_another_sort_stays(world, made):
    """A city called New is no lead status."""
    world.do(workflows.create, made)
    assert world.ask(naming.uses, Sort("lead_status"), "New") == Uses()


def test_a_stage_that_two_pipelines_have_is_told_by_its_pipeline(world):
    """A step of the other pipeline, or of any, stays as it is."""
    world.do(deals.add_pipeline, "B", [("Won", 100, "won")])
    for beside in ({"pipeline": "A"}, {}):
        step = Step("s", "move_deal_stage", {"stage": "Won", **beside})
        world.do(workflows.create, graph(step))
    assert world.ask(naming.uses, Sort("stage", pipeline="B"), "Won") == Uses()


def test_what_is_published_stays_and_is_said(world):
    """Only the draft follows; the workflow counts as changed until it is published again."""
    number = world.publish(Step("s", "add_tag", {"tag": "VIP"}))
    world.do(naming.follow, Sort("tag"), "VIP", "Gold")
    found = world.ask(workflows.draft, number)
    assert found.graph.steps["s"].settings == {"tag": "Gold"}
    assert found.published.steps["s"].settings == {"tag": "VIP"}
    assert world.ask(naming.uses, Sort("tag"), "vip").published == (found.graph.name,)
    assert world.ask(naming.counts, Sort("tag")) == {"vip": 1, "gold": 1}


def test_a_view_follows_and_can_be_taken_back_unless_it_was_changed(world):
    """What somebody saved since stays."""
    number = world.do(views.add, "contacts", "Fresh ones", Layout(("name",), STATUS))
    followed = world.do(naming.follow, Sort("lead_status"), "New", "Fresh")
    (view,) = world.ask(views.listed, "contacts").views
    assert view.layout.filter["value"] == ["Fresh", "Contacted"]
    world.do(views.save, number, Layout(("email",)))
    world.do(naming.take_back, followed)
    (view,) = world.ask(views.listed, "contacts").views
    assert view.layout == Layout(("email",))


def test_whoever_names_an_own_field_is_known(world):
    """In a filter, a step, a merge field or a column of a view; a longer name is another one."""
    for label in ("Size", "Size of shoe"):
        world.do(field_edits.add, "contact", label, "choice", ["New"])
    world.do(
        workflows.create, graph(Step("s", "create_note", {"text": "{{ contact.custom.size }}"}))
    )
    world.do(views.add, "contacts", "Mine", Layout(("custom.size",)))
    world.do(views.add, "contacts", "Other", Layout(("custom.size_of_shoe",)))
    assert world.ask(naming.field_uses, "contact", "size") == Uses(("Mine",), ("Follow",))
    assert world.ask(naming.field_uses, "deal", "size") == Uses()


def test_an_option_of_an_own_field_is_no_option_of_another(world):
    """A filter on one choice does not follow the other's."""
    for label in ("Size", "Colour"):
        world.do(field_edits.add, "contact", label, "choice", ["New"])
    clause = {"field": "custom.size", "op": "is", "value": "New"}
    world.do(workflows.create, graph(audience=clause))
    assert world.ask(naming.uses, Sort(kind="contact", field="size"), "New").drafts == ("Follow",)
    assert world.ask(naming.uses, Sort(kind="contact", field="colour"), "New") == Uses()
