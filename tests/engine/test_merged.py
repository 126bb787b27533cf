"""Two people in the same workflow become one: nobody is written to twice because of that."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import Refused
from rally_desktop.engine import by_hand
from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import contacts, merge_records, merge_runs, templates
from tests.gateway import add_gateway

pytestmark = pytest.mark.slow

NUMBER = "+351 912 345 678"
VIP = {"field": "tags", "op": "contains", "value": "VIP"}


def _letters(world, *, wait=True, **graph):
    """Publish: a letter, a wait of two days, another letter."""
    world.mailbox()
    for name in ("First", "Second"):
        world.do(templates.save, name, subject=name, text="Hello")
    steps = [Step("one", "send_email", {"template": "First"})]
    steps += [Step("rest", "wait", {"amount": 2, "unit": "days"})] if wait else []
    steps += [Step("two", "send_email", {"template": "Second"}), Step("end", "end")]
    return world.publish(*steps, trigger="by_hand", **graph)


def _two(world, **values):
    ana = world.contact("Ana", email="ana@example.org", **values)
    return ana, world.contact("Anna", email="anna@example.org", **values)


def _got(world):
    """Who got what, in order."""
    return [(row[0], row[1]) for row in world.rows(
        "select address, subject from outbox where state = 'sent' order by id")]  # fmt: skip


def test_of_two_runs_the_one_that_came_further_goes_on(world):
    """Anna had the first letter a day before Ana: Ana gets it no more, and the second once."""
    number = _letters(world)
    ana, anna = _two(world)
    world.do(by_hand.enrol, number, [anna])
    world.turn(hours=30)
    world.do(by_hand.enrol, number, [ana])
    world.heart.tick()
    (over,) = world.ask(merge_runs.endings, ana, anna)
    assert (over.ref, over.why) == (ana, merge_runs.INSIDE)
    world.do(merge_records.merge, ana, anna)
    world.turn(days=9)
    assert _got(world) == [("anna@example.org", "First"), ("ana@example.org", "Second")]
    assert sorted(world.run_states()) == ["cancelled", "done"]


def test_a_message_that_waits_is_taken_back_with_its_run(world):
    """Both were let in and their first letters wait: one letter goes out, to the one address."""
    number = _letters(world)
    ana, anna = _two(world)
    world.do(by_hand.enrol, number, [ana, anna])
    world.heart.tick()
    world.do(merge_records.merge, ana, anna)
    world.turn(days=9)
    assert _got(world) == [("ana@example.org", "First"), ("ana@example.org", "Second")]
    taken = world.rows("select state, reason from outbox where address = 'anna@example.org'")
    assert [tuple(row) for row in taken] == [("failed", "merged")]


def test_the_same_text_to_the_same_number_goes_out_once(world):
    """Both runs are over, and both texts wait to be handed over: one of them is taken back."""
    world.do(add_gateway)
    world.do(templates.save, "Reminder", subject="", text="Today.", channel="sms")
    number = world.publish(Step("sms", "send_sms", {"template": "Reminder"}), trigger="by_hand")
    pair = [world.contact(name, mobile=NUMBER) for name in ("Ana", "Anna")]
    world.do(by_hand.enrol, number, pair)
    world.heart.tick()
    assert world.run_states() == ["done", "done"]
    world.do(merge_records.merge, *pair)
    world.turn(days=9)
    assert world.phone.texts == [("+351912345678", "Today.")]


def test_who_has_been_through_does_not_go_on_as_the_other(world):
    """A workflow for once in a life: what Ana has had to its end, she does not get as Anna."""
    number = _letters(world, settings=Rules(again="never"))
    ana, anna = _two(world)
    world.do(by_hand.enrol, number, [ana])
    world.turn(days=9)
    world.do(by_hand.enrol, number, [anna])
    world.turn(hours=1)
    world.do(merge_records.merge, ana, anna)
    world.turn(days=9)
    assert [got for got in _got(world) if got[1] == "Second"] == [("ana@example.org", "Second")]


def test_a_run_that_waits_goes_on_with_the_one_that_is_kept(world):
    """Only Anna is in it: her run moves to Ana, and back with her when the two are parted."""
    number = _letters(world)
    ana, anna = _two(world)
    world.do(by_hand.enrol, number, [anna])
    world.turn(hours=1)
    merged = world.do(merge_records.merge, ana, anna)
    assert world.rows("select record_id from run")[0][0] == ana.id
    world.turn(days=1)
    world.do(merge_records.undo, merged)
    world.turn(days=9)
    assert _got(world) == [("anna@example.org", "First"), ("anna@example.org", "Second")]


def test_a_run_that_ended_goes_on_when_the_two_are_parted(world):
    """Each of the two gets the second letter after all, once."""
    number = _letters(world)
    ana, anna = _two(world)
    world.do(by_hand.enrol, number, [ana, anna])
    world.turn(hours=1)
    merged = world.do(merge_records.merge, ana, anna)
    assert sorted(world.run_states()) == ["active", "cancelled"]
    world.do(merge_records.undo, merged)
    assert world.run_states() == ["active", "active"]
    world.turn(days=9)
    assert sorted(_got(world)) == [
        ("ana@example.org", "First"), ("ana@example.org", "Second"),
        ("anna@example.org", "First"), ("anna@example.org", "Second"),
    ]  # fmt: skip


def test_parting_leaves_alone_what_its_runs_did_meanwhile(world):
    """Anna's run wrote its second letter to Ana: it is over, and goes back to Anna as it is."""
    number = _letters(world)
    ana, anna = _two(world)
    world.do(by_hand.enrol, number, [anna])
    world.turn(hours=1)
    merged = world.do(merge_records.merge, ana, anna)
    world.turn(days=9)
    world.do(merge_records.undo, merged)
    world.turn(days=9)
    assert _got(world) == [("anna@example.org", "First"), ("ana@example.org", "Second")]
    assert [tuple(row) for row in world.rows("select record_id, state from run")] == [
        (anna.id, "done")
    ]


def test_a_message_on_its_way_is_told_of_the_one_that_is_kept(world):
    """The server takes Anna's letter while she becomes Ana: the line stands on Ana's timeline."""
    number = _letters(world)
    ana, anna = _two(world)
    world.do(by_hand.enrol, number, [anna])
    world.heart.tick()
    hand_over = world.mail.hand_over

    async def meanwhile(letter, before_dot):
        world.do(merge_records.merge, ana, anna)
        return await hand_over(letter, before_dot)

    world.mail.hand_over = meanwhile
    world.deliver()
    assert "email_sent" in world.happened(ana)
    assert world.rows("select record_id from message")[0][0] == ana.id


def test_what_the_other_was_is_no_news(world):
    """Ana becomes a VIP by being Anna, who was one: nothing starts by it, now or later."""
    anna = world.contact("Anna", tags=("VIP",))
    ana = world.contact("Ana")
    world.tick()
    every = {"settings": Rules(again="every_event")}
    world.publish(Step("end", "end"), trigger="starts_to_match",
                  trigger_settings={"filter": VIP}, **every)  # fmt: skip
    world.publish(Step("end", "end"), trigger="tag_added", trigger_settings={"tags": ["VIP"]},
                  **every)  # fmt: skip
    world.publish(Step("end", "end"), trigger="record_deleted", **every)
    world.tick()
    merged = world.do(merge_records.merge, ana, anna)
    world.tick()
    world.do(contacts.update, ana, {"city": "Porto"})
    world.tick()
    world.do(merge_records.undo, merged)
    world.tick()
    assert world.run_states() == []


def test_two_who_just_came_in_are_welcomed_once(world):
    """Both were added while no computer was on, and became one before the engine looked."""
    world.mailbox()
    world.do(templates.save, "First", subject="First", text="Hello")
    world.publish(
        Step("one", "send_email", {"template": "First"}), settings=Rules(again="every_event")
    )
    world.do(merge_records.merge, *_two(world))
    world.turn(days=2)
    assert _got(world) == [("ana@example.org", "First")]


def test_of_two_who_merge_the_same_pair_one_is_told(world):
    """Whoever is second hears who was quicker, in whichever direction they meant it."""
    ana, anna = _two(world)
    world.do(merge_records.merge, ana, anna)
    for pair in ((ana, anna), (anna, ana)):
        with pytest.raises(Refused, match="has merged Anna with Ana already"):
            world.do(merge_records.merge, *pair)


def test_somebody_who_took_the_address_is_named(world):
    """Anna cannot come back while another contact has her address; then she can."""
    ana, anna = _two(world)
    merged = world.do(merge_records.merge, ana, anna)
    new = world.contact("Zoe", email="anna@example.org")
    with pytest.raises(Refused, match="Zoe has the address"):
        world.do(merge_records.undo, merged)
    world.do(contacts.update, new, {"email": "zoe@example.org"})
    assert world.do(merge_records.undo, merged) == anna
