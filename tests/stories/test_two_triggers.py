"""One workflow with two triggers, which goes on by the one that let the record in."""

from rally_desktop.engine.publishing import publish
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.services import contacts, records, workflows
from tests.world import chain


def qualifying(world):
    """Publish a workflow for tagged leads and for new customers, each with its own path."""
    paths = [
        {
            "name": "By the tag",
            "exit": "tag",
            "filter": {"field": "entered_by", "op": "is", "value": "by_tag"},
        }
    ]
    steps = chain(
        Step("how", "branch", {"paths": paths}, {"tag": "lead", "else": "customer"}),
        Step("lead", "add_tag", {"tag": "Welcome"}, {"next": "end"}),
        Step("customer", "add_tag", {"tag": "Thanks"}, {"next": "end"}),
        Step("end", "end"),
    )
    graph = Graph(
        name="Qualifying", start="how", steps=steps,
        triggers=(
            Trigger("by_tag", "tag_added", {"tags": ["Hot"]}),
            Trigger("by_stage", "lifecycle_stage_changed", {"after": ["Customer"]}),
        ),
    )  # fmt: skip
    world.do(publish, world.do(workflows.create, graph))


def test_each_trigger_leads_down_its_own_path(world):
    """Ana is tagged and is welcomed; Ben becomes a customer and is thanked."""
    qualifying(world)
    ana, ben = world.contact("Ana"), world.contact("Ben")
    world.do(records.add_tag, ana, "hot")
    world.do(contacts.update, ben, {"lifecycle_stage": "Customer"})

    world.tick()

    assert world.record(ana)["tags"] == {"hot", "Welcome"}
    assert world.record(ben)["tags"] == {"Thanks"}
    assert world.rows('select "trigger" from run order by id') == [("by_tag",), ("by_stage",)]


def test_both_at_once_are_one_way_in(world):
    """Cleo is tagged and becomes a customer in one go: she goes through once, by the first."""
    qualifying(world)
    cleo = world.contact("Cleo")

    def both(work):
        records.add_tag(work, cleo, "Hot")
        contacts.update(work, cleo, {"lifecycle_stage": "Customer"})

    world.do(both)
    world.tick()

    assert world.record(cleo)["tags"] == {"Hot", "Welcome"}
    assert world.refusals() == ["cooldown"]
