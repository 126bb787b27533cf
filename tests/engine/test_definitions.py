"""Definitions made ready to run: what is broken in one of them stays with that one."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import update

from rally_desktop.core.errors import BadSettings
from rally_desktop.engine.definitions import Definitions, Version
from rally_desktop.engine.heart import Heart
from rally_desktop.engine.nodes.base import Event
from rally_desktop.engine.publishing import publish
from rally_desktop.model.changes import Line
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import workflow_version
from rally_desktop.services import contacts, records, runs, safeguards, templates, workflows
from rally_desktop.services.safeguards import Safeguards

pytestmark = pytest.mark.slow

TAG = Step("tag", "add_tag", {"tag": "Seen"})
WAIT = Step("wait", "wait", {"amount": 1, "unit": "days"})


def spoil(world, number, change):
    """Change a published definition behind the program's back, as an older program would have."""
    column = workflow_version.c
    with world.store.engine.connect().execution_options(rally_write=True) as connection:
        where = column.workflow_id == number
        text = connection.execute(workflow_version.select().where(where)).one().definition
        stored = json.loads(text)
        change(stored)
        made = update(workflow_version).where(where).values(definition=json.dumps(stored))
        connection.execute(made)
        connection.commit()


def test_nothing_is_listened_to_until_something_is_published(world):
    """Lines that start no workflow do not wait for the engine."""
    definitions = Definitions()
    world.do(definitions.refresh)
    line = Line(Ref("contact", 1), "created", {})
    assert not definitions.listens(line)
    number = world.publish(TAG)
    world.do(definitions.refresh)
    assert definitions.listens(line)
    assert definitions.moving == {number}
    world.do(workflows.unpublish, number)
    world.do(definitions.refresh)
    assert not definitions.listens(line)
    assert definitions.moving == frozenset()


def test_a_field_is_listened_to_by_name(world):
    """Only changes of the fields that some trigger asks for are looked at."""
    world.publish(TAG, trigger="record_updated", trigger_settings={"fields": ["city"]})
    definitions = Definitions()
    world.do(definitions.refresh)
    wanted = Line(Ref("contact", 1), "updated", {"fields": {"city": ("", "Porto")}})
    other = Line(Ref("contact", 1), "updated", {"fields": {"state": ("", "X")}})
    assert (definitions.listens(wanted), definitions.listens(other)) == (True, False)


def test_several_triggers_start_a_workflow_once(world):
    """Triggers are joined by «or»: one event that fits two of them starts one run."""
    graph = Graph(
        name="Two", steps={"tag": TAG}, start="tag",
        triggers=(Trigger("a", "record_updated"),
                  Trigger("b", "record_updated", {"fields": ["city"]})),
    )  # fmt: skip
    world.do(publish, world.do(workflows.create, graph))
    definitions = Definitions()
    world.do(definitions.refresh)
    event = Event("updated", Ref("contact", 1), {"fields": {"city": ["", "Porto"]}})
    assert len(list(definitions.started_by(event))) == 1


def test_records_of_another_kind_start_nothing(world):
    """A workflow for contacts is not started by a company."""
    world.publish(TAG)
    world.company()
    world.tick()
    assert world.run_states() == []


def test_a_step_that_cannot_be_loaded_stops_only_who_comes_by(world):
    """A kind of step that is gone fails the run that reaches it, and says so."""
    number = world.publish(TAG, WAIT)
    spoil(world, number, lambda stored: stored["steps"][1].update(kind="jump"))
    ana = world.contact()
    world.tick()
    assert world.record(ana)["tags"] == {"Seen"}
    assert world.visits()[-1] == ("wait", "failed", "bad_settings")
    assert world.run_states() == ["needs_attention"]


def test_a_trigger_that_cannot_be_loaded_pauses_its_workflow_and_no_other(world):
    """A kind of trigger that is gone pauses the workflow with the reason; the others go on."""
    broken = world.publish(WAIT)
    spoil(world, broken, lambda stored: stored["triggers"][0].update(kind="full_moon"))
    world.publish(TAG)
    ana = world.contact()
    world.tick()
    assert world.record(ana)["tags"] == {"Seen"}
    (row,) = [row for row in world.ask(workflows.listed) if row.id == broken]
    assert row.state == "paused"
    assert "full_moon" in row.why


def test_an_audience_that_cannot_be_read_pauses_its_workflow(world):
    """A filter over a field that is gone pauses the workflow once, not again and again."""
    broken = world.publish(TAG, audience={"field": "city", "op": "is", "value": "Porto"})
    spoil(world, broken, lambda stored: stored["audience"].update(field="shoe_size"))
    world.contact()
    world.tick()
    counted = world.rows("select value from setting where name = 'workflows_changed'")
    world.contact("Ben")
    world.tick()
    assert world.rows("select value from setting where name = 'workflows_changed'") == counted
    assert world.run_states() == []


ROUND = [{"id": "a", "kind": "end", "exits": {"n": "a"}}]
HOSTILE = {
    "no JSON": "{",
    "nothing": "",
    "another shape": "[]",
    "no steps": '{"steps": null}',
    "a circle": json.dumps({"steps": ROUND}),
    "a newer format": json.dumps({"format": 99, "steps": []}),
    "an unknown key": json.dumps({"steps": [], "warp": True}),
    "too many steps": json.dumps({"steps": ROUND * 5_001}),
    "very deep": '{"steps": ' + "[" * 5_000 + "]" * 5_000 + "}",
}


@pytest.mark.parametrize("stored", HOSTILE.values(), ids=HOSTILE)
def test_a_definition_that_was_damaged_harms_nobody_else(world, stored):
    """Its workflow is paused with a reason, the others go on, and the lists can still be read."""
    broken = world.publish(WAIT)
    sound = world.publish(TAG, trigger="tag_added", trigger_settings={"tags": ["Go"]})
    ana = world.contact("Ana")
    world.tick()
    where = workflow_version.c.workflow_id == broken
    with world.store.engine.connect().execution_options(rally_write=True) as connection:
        connection.execute(update(workflow_version).where(where).values(definition=stored))
        connection.commit()
    world.heart = Heart(world.store)

    world.do(records.add_tag, ana, "Go")
    world.turn(days=3)

    rows = {row.id: row for row in world.ask(workflows.listed)}
    assert (rows[broken].state, rows[sound].state) == ("paused", "published")
    assert rows[broken].why
    assert "Seen" in world.record(ana)["tags"]
    assert [row.record for row in world.ask(runs.listed).rows] == ["Ana", "Ana"]
    assert world.ask(workflows.draft, broken).graph.steps
    world.do(publish, broken)
    assert world.ask(workflows.draft, broken).state == "published"


def test_an_old_version_that_cannot_be_read_holds_its_own_people_only(world):
    """Who is inside an old version that became unreadable stays; the others go on."""
    number = world.publish(WAIT)
    world.contact()
    world.tick()
    spoil(world, number, lambda stored: stored["triggers"][0].update(kind="full_moon"))
    world.do(publish, number)
    other = world.publish(TAG)
    world.heart.definitions = Definitions()
    world.clock.advance(days=2)
    ana = world.contact()
    world.tick()
    assert world.record(ana)["tags"] == {"Seen"}
    states = {row.id: row.state for row in world.ask(workflows.listed)}
    assert states == {number: "paused", other: "published"}
    assert world.rows(f"select state from run where workflow_id = {number}")[0] == ("active",)


def test_a_version_stands_for_its_definition(world):
    """A version is ready to run: what can be loaded is, what cannot stands as its error."""
    graph = Graph(steps={"tag": TAG, "bad": Step("bad", "jump")}, start="tag", record="deal")
    version = world.ask(Version.of, 1, 2, graph)
    assert (version.record, version.stop_when) == ("deal", None)
    assert isinstance(version.steps["bad"], BadSettings)


def test_a_version_nobody_publishes_any_more_is_found(world):
    """Runs go on by the version they began with, in a program started later too."""
    number = world.publish(WAIT, TAG)
    ana = world.contact()
    world.tick()
    world.do(workflows.save_draft, number, world.ask(workflows.draft, number).graph)
    world.do(publish, number)
    world.heart.definitions = Definitions()
    world.turn(days=1, hours=1)
    assert world.record(ana)["tags"] == {"Seen"}
    world.do(contacts.delete, ana)


def test_a_message_of_a_damaged_definition_waits_and_the_others_go(world):
    """Nobody knows its hours: it stays in the outbox with the reason, and is not sent."""
    world.mailbox()
    world.do(templates.save, "Welcome", subject="Hello", text="Hi")
    mail = Step("mail", "send_email", {"template": "Welcome"})
    broken = world.publish(mail)
    world.publish(mail, audience={"field": "first_name", "op": "is", "value": "Ben"})
    world.do(safeguards.save, Safeguards(first_sends=0, emails_a_day=0))
    world.contact("Ana", email="ana@example.org")
    world.contact("Ben", email="ben@example.org")
    world.heart.tick()
    spoil(world, broken, lambda stored: stored.update(format=99))

    world.deliver()

    found = world.rows("select state, reason, count(*) from outbox group by 1, 2 order by 1")
    assert found == [("ready", "unreadable", 2), ("sent", "", 1)]
