"""What leaves on which day is foretold for whole sequences: as it comes, if nobody answers."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from rally_desktop.core.clock import from_micros
from rally_desktop.engine import by_hand, enrol_preview, enrol_words
from rally_desktop.engine.enrol_preview import Plan, Preview
from rally_desktop.engine.outgoing import Group, Load, Outgoing
from rally_desktop.model.graph import Graph, Hours, Rules, Step
from rally_desktop.services import mail_accounts, safeguards, templates
from rally_desktop.services.safeguards import Safeguards
from tests.world import chain

pytestmark = pytest.mark.slow

DAILY = {"amount": 1, "unit": "days"}


@pytest.fixture(autouse=True)
def account(world):
    """The account that sends, and a letter and a text message."""
    number = world.mailbox()
    world.do(templates.save, "Hello", subject="Hello", text="Hi")
    world.do(templates.save, "Short", subject="", text="Hi", channel="sms")
    return number


def letter(name):
    """A step that sends a letter."""
    return Step(name, "send_email", {"template": "Hello"})


def foretold(world, number, refs):
    """What is foretold of enrolling them."""
    found = Preview(len(refs))
    ids = [ref.id for ref in refs]
    enrol_preview.look(world.store, number, "contact", ids, found, lambda: False)
    return found


def people(world, count):
    """So many contacts that can be written to."""
    return [world.contact(f"P{n}", email=f"p{n}@example.org") for n in range(count)]


def test_what_is_foretold_is_what_happens(world):
    """Three letters over days off, hours, a limit a day and one a person: each day is as said."""
    world.do(
        lambda work: work.connection.exec_driver_sql("update mail_account set daily_limit = 3")
    )
    number = world.publish(
        letter("one"), Step("w1", "wait", {"amount": 2, "unit": "business days"}),
        letter("two"), Step("w2", "wait", {"amount": 4, "unit": "hours"}), letter("three"),
        trigger="by_hand", purpose="sequence",
        settings=Rules(again="never", hours=Hours((0, 1, 2, 3, 4), "09:00", "16:00")),
    )  # fmt: skip
    refs = people(world, 5)
    said = foretold(world, number, refs).plan.days
    world.do(by_hand.enrol, number, refs)
    for _ in range(20):
        world.turn(days=1)
    sent = world.rows("select sent_at from outbox where state = 'sent'")
    came = Counter(from_micros(at).date() for (at,) in sent)
    assert {day: load.emails for day, load in said.items()} == dict(sorted(came.items()))


def test_what_waits_for_its_day_does_not_go_stale(world):
    """Two a day of nine: the last goes out on the fifth day, though a message keeps for two."""
    world.do(
        lambda work: work.connection.exec_driver_sql("update mail_account set daily_limit = 2")
    )
    number = world.publish(letter("one"), trigger="by_hand")
    refs = people(world, 9)
    said = foretold(world, number, refs).plan.days
    world.do(by_hand.enrol, number, refs)
    for _ in range(6):
        world.turn(days=1)
    assert [load.emails for load in said.values()] == [2, 2, 2, 2, 1]
    assert len(world.mail.letters) == 9


def test_nobody_is_written_to_more_often_than_the_office_allows(world):
    """Of four letters on four days the fourth waits until the first is a week ago."""
    steps = [letter("a"), letter("b"), letter("c"), letter("d")]
    waits = [Step(f"w{n}", "wait", DAILY) for n in range(3)]
    ordered = [steps[0], *(one for pair in zip(waits, steps[1:], strict=True) for one in pair)]
    number = world.publish(*ordered, trigger="by_hand")
    plan = foretold(world, number, people(world, 2)).plan
    assert [day.day for day in plan.days] == [2, 3, 4, 9]
    assert plan.limits == ("nobody gets more than 1 e-mail a day or 3 e-mails in 7 days",)


def test_who_was_written_to_just_now_gets_the_first_message_later(world):
    """One of two has had a letter today from another sequence: a day later is the turn."""
    before = world.publish(letter("one"), trigger="by_hand")
    ana, ben = people(world, 2)
    world.do(by_hand.enrol, before, [ana])
    world.tick()
    number = world.publish(letter("one"), trigger="by_hand")
    days = foretold(world, number, [ana, ben]).plan.days
    assert days == {date(2026, 6, 2): Load(1, 0), date(2026, 6, 3): Load(1, 0)}


def test_a_hundred_thousand_cost_no_more_than_their_days(world, account):
    """They go through in lots: every one of three messages is counted, half by either path."""
    world.do(safeguards.save, Safeguards(sends_an_hour=0, enrolments_a_minute=0))
    shares = [{"name": n, "exit": n, "percent": 50} for n in ("a", "b")]
    steps = {
        **chain(letter("one"), Step("w", "wait", {"amount": 7, "unit": "days"})),
        "split": Step("split", "split", {"paths": shares}, {"a": "two", "b": "three"}),
        "two": Step("two", "send_email", {"template": "Hello"}, {"next": "sms"}),
        "three": Step("three", "add_tag", {"tag": "B"}, {"next": "sms"}),
        "sms": Step("sms", "send_sms", {"template": "Short"}),
    }
    steps["w"] = Step("w", "wait", steps["w"].settings, {"next": "split"})
    graph = Graph("Test", start="one", steps=steps)
    writing = [steps[key] for key in ("one", "two", "sms")]

    def reckoned(work):
        sender = mail_accounts.account_for(work, "", None, "email")
        out = Outgoing(work, graph, writing)
        out.enter(Group((sender, sender, sender)), 100_000)
        out.send()
        return out

    out = world.ask(reckoned)
    assert (out.whole, out.beyond) == (True, 0)
    loads = out.days.values()
    assert (sum(one.emails for one in loads), sum(one.texts for one in loads)) == (150_000, 100_000)


def test_where_the_steps_branch_only_first_messages_are_told(world):
    """What follows depends on the way, and that is said."""
    paths = [{"name": "VIP", "exit": "vip", "filter": {"field": "city", "op": "is_known"}}]
    number = world.publish(
        Step("one", "send_email", {"template": "Hello"}, {"next": "which"}),
        Step("which", "branch", {"paths": paths}, {"vip": "two", "else": "end"}),
        Step("two", "send_email", {"template": "Hello"}),
        Step("end", "end"),
        trigger="by_hand",
    )
    found = foretold(world, number, people(world, 1))
    assert list(found.plan.days.values()) == [Load(1, 0)]
    assert "The steps branch" in " ".join(enrol_words.says(found))


def test_many_days_are_told_by_week_and_month():
    """Nine days are two weeks; a year is told in months."""
    days = {date(2026, 6, day): Load(2, 1) for day in range(1, 10)}
    first, second = enrol_words.stretches(days)
    assert (first.name, first.said, second.count) == ("Week of 1 Jun", "14 e-mails and 7 SMS", 6)
    assert enrol_words.stretches({day.replace(month=m): Load(1, 0) for day in days for m in (1, 9)})
    assert enrol_words.heading(Plan()) == "Messages by day, if nobody answers"
