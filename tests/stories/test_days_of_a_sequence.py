"""The days that the list of a sequence shows are the days on which it happens."""

from datetime import timedelta

import pytest

from rally_desktop.core.clock import from_micros
from rally_desktop.engine import by_hand, publishing, sequence_days, sequence_plan
from rally_desktop.model.graph import Graph, Hours, Rules, Step, Trigger
from rally_desktop.services import calendar, templates, workflows
from tests.world import chain

pytestmark = pytest.mark.slow

JITTER = timedelta(minutes=15)
STEPS = chain(
    Step("one", "send_email", {"template": "One"}),
    Step("w1", "wait", {"amount": 3, "unit": "business days"}),
    Step("two", "send_email", {"template": "Two"}),
    Step("w2", "wait", {"amount": 2, "unit": "weeks"}),
    Step("task", "create_task", {"task": "Look"}),
    Step("w3", "wait", {"amount": 30, "unit": "hours"}),
    Step("three", "send_email", {"template": "One"}),
)
RULES = Rules(again="never", hours=Hours((0, 1, 3), "10:00", "11:30"))
FOLLOW_UP = Graph(
    "Follow up", purpose="sequence", triggers=(Trigger("hand", "by_hand"),), start="one",
    steps=STEPS, settings=RULES,
)  # fmt: skip


def test_each_step_comes_when_the_list_says(world):
    """Business days, weeks, hours of the clock and the hours for messages, all of them."""
    world.mailbox()
    for name in ("One", "Two"):
        world.do(templates.save, name, subject=name, text="Hi")
    number = world.do(workflows.create, FOLLOW_UP)
    world.do(publishing.publish, number)
    week, zone = world.ask(calendar.of), world.ask(calendar.office_zone)
    line = sequence_plan.read(FOLLOW_UP)
    begin = sequence_days.begins(FOLLOW_UP, week, zone, world.clock.now())
    dues = sequence_days.timetable(FOLLOW_UP, line, week, zone, begin)

    world.clock.advance(seconds=(begin - world.clock.now()).total_seconds())
    world.do(by_hand.enrol, number, [world.contact("Ana", email="ana@example.com")])
    world.turn(days=40)

    found = world.rows("select step, at from visit") + world.rows(
        "select step, sent_at from outbox"
    )
    came = {step: from_micros(at) for step, at in found}
    for row, due in zip(line.rows, dues, strict=False):
        assert due.moment <= came[row.key] <= due.moment + 3 * JITTER, row.key
