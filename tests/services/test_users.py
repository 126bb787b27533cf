"""The people of the office: told apart by name or e-mail, here or away."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.services import calendar, lists, people, users
from rally_desktop.services.calendar import Calendar


def named(world, name):
    """Return the number of the user with a name."""
    return world.ask(users.named, name).id


def test_a_name_is_enough_where_it_is_the_only_one(world):
    """A user is found by name or e-mail, whatever the case and the space around."""
    maria = world.user("Maria", email="maria@example.org")
    assert {named(world, said) for said in (" maria ", "MARIA@example.org")} == {maria}


def test_two_of_one_name_are_told_apart_by_e_mail(world):
    """Both Marias are offered with their address; the name alone is not taken for either."""
    first = world.user("Maria", email="m1@example.org")
    second = world.user("maria", email="m2@example.org")
    assert world.ask(lists.of, "user") == [
        "Admin",
        "Maria <m1@example.org>",
        "maria <m2@example.org>",
    ]
    assert named(world, "Maria <m1@example.org>") == first
    assert named(world, "m2@example.org") == second
    with pytest.raises(users.SameName, match="choose one by the e-mail"):
        named(world, "Maria")


def test_two_of_one_name_without_an_address_have_a_number(world):
    """Every label that is offered leads to one user, and to no other."""
    numbers = [world.user("Maria") for _ in range(2)] + [world.user("Maria", email="m@example.org")]
    labels = [label for label in world.ask(lists.of, "user") if label.startswith("Maria")]
    assert sorted(named(world, label) for label in labels) == numbers


@pytest.mark.parametrize("name", ["", "  ", "Nobody", "@"])
def test_a_stranger_is_refused(world, name):
    """Whoever is not in the office is not found, and an empty name is nobody's."""
    with pytest.raises(Refused, match="Nobody in the office"):
        world.ask(users.named, name)


def test_somebody_is_away_until_a_moment(world):
    """On holiday until that moment, back from it on, or as soon as it is said."""
    maria, back = world.user("Maria"), world.clock.now() + timedelta(days=1)
    world.do(users.set_away, maria, back)
    found = world.ask(users.named, "Maria")
    assert (found.away(world.clock.now()), found.away(back)) == (True, False)
    world.do(users.set_away, maria, None)
    assert not world.ask(users.named, "Maria").away(world.clock.now())


def test_an_absence_of_nobody_or_without_a_zone_is_refused(world):
    """A user who is not there cannot be away, and a moment needs its zone."""
    with pytest.raises(NotFound, match="does not exist"):
        world.do(users.set_away, 404, world.clock.now())
    with pytest.raises(Refused, match="with the zone"):
        world.do(users.set_away, world.user(), world.clock.now().replace(tzinfo=None))


def test_whoever_is_back_on_a_day_is_back_when_the_office_begins_it(world):
    """In New York that is four hours after midnight in London, and the same day on screen."""
    world.do(calendar.save, Calendar(time_zone="America/New_York"))
    maria = world.user("Maria")
    day = world.clock.now().date() + timedelta(days=3)
    world.do(users.away_until, maria, day)
    found = world.ask(users.named, "Maria")
    assert found.away_until == datetime.combine(day, time(4), UTC)
    assert next(one for one in world.ask(people.listed) if one.id == maria).back_on == day
    world.do(users.away_until, maria, None)
    assert world.ask(users.named, "Maria").away_until is None
