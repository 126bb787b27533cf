"""Birthday wishes, as a customer would tell it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from rally_desktop.model.changes import RowAdded, RowChanged
from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import templates

YEARLY = {"field": "custom.birthday", "yearly": True, "at": "09:00"}


def test_wishes_arrive_on_the_morning_of_the_day_where_one_lives(world):
    """Every year at nine o'clock, in Sydney and in Lima."""
    own = {"record_kind": "contact", "name": "birthday", "label": "Birthday", "kind": "date"}
    world.do(lambda work: work.change(RowAdded("custom_field", {"id": 1, **own, "position": 1})))
    world.mailbox()
    world.do(templates.save, "Wishes", subject="Happy birthday, {{ contact.first_name }}", text="!")
    world.publish(
        Step("mail", "send_email", {"template": "Wishes"}),
        trigger="date_field", trigger_settings=YEARLY, settings=Rules(again="every_event"),
    )  # fmt: skip
    homes = {"Ana": "Australia/Sydney", "Luz": "America/Lima"}
    for name, zone in homes.items():
        ref = world.contact(name, email=f"{name}@example.org", time_zone=zone)
        born = {"custom": {"birthday": "1990-06-20"}}
        world.do(lambda work, ref=ref, born=born: work.change(RowChanged("contact", ref.id, born)))

    world.turn(days=400)

    sent = world.rows("select subject, sent_at from outbox order by sent_at")
    seen = [
        (subject, f"{datetime.fromtimestamp(at / 1e6, UTC).astimezone(ZoneInfo(zone)):%x %H:%M}")
        for (subject, at), zone in zip(sent, [*homes.values()] * 2, strict=True)
    ]
    assert seen == [
        (f"Happy birthday, {name}", f"06/20/{year} 09:00") for year in (26, 27) for name in homes
    ]
