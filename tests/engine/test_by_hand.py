"""Enrolling by hand: said first, then done, once for each."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.engine import by_hand, enrol_preview
from rally_desktop.engine.enrol_preview import Preview
from rally_desktop.engine.publishing import publish
from rally_desktop.model.graph import Graph, Rules, Step, Trigger
from rally_desktop.services import contacts, safeguards, templates, workflows
from tests.world import chain


def letters(world, **graph):
    """Publish: one letter, then two more on one way or none on the other."""
    world.mailbox()
    for name in ("First", "Second"):
        world.do(templates.save, name, subject="Hello", text="Hello")
    known = {"name": "Known", "exit": "known", "filter": {"field": "city", "op": "is_known"}}
    return world.publish(
        Step("one", "send_email", {"template": "First"}),
        Step("which", "branch", {"paths": [known]}, {"known": "two", "else": "end"}),
        Step("two", "send_email", {"template": "Second"}),
        Step("off", "send_email", {"template": "Second"}, disabled=True),
        Step("three", "send_email", {"template": "Second"}),
        Step("end", "end"),
        trigger="by_hand", **graph,
    )  # fmt: skip


def people(world, *names, **values):
    """Add contacts with an address."""
    return [world.contact(name, email=f"{name.lower()}@example.org", **values) for name in names]


def foretold(world, number, *refs):
    """What enrolling some contacts would mean."""
    found, ids = Preview(len(refs)), [ref.id for ref in refs]
    enrol_preview.look(world.store, number, "contact", ids, found, lambda: False)
    return found


def test_what_it_would_mean_is_said_and_nothing_happens(world):
    """Two would enter, each with three letters at most; one is barred, and nobody has moved."""
    number = letters(world, audience={"field": "city", "op": "is_not", "value": "Rio"})
    ana, ben = people(world, "Ana", "Ben")
    (carla,) = people(world, "Carla", city="Rio")
    (dora,) = people(world, "Dora", do_not_contact=True)
    said = foretold(world, number, ana, ben, carla, dora)
    assert (len(said.entering), said.emails) == (2, 6)
    assert said.left_out == {"audience": [carla.id], "do_not_contact": [dora.id]}
    world.tick()
    assert (world.run_states(), world.refusals()) == ([], [])


def test_everybody_enters_once_whoever_is_named_twice(world):
    """A list with Ana in it twice enrols her once, by the hand of whoever did it."""
    number = world.publish(Step("end", "end"), trigger="by_hand")
    ana, ben = people(world, "Ana", "Ben")
    assert world.do(by_hand.enrol, number, [ana, ben, ana]) == 2
    world.tick()
    assert world.run_states() == ["done", "done"]
    causes = {row[0] for row in world.rows("select cause from run")}
    assert causes == {"user:0:1780390800000000"}
    assert {row[0] for row in world.rows('select "trigger" from run')} == {"t"}


def test_the_trigger_and_the_rule_for_entering_again_are_skipped(world):
    """Ana has been in once and may never again: by hand she enters, and the forecast knows."""
    number = world.publish(Step("end", "end"), settings=Rules(again="never"))
    (ana,) = people(world, "Ana")
    world.tick()
    said = foretold(world, number, ana)
    assert (said.entering, said.left_out, said.emails) == ([ana.id], {}, 0)
    world.clock.advance(hours=1)
    world.do(by_hand.enrol, number, [ana])
    world.tick()
    assert world.run_states() == ["done", "done"]


def test_nothing_else_is_skipped(world):
    """Who is inside, deleted, or not to be contacted stays out; the forecast says the same."""
    number = world.publish(Step("wait", "wait"), trigger="by_hand")
    ana, ben, carla = people(world, "Ana", "Ben", "Carla")
    world.do(by_hand.enrol, number, [ana])
    world.tick()
    world.do(contacts.delete, ben)
    world.do(contacts.update, carla, {"do_not_contact": True})
    world.clock.advance(hours=1)
    said = foretold(world, number, ana, ben, carla)
    world.do(by_hand.enrol, number, [ana, ben, carla])
    world.tick()
    assert (
        sorted(said.left_out)
        == sorted(world.refusals())
        == ["already_active", "do_not_contact", "gone"]
    )


def test_many_at_once_wait_their_turn_and_still_enter_by_hand(world):
    """Of five, two a minute enter, also where the rule for entering again would refuse them."""
    world.do(safeguards.save, safeguards.Safeguards(enrolments_a_minute=2))
    number = world.publish(Step("end", "end"), settings=Rules(again="never"))
    refs = people(world, "Ana", "Ben", "Carla", "Dora", "Eva")
    world.turn(minutes=10)
    world.do(by_hand.enrol, number, refs)
    world.tick()
    assert len(world.run_states()) == 7
    world.turn(minutes=10)
    assert (len(world.run_states()), world.refusals()) == (10, [])


def test_a_workflow_that_enrols_nobody_refuses(world):
    """Unpublished, for other records, or not there: each says what to do."""
    number = world.publish(Step("end", "end"), record="deal", trigger="by_hand")
    ana = world.contact()
    with pytest.raises(Refused, match="is for deals only"):
        world.do(by_hand.enrol, number, [ana])
    with world.store.engine.begin() as connection:
        connection.exec_driver_sql(f"update workflow set state = 'draft' where id = {number}")
    with pytest.raises(Refused, match="publish it first"):
        world.ask(by_hand.refusals, number, [])
    with pytest.raises(NotFound):
        world.do(by_hand.enrol, 404, [ana])


def test_only_whoever_may_enrols(world):
    """A workflow for admins refuses staff, whoever they enrol."""
    number = world.publish(
        Step("end", "end"), trigger="by_hand", trigger_settings={"who": "Admins"}
    )
    ana, maria = world.contact(), world.user("Maria")
    for user_id, count in ((1, 1), (None, 1)):
        world.store.user_id = user_id
        assert world.do(by_hand.enrol, number, [ana]) == count
    world.store.user_id = maria
    with pytest.raises(Refused, match="You may not enrol"):
        world.do(by_hand.enrol, number, [ana])


def test_what_follows_in_other_workflows_is_counted(world):
    """A sequence that one is handed on to sends its three letters too, and none a second time."""
    first = letters(world)
    handing = Graph(
        name="Handing on", triggers=(Trigger("t", "by_hand"),), start="mail",
        steps=chain(
            Step("mail", "send_email", {"template": "First"}),
            Step("on", "enrol_in_sequence", {"sequence": "Test"}),
            Step("back", "enrol_in_sequence", {"sequence": "Handing on"}),
        ),
    )  # fmt: skip
    number = world.do(workflows.create, handing)
    world.do(publish, number)
    (ana,) = people(world, "Ana")
    messages = [foretold(world, one, ana).emails for one in (first, number)]
    assert messages == [3, 4]
