"""The office's calendar."""

from __future__ import annotations

from datetime import date

import pytest

from rally_desktop.core.errors import BadSettings
from rally_desktop.model.graph import Hours
from rally_desktop.services import calendar, settings
from rally_desktop.services.calendar import Calendar


def test_an_office_works_from_monday_to_friday_and_texts_by_day(world):
    """That is so until it says otherwise."""
    week = world.ask(calendar.of)
    assert [week.works_on(date(2026, 6, day)) for day in range(1, 8)] == [True] * 5 + [False] * 2
    assert week.hours("email") is None
    assert week.hours("sms") == Hours(tuple(range(7)), "08:00", "20:00")


def test_what_is_saved_holds(world):
    """Holidays and hours come back as they were saved."""
    saved = Calendar(
        business_days=("Sunday", "Monday"), holidays=(date(2026, 12, 25),),
        email_from="07:30", email_until="21:00", sms_from="", sms_until="",
    )  # fmt: skip
    world.do(calendar.save, saved)
    week = world.ask(calendar.of)
    assert week == saved
    assert not week.works_on(date(2026, 12, 25))
    assert week.hours("sms") is None
    assert week.hours("email").opens == "07:30"


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"business_days": ()}, "business_days"),
        ({"email_from": "08:00"}, "email_until"),
        ({"sms_from": ""}, "sms_from"),
        ({"sms_from": "8 o'clock"}, "sms_from"),
    ],
)
def test_what_cannot_be_is_refused(world, wrong, where):
    """A week without a day, half a pair of times and what is no time are named."""
    with pytest.raises(BadSettings) as caught:
        world.do(calendar.save, Calendar(**wrong))
    assert where in caught.value.problems


def test_a_spoilt_calendar_is_the_usual_one(world):
    """What a newer program saved stops nothing."""
    world.do(settings.put, "calendar", {"moon_phases": True})
    assert world.ask(calendar.of) == Calendar()
