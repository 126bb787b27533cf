"""The office's users: changed, handed over, let go, and brought back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rally_desktop.core.errors import Refused
from rally_desktop.engine import renaming
from rally_desktop.model.graph import Graph, Step
from rally_desktop.services import entry, people, tasks, users, workflows
from rally_desktop.services.people import Handing


@pytest.fixture
def two(world):
    """Two users, of whom the first has a contact, a deal and a task."""
    maria, ben = world.user("Maria", email="m@example.org"), world.user("Ben")
    ana = world.contact(owner_id=maria)
    world.deal(owner_id=maria)
    world.do(tasks.create, ana, title="Ring", due_at=None, assignee_id=maria)
    return maria, ben, ana


def member(world, number):
    """A user as the settings show it."""
    return next(one for one in world.ask(people.listed) if one.id == number)


def test_everybody_is_listed_with_what_is_theirs(world, two):
    """Records by kind, and open tasks."""
    found = member(world, two[0])
    assert (dict(found.records), found.tasks) == ({"contact": 1, "deal": 1}, 1)
    assert (dict(member(world, two[1]).records), member(world, two[1]).tasks) == ({}, 0)


def test_a_name_an_address_and_a_role_can_be_changed_and_put_back(world, two):
    """What they were is what undoes it."""
    before = world.do(people.edit, two[0], {"name": " Mary  Hill ", "role": "viewer"})
    assert (member(world, two[0]).name, member(world, two[0]).role) == ("Mary Hill", "viewer")
    world.do(people.edit, two[0], before)
    assert (member(world, two[0]).name, member(world, two[0]).role) == ("Maria", "staff")


def test_somebody_is_back_when_their_own_day_begins(world, two):
    """Who works elsewhere is back as the day begins there; who says nothing, as in the office."""
    world.do(people.edit, two[0], {"time_zone": "Asia/Tokyo"})
    for number in two[:2]:
        world.do(users.away_until, number, date(2026, 7, 1))
    found = [member(world, number) for number in two[:2]]
    assert [one.back_on for one in found] == [date(2026, 7, 1)] * 2
    assert found[1].away_until - found[0].away_until == timedelta(hours=8)


@pytest.mark.parametrize(
    "values",
    [{"name": " "}, {"role": "king"}, {"email": "M@example.org"}, {"time_zone": "Atlantis"}],
    ids=str,
)
def test_what_cannot_be_is_refused(world, two, values):
    """Nobody without a name, no role of one's own, no address that somebody else has."""
    with pytest.raises(Refused):
        world.do(people.edit, two[1], values)


def test_the_last_admin_stays(world, two):
    """Neither another role nor leaving, until somebody else is one."""
    admin = world.ask(users.named, "Admin").id
    for refused in (
        lambda: world.do(people.edit, admin, {"role": "staff"}),
        lambda: world.do(people.deactivate, admin),
        lambda: people.hand_over(world.store, two[1], Handing(admin), lambda: False),
    ):
        with pytest.raises(Refused, match="needs an admin"):
            refused()
    world.do(people.edit, two[0], {"role": "admin"})
    world.do(people.deactivate, admin)
    assert not member(world, admin).active
    world.do(people.activate, admin)
    assert member(world, admin).active


def test_whoever_leaves_hands_over_and_comes_back_to_it(world, two):
    """Records and tasks go to the other; what was changed since stays when it is taken back."""
    maria, ben, ana = two
    handing = people.hand_over(world.store, ben, Handing(maria), lambda: False)
    assert (handing.wanted, handing.changed, handing.left) == (2, 2, True)
    assert (dict(member(world, ben).records), member(world, ben).tasks) == (
        {"contact": 1, "deal": 1}, 1,
    )  # fmt: skip
    assert not member(world, maria).active
    world.do(entry.update, ana, {"owner": "Admin"})
    undone = people.take_back(world.store, handing)
    assert (undone.back, undone.kept) == (1, 1)
    assert (dict(member(world, maria).records), member(world, maria).tasks) == ({"deal": 1}, 1)
    assert member(world, maria).active


def test_handing_over_can_be_called_off(world, two):
    """The user stays, with whatever was not handed over yet."""
    handing = people.hand_over(world.store, two[1], Handing(two[0]), lambda: True)
    assert (handing.changed, handing.left) == (0, False)
    assert member(world, two[0]).active


def test_drafts_follow_a_user_and_the_namesakes(world):
    """Whoever is left alone with a name is called by it; the draft says so too."""
    first = world.user("Maria", email="m1@example.org")
    world.user("Maria", email="m2@example.org")
    who = ["Maria <m1@example.org>", "Maria <m2@example.org>"]
    step = Step("s", "notify", {"text": "Hi", "who": who})
    number = world.do(workflows.create, Graph(name="Tell", start="s", steps={"s": step}))
    world.do(renaming.edit_user, first, {"name": "Mary"})
    graph = world.ask(workflows.draft, number).graph
    assert graph.steps["s"].settings["who"] == ["Mary", "Maria"]
    assert [world.ask(users.named, name).id for name in ("Mary", "Maria")] == [first, first + 1]
