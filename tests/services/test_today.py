"""A person's day: what is due, who wrote, what one was told."""

from __future__ import annotations

from datetime import timedelta

from rally_desktop.services import tasks, today, users


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


def test_a_reply_waits_until_it_is_answered(world):
    """Whoever wrote stands there until somebody writes back, or two weeks have gone."""
    ana, ben = world.contact("Ana"), world.contact("Ben")
    for ref in (ana, ben):
        world.say(ref, "email_received")
    world.clock.advance(hours=1)
    world.say(ben, "email_sent")
    assert [one.ref for one in _day(world).replies] == [ana]
    world.clock.advance(days=15)
    assert _day(world).replies == ()
