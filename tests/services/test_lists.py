"""The office's own lists: what a person picks from."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import BadSettings
from rally_desktop.model.graph import Graph
from rally_desktop.model.tables.contact import LIFECYCLE_STAGES
from rally_desktop.services import lists, records, templates, workflows
from tests.services.hostile import UNKEPT


def test_values_are_added_after_those_there(world):
    """New values come last, in their order, each once and tidied."""
    world.do(lists.add, "lead_source", ["Fair", "Inbound", " Fair ", "", "Radio  show"])
    found = world.ask(lists.of, "lead_source")
    assert found == [*lists.DEFAULTS["lead_source"], "Fair", "Radio show"]
    world.do(lists.add, "lead_source", ["Post"])
    assert world.ask(lists.of, "lead_source")[-1] == "Post"


@pytest.mark.parametrize("value", ["x" * 201, UNKEPT[0]], ids=ascii)
def test_what_cannot_be_kept_is_refused(world, value):
    """An overlong value, or one with an impossible character, is refused."""
    with pytest.raises(BadSettings, match="Value"):
        world.do(lists.add, "lead_source", [value])


def test_each_source_offers_what_the_office_has(world):
    """Tags, people, companies, templates, stages: whatever a field asks for by name."""
    world.contact(tags=("VIP",))
    world.company("Hill")
    world.user("Maria")
    world.mailbox()
    world.do(templates.save, "Hello", subject="", text="")
    world.do(workflows.create, Graph(name="Follow up"))
    expected = {
        "tag": ["VIP"], "company": ["Hill"], "user": ["Admin", "Maria"], "template": ["Hello"],
        "workflow": ["Follow up"], "pipeline": ["Sales"], "mail_account": ["Hill Dental"],
        "lifecycle_stage": list(LIFECYCLE_STAGES), "nothing of the kind": [],
    }  # fmt: skip
    assert {source: world.ask(lists.of, source) for source in expected} == expected
    assert world.ask(lists.of, "stage")[0] == "New"


def test_what_is_in_the_trash_is_not_offered(world):
    """A deleted company cannot be picked."""
    world.do(records.delete, world.company("Hill"))
    assert world.ask(lists.of, "company") == []
