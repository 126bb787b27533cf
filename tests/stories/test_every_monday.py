"""A look at open offers every Monday, as a customer would tell it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import deals, settings

MONDAYS = {"every": "week", "weekdays": ["Monday"], "at": "08:30"}
OFFERS = {"field": "stage", "op": "is", "value": "Proposal"}


def test_every_monday_there_is_a_task_for_each_open_offer(world):
    """At half past eight in the office, while the offer is open, and only for offers."""
    world.do(settings.put, "time_zone", "Europe/Paris")
    world.publish(
        Step("task", "create_task", {"task": "Where is {{ deal.name }}?"}),
        trigger="schedule", trigger_settings=MONDAYS, record="deal", audience=OFFERS,
        settings=Rules(again="every_event"),
    )  # fmt: skip
    roof = world.deal("Roof", stage="Proposal", owner_id=world.user("Maria"))
    world.deal("Barn")

    world.turn(days=14)
    world.do(deals.move, roof, "Closed Won")
    world.turn(days=14)

    made = world.rows("select title, created_at from task order by id")
    when = [datetime.fromtimestamp(at / 1e6, ZoneInfo("Europe/Paris")) for _, at in made]
    assert [title for title, _ in made] == ["Where is Roof?"] * 2
    assert [f"{one:%a %d %b %H:%M}" for one in when] == ["Mon 08 Jun 08:30", "Mon 15 Jun 08:30"]
