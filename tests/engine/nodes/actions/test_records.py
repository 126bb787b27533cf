"""The steps that change the record itself: fields, owner, status, score, tags, notes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rally_desktop.core.errors import BadSettings
from rally_desktop.engine import nodes
from rally_desktop.model.changes import RowAdded
from rally_desktop.model.graph import Step
from rally_desktop.services import records

pytestmark = pytest.mark.slow


def act(world, kind, settings, ref=None, record="contact", **values):
    """Run one step on a record that just got the tag Go; return how the visit went."""
    world.publish(
        Step("it", kind, settings), trigger="tag_added", trigger_settings={"tags": ["Go"]},
        record=record,
    )  # fmt: skip
    ref = ref or world.contact("Ana", **values)
    world.do(records.add_tag, ref, "Go")
    world.tick()
    return ref, *world.visits()[-1][1:]


def own_field(world, name, kind, record="contact"):
    """Give the office a field of its own."""
    row = {"record_kind": record, "name": name, "label": name, "kind": kind, "position": 1}

    def add(work):
        work.change(RowAdded("custom_field", {"id": work.new_id("custom_field"), **row}))

    world.do(add)


@pytest.mark.parametrize(
    ("settings", "before", "after"),
    [
        ({"field": "city", "value": "Porto"}, {}, {"city": "Porto"}),
        (
            {"field": "city", "value": "{{ contact.country }}"},
            {"country": "Peru"},
            {"city": "Peru"},
        ),
        ({"field": "city", "how": "clear"}, {"city": "Porto"}, {"city": ""}),
        ({"field": "score", "how": "clear"}, {"score": 5}, {"score": None}),
        (
            {"field": "title", "how": "copy from", "source": "city"},
            {"city": "Faro"},
            {"title": "Faro"},
        ),
        ({"field": "score", "how": "add", "by": 7}, {"score": 5}, {"score": 12}),
        ({"field": "score", "how": "add", "by": 7}, {}, {"score": 7}),
        ({"field": "score", "how": "subtract", "by": 2}, {"score": 5}, {"score": 3}),
        ({"field": "score", "how": "count up"}, {"score": 5}, {"score": 6}),
    ],
    ids=str,
)
def test_a_field_is_set_cleared_copied_or_counted(world, settings, before, after):
    """Each way of changing a field leaves it as one would say."""
    ref, outcome, _ = act(world, "update_field", settings, **before)
    assert outcome == "done"
    assert {name: world.record(ref)[name] for name in after} == after


@pytest.mark.parametrize(
    ("settings", "before", "reason"),
    [
        ({"field": "city", "value": "Porto"}, {"city": "Porto"}, "unchanged"),
        ({"field": "score", "how": "add", "by": 1}, {"score": 100}, "bad_settings"),
        ({"field": "city", "how": "count up"}, {"city": "Porto"}, "bad_settings"),
        ({"field": "city", "value": "{{ contact.country }}"}, {}, "missing_value"),
    ],
    ids=str,
)
def test_a_field_that_cannot_be_changed_says_why(world, settings, before, reason):
    """Nothing to change is skipped; what does not fit fails, and the field stays as it was."""
    ref, _, said = act(world, "update_field", settings, **before)
    assert said == reason
    assert all(world.record(ref)[name] == value for name, value in before.items())


@pytest.mark.parametrize(
    ("kind", "settings", "after"),
    [
        ("number", {"how": "add", "by": 2.5}, 2.5),
        ("number", {"value": "12"}, 12),
        ("date", {"value": "2026-12-24"}, "2026-12-24"),
        ("yes_no", {"value": "yes"}, True),
        ("text", {"value": " Blue  sky "}, "Blue sky"),
    ],
    ids=str,
)
def test_an_own_field_is_set_in_its_type(world, kind, settings, after):
    """A field that the office made is set, and the timeline tells it from what to what."""
    own_field(world, "extra", kind)
    ref, outcome, _ = act(world, "update_field", {"field": "custom.extra", **settings})
    assert (outcome, world.record(ref)["custom"]) == ("done", {"extra": after})
    ((line,),) = world.rows("select detail from activity where kind = 'updated'")
    assert '"custom.extra"' in str(line)


def test_own_fields_are_counted_twice_in_one_go(world):
    """Two steps in a row add to the same field of the office, and a date moves by days."""
    own_field(world, "visits", "number")
    own_field(world, "renewal", "date")
    step = {"field": "custom.visits", "how": "count up"}
    world.publish(
        Step("a", "update_field", step), Step("b", "update_field", step),
        Step("c", "update_field", {"field": "custom.renewal", "value": "2026-12-24"}),
        Step("d", "update_field", {"field": "custom.renewal", "how": "add", "by": 30}),
    )  # fmt: skip
    ana = world.contact()
    world.tick()
    assert world.record(ana)["custom"] == {"visits": 2, "renewal": "2027-01-23"}


def test_an_own_field_that_does_not_fit_is_refused(world):
    """A word is no number, and a field that is not there is not made up."""
    own_field(world, "extra", "number")
    assert act(world, "update_field", {"field": "custom.extra", "value": "many"})[1:] == (
        "failed", "bad_settings",
    )  # fmt: skip


def test_expected_close_moves_by_days(world):
    """A date that is there is moved; the deal's own."""
    roof = world.deal(expected_close=datetime(2026, 6, 30, tzinfo=UTC))
    settings = {"field": "expected_close", "how": "subtract", "by": 7}
    act(world, "update_field", settings, roof, "deal")
    assert world.record(roof)["expected_close"] == datetime(2026, 6, 23, tzinfo=UTC)


def test_an_owner_is_given_only_where_there_is_none(world):
    """With the tick an owner stays; without it the record changes hands."""
    maria, ben = world.user("Maria"), world.user("Ben")
    settings = {"assign": "a user", "assignee": "Ben"}
    ref, *said = act(world, "assign_owner", settings, owner_id=maria)
    assert (world.record(ref)["owner_id"], said) == (maria, ["skipped", "unchanged"])
    ref, *_ = act(world, "assign_owner", {**settings, "only_if_empty": False}, owner_id=maria)
    assert world.record(ref)["owner_id"] == ben


def test_whoever_does_not_work_here_any_more_becomes_no_owner(world):
    """A user who left after publishing is a failure, and the record stays as it was."""
    gone = world.user("Gone")
    world.publish(Step("it", "assign_owner", {"assign": "a user", "assignee": "Gone"}))
    with world.store.engine.begin() as connection:
        connection.exec_driver_sql(f"update user_account set active = false where id = {gone}")
    ref = world.contact()
    world.tick()
    assert (world.visits(), world.record(ref)["owner_id"]) == ([("it", "failed", "no_user")], None)


@pytest.mark.parametrize(
    ("kind", "settings", "field", "after"),
    [
        ("update_lead_status", {"status": "Contacted"}, "lead_status", "Contacted"),
        ("update_lifecycle_stage", {"stage": "Customer"}, "lifecycle_stage", "Customer"),
        ("change_score", {"how": "add", "points": 60}, "score", 60),
    ],
)
def test_a_deals_contact_is_changed(world, kind, settings, field, after):
    """On a deal these steps change its contact; a deal without one is a failure."""
    ana = world.contact()
    act(world, kind, settings, world.deal(contact_id=ana.id), "deal")
    assert world.record(ana)[field] == after
    assert act(world, kind, settings, world.deal(), "deal")[1:] == ("failed", "no_contact")


def test_a_tag_is_taken_off(world):
    """A tag goes whatever its case; one that is not there is no failure."""
    ref, outcome, _ = act(world, "remove_tag", {"tag": "go"})
    assert (outcome, world.record(ref)["tags"]) == ("done", frozenset())
    assert act(world, "remove_tag", {"tag": "Guest"})[1:] == ("skipped", "unchanged")


def test_a_note_is_filled_in_whole_or_not_at_all(world):
    """The merge field stands in the note; empty and without a fallback there is no note."""
    settings = {"text": "Lives in {{ contact.city }}"}
    act(world, "create_note", settings, city="Porto")
    assert world.rows("select text from note") == [("Lives in Porto",)]
    assert act(world, "create_note", settings)[1:] == ("failed", "missing_value")
    assert len(world.rows("select text from note")) == 1


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, ["Maria"]),
        ({"user": "Ben"}, ["Ben"]),
        ({"who": ["Ben", "Carla"]}, ["Ben", "Carla"]),
        ({"who": ["Ben"], "owner": True}, ["Ben", "Maria"]),
        ({"role": "admin"}, ["Admin"]),
        ({"role": "staff", "who": ["Ben"], "owner": True}, ["Ben", "Carla", "Maria"]),
        ({"who": ["Ben", "Somebody"]}, ["Ben"]),
    ],
    ids=str,
)
def test_several_people_are_told_each_once(world, settings, told):
    """The owner, chosen people and a role; whoever is named twice is told once."""
    people = {name: world.user(name) for name in ("Ben", "Carla", "Maria", "Somebody")}
    world.publish(Step("tell", "notify", {"text": "Hello", **settings}))
    with world.store.engine.begin() as connection:
        connection.exec_driver_sql(
            f"update user_account set active = false where id = {people['Somebody']}"
        )
    world.contact(owner_id=people["Maria"])
    world.tick()
    found = world.rows("select name from notification n join user_account u on u.id = n.user_id")
    assert sorted(row[0] for row in found) == told


@pytest.mark.parametrize(
    ("kind", "settings", "problem"),
    [
        ("update_field", {"field": "city", "how": "copy from"}, "source is required"),
        ("update_field", {"field": "city", "how": "copy from", "source": "city"}, "another field"),
        ("update_field", {"field": "contact"}, "cannot be set"),
        ("assign_owner", {"assign": "round robin"}, "pool is required"),
        ("assign_owner", {}, "assign is required"),
    ],
)
def test_what_a_step_lacks_is_said(kind, settings, problem):
    """Settings that cannot work are refused before anything is published."""
    with pytest.raises(BadSettings, match=problem):
        nodes.step_kinds()[kind].load(settings)


@pytest.mark.parametrize(
    ("kind", "settings", "said"),
    [
        ("update_field", {"field": "custom.seats", "how": "add", "by": 2}, "Seats + 2"),
        ("update_field", {"field": "score", "how": "subtract", "by": 2}, "Score − 2"),
        ("update_field", {"field": "score", "how": "count up"}, "Score + 1"),
        ("update_field", {"field": "title", "how": "copy from", "source": "city"}, "Title ← city"),
        ("update_field", {"field": "city", "how": "clear", "value": "x"}, "City → empty"),
        ("change_score", {"how": "subtract", "points": 1}, "Score − 1 point"),
        ("change_score", {"how": "set", "points": 50}, "Score → 50"),
        ("assign_owner", {"assign": "round robin", "pool": ["A", "B"]}, "Owner → A, B in turn"),
        ("create_note", {"text": "One\n{{ contact.city }}"}, "“One [City]”"),
    ],
)  # fmt: skip
def test_a_step_says_what_it_will_do(kind, settings, said):
    """The card on the canvas says it in one line."""
    assert nodes.step_kinds()[kind].load(settings).sentence() == said
