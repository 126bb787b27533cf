"""A person's day: what is due, who wrote, what one was told."""

from __future__ import annotations

from datetime import timedelta

from rally_desktop.services import (
    letters,
    mail_accounts,
    messages,
    replies,
    tasks,
    today,
    users,
)
from rally_desktop.services.messages import Content, Origin
from tests.services.test_conversations import mail


def _day(world, user=None):
    midnight = world.clock.now().replace(hour=0) + timedelta(days=1)
    return world.ask(today.of, user, midnight)


def _task(world, title, **due):
    now = world.clock.now()
    when = now + timedelta(**due) if due else None
    return world.do(tasks.create, world.contact(), title=title, due_at=when)


def test_tasks_stand_under_when_they_are_due(world):
    """Overdue first, then today, this week, later, and without a date last."""
    _task(world, "no date")
    _task(world, "next month", days=30)
    _task(world, "on Friday", days=3)
    _task(world, "at noon", hours=3)
    _task(world, "yesterday", days=-1)
    assert [(name, [one.title for one in some]) for name, some in _day(world).tasks] == [
        ("Overdue", ["yesterday"]),
        ("Today", ["at noon"]),
        ("Next 7 days", ["on Friday"]),
        ("Later", ["next month"]),
        ("Without a date", ["no date"]),
    ]


def test_everybody_has_a_day_of_their_own(world):
    """Maria sees her tasks and notices, not Ben's; everybody's day has both."""
    maria, ben = world.user("Maria"), world.user("Ben")
    ana = world.contact("Ana")
    world.do(tasks.create, ana, title="Hers", assignee_id=maria)
    world.do(tasks.create, ana, title="His", assignee_id=ben)
    who = next(one for one in world.ask(users.listed) if one.id == ben)
    world.do(users.notify, ana, who, "Look at this")
    assert [one.title for _, some in _day(world, maria).tasks for one in some] == ["Hers"]
    assert [one.text for one in _day(world, ben).notices] == ["Look at this"]
    assert len(_day(world).tasks[0][1]) == 2


def test_a_notice_is_put_away(world):
    """Once seen it is not shown again."""
    ben = world.user("Ben")
    who = next(one for one in world.ask(users.listed) if one.id == ben)
    world.do(users.notify, world.contact(), who, "Look at this")
    world.do(today.see, _day(world, ben).notices[0].id)
    assert not _day(world, ben)


def _replies(world, user=None):
    return [one.name for one in _day(world, user).replies]


def test_a_reply_waits_until_it_is_answered(world):
    """Whoever wrote stands there until somebody writes back by hand, or two weeks have gone."""
    ana, ben = (world.contact(name, email=f"{name}@example.org") for name in ("Ana", "Ben"))
    for ref in (ana, ben):
        mail(world, ref, f"m{ref.id}", subject="Chairs", text="Yes\n\n> Shall I?")
    world.clock.advance(hours=1)
    mail(world, ben, "answer", direction="out")
    (reply,) = _day(world).replies
    assert (reply.name, reply.subject, reply.text) == ("Ana", "Chairs", "Yes")
    assert world.ask(letters.one, reply.message).sender == "ana@example.org"
    world.clock.advance(days=15)
    assert _replies(world) == []


def test_what_a_workflow_sends_answers_nobody(world):
    """A newsletter after the reply is no answer; a letter by hand is one while it waits to go."""
    ana = world.contact("Ana", email="ana@example.org")
    account = world.ask(mail_accounts.one, world.mailbox())
    mail(world, ana, "yes")
    world.clock.advance(hours=1)

    def send(work, run_id, step, seq):
        origin = Origin(None, run_id, step, seq, work.now)
        messages.queue(work, ana, work.record(ana), account, Content("S", "Text"), origin)

    world.do(send, 1, "a", 1)
    assert _replies(world) == ["Ana"]
    world.do(send, None, messages.BY_HAND, 2)
    assert _replies(world) == []


def test_a_reply_is_put_aside_and_comes_back(world):
    """Until tomorrow, for good, and back at once when they write again; undone it is as before."""
    ana = world.contact("Ana", email="ana@example.org")
    mail(world, ana, "one")
    world.clock.advance(hours=1)
    before = world.do(replies.put_aside, ana, world.clock.now() + timedelta(days=1))
    assert (_replies(world), world.ask(replies.count, None)) == ([], 0)
    world.clock.advance(days=1)
    assert (_replies(world), world.ask(replies.count, None)) == (["Ana"], 1)
    world.do(replies.put_aside, ana)
    assert _replies(world) == []
    world.do(replies.put_back, ana, before)
    assert _replies(world) == ["Ana"]
    world.do(replies.put_aside, ana)
    world.clock.advance(hours=1)
    mail(world, ana, "two")
    assert _replies(world) == ["Ana"]


def test_what_a_machine_answers_waits_for_nobody(world):
    """Somebody who is away has not written."""
    ana = world.contact("Ana", email="ana@example.org")
    mail(world, ana, "away", said={"automatic": True, "machine": "absence"})
    assert _replies(world) == []


def test_a_text_message_waits_too(world):
    """It says that it is one, and what it says; no e-mail stands behind it."""
    ana = world.contact("Ana", mobile="+351 912 345 678")
    world.say(ana, "sms_received", text="Yes")
    (reply,) = _day(world).replies
    assert (reply.channel, reply.text, reply.message) == ("sms", "Yes", None)


def test_replies_are_their_owner_s(world):
    """Maria sees those of her people and of nobody's; everybody's day has all."""
    maria, ben = world.user("Maria"), world.user("Ben")
    for name, owner in (("Ana", maria), ("Bea", ben), ("Cleo", None)):
        mail(world, world.contact(name, email=f"{name}@example.org", owner_id=owner), name)
    assert sorted(_replies(world, maria)) == ["Ana", "Cleo"]
    assert world.ask(replies.count, ben) == 2
