"""Triggers on fields, stages, tags and activities: which move, from what, to what."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import BadSettings
from rally_desktop.engine.definitions import Definitions, load_trigger
from rally_desktop.engine.nodes.base import Event
from rally_desktop.engine.nodes.triggers.by_hand import ByHand
from rally_desktop.model.graph import Step
from rally_desktop.model.ref import Ref
from rally_desktop.services import contacts

pytestmark = pytest.mark.slow

ANA = Ref("contact", 1)


def fires(kind, settings, line, **detail):
    """Say whether a trigger starts on a line about Ana."""
    return load_trigger(kind, settings).matches(Event(line, ANA, detail))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, True),
        ({"fields": ["city"]}, True),
        ({"fields": ["owner"]}, True),
        ({"fields": ["title"]}, False),
        ({"fields": ["city"], "to": " PORTO "}, True),
        ({"fields": ["city"], "to": ["Faro", "porto"]}, True),
        ({"fields": ["city", "title"], "to": ["Faro"]}, False),
        ({"fields": ["city"], "before": ["Faro"]}, False),
        ({"fields": ["city"], "before": ["Braga"], "to": ["Porto"]}, True),
        ({"to": ["porto"]}, True),
        ({"fields": ["do_not_contact"], "to": ["yes"]}, True),
        ({"fields": ["score"], "to": ["5"]}, True),
    ],
)
@pytest.mark.parametrize("kind", ["record_updated", "record_created_or_updated"])
def test_an_update_is_compared_by_field_and_values(world, kind, settings, expected):
    """Any change counts, or one of some fields, from some values, to some values."""
    ana = world.contact(city="Braga")
    maria = world.user("Maria")
    world.tick()
    world.publish(Step("end", "end"), trigger=kind, trigger_settings=settings)
    moved = {"city": "Porto", "owner_id": maria, "do_not_contact": True, "score": 5}
    world.do(contacts.update, ana, moved)
    world.tick()
    entered = bool(world.run_states()) or world.refusals() == ["do_not_contact"]
    assert entered is expected


def test_a_new_record_counts_where_it_is_to(world):
    """A trigger for new and changed records takes the new ones whatever they hold."""
    settings = {"fields": ["city"], "to": ["Porto"]}
    kind = "record_created_or_updated"
    world.publish(Step("end", "end"), trigger=kind, trigger_settings=settings)
    world.contact("Ana")
    world.tick()
    assert world.run_states() == ["done"]


@pytest.mark.parametrize("kind", ["record_updated", "record_created_or_updated"])
def test_a_stored_single_value_is_read(kind):
    """What an older program stored as one text is a list of one; an empty text is none."""
    assert load_trigger(kind, {"fields": ["city"], "to": "Porto"}).dump()["to"] == ("Porto",)
    assert load_trigger(kind, {"to": ""}).dump()["to"] == ()


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"fields": ["stage"]}, "fields"),
        ({"fields": ["owner"], "to": ["Maria"]}, "to"),
        ({"fields": ["company"], "before": ["Hill Dental"]}, "before"),
    ],
)
def test_what_cannot_be_asked_is_refused(settings, problem):
    """A deal's stage has a trigger of its own, and who is linked belongs into the audience."""
    with pytest.raises(BadSettings) as caught:
        load_trigger("record_updated", settings)
    assert list(caught.value.problems) == [problem]


@pytest.mark.parametrize(
    ("kind", "settings", "said"),
    [
        ("record_updated", {}, "When any field changes"),
        (
            "record_updated",
            {"fields": ["lead_status"], "to": ["Won", "Lost"], "before": ["New"]},
            "When lead status becomes Won or Lost from New",
        ),
        ("record_created_or_updated", {}, "When it is created, or any field changes"),
        (
            "lifecycle_stage_changed",
            {"before": ["Lead"], "after": ["Customer"]},
            "When the lifecycle stage changes from Lead to Customer",
        ),
        ("lead_status_changed", {}, "When the lead status changes"),
        (
            "deal_stage_changed",
            {"after": ["Closed Won"], "pipeline": "Sales"},
            "When the stage in Sales changes to Closed Won",
        ),
        ("activity_completed", {"activity": "Task"}, "When a task is completed"),
        (
            "activity_completed",
            {"activity": "Meeting", "meeting_type": "Demo"},
            "When a meeting is completed of type Demo",
        ),
    ],
)
def test_a_move_is_said_in_words(kind, settings, said):
    """The sentence says what moves, from where and to where."""
    assert load_trigger(kind, settings).sentence() == said


@pytest.mark.parametrize("kind", ["lifecycle_stage", "lead_status"])
@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, True),
        ({"before": ["lead", "New"], "after": ["Customer"]}, True),
        ({"before": ["Customer"]}, False),
        ({"after": ["Lead"]}, False),
    ],
)
def test_a_stage_is_compared_at_both_ends(kind, settings, expected):
    """Only a move from one of the stages named, to one of those named, counts."""
    moved = {kind: ("Lead", "Customer")}
    assert fires(f"{kind}_changed", settings, "updated", fields=moved) is expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, True),
        ({"before": ["New"], "after": ["closed won"]}, True),
        ({"before": ["Proposal"]}, False),
        ({"after": ["Proposal"]}, False),
        ({"pipeline": "Partners"}, False),
    ],
)
def test_a_deals_move_is_compared_at_both_ends(settings, expected):
    """Stage before, stage after and pipeline must all be as asked, where they are asked."""
    moved = {"old": "New", "new": "Closed Won", "pipeline": "Sales"}
    assert fires("deal_stage_changed", settings, "stage_moved", **moved) is expected


@pytest.mark.parametrize(
    ("settings", "line", "detail", "expected"),
    [
        ({"activity": "Call"}, "call_logged", {"outcome": "No answer"}, True),
        ({"activity": "Call", "outcome": "Reached"}, "call_logged", {"outcome": "No"}, False),
        ({"activity": "Call", "outcome": "reached"}, "call_logged", {"outcome": "Reached"}, True),
        ({"activity": "Task", "task_type": "Call"}, "task_completed", {"type": "Call"}, True),
        ({"activity": "Task", "task_type": "Call"}, "task_completed", {"type": "To-do"}, False),
        ({"activity": "Task", "task_type": "Call"}, "task_completed", {}, False),
        ({"activity": "Meeting", "meeting_type": "Demo"}, "meeting_completed", {"type": "Demo"},
         True),
    ],
)  # fmt: skip
def test_an_activity_is_asked_for_by_its_type(settings, line, detail, expected):
    """A call by its outcome, a task and a meeting by their type; empty means any."""
    assert fires("activity_completed", settings, line, **detail) is expected


@pytest.mark.parametrize("kind", ["tag_added", "tag_removed"])
def test_one_of_several_tags_is_enough(kind):
    """Case does not matter, and any of the tags will do."""
    assert fires(kind, {"tags": ["A", "VIP"]}, kind, tag="vip")
    assert not fires(kind, {"tags": ["A", "VIP"]}, kind, tag="B")
    assert set(load_trigger(kind, {"tags": ["A", "VIP"]}).values()) == {"a", "vip"}


def test_who_may_enrol_by_hand_goes_by_role():
    """Staff and admins may, unless the trigger says everybody or admins only."""
    allowed = {
        who: [role for role in ("admin", "staff", "viewer") if kind.allows(role)]
        for who in ("Everybody", "Staff", "Admins")
        for kind in (ByHand.load({"who": who}),)
    }
    assert list(map(len, allowed.values())) == [3, 2, 1]


def test_a_move_is_found_by_its_value(world):
    """The index asks only the workflows that wait for the new stage, tag or form."""
    for stage in ("Proposal", "Closed Won"):
        world.publish(
            Step("end", "end"), trigger="deal_stage_changed", trigger_settings={"after": [stage]},
            record="deal",
        )  # fmt: skip
    definitions = Definitions()
    world.do(definitions.refresh)
    (by_value,) = [found for key, found in definitions._index.items() if key[1] == "stage_moved"]
    assert {value: len(found) for value, found in by_value.items()} == {
        "proposal": 1, "closed won": 1,
    }  # fmt: skip
