"""An office from nothing, and the people in it."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import BadSettings, Refused
from rally_desktop.services import deals, lists, office, settings, users
from tests.services.hostile import UNKEPT


def test_a_fresh_office_has_what_work_needs(store):
    """Lists, a pipeline that ends in won and lost, a time zone, and somebody to log in."""
    store.write(office.found, "Hill Dental", "Maria")
    assert [user.role for user in store.read(users.listed)] == ["admin"]
    assert {stage.outcome for stage in store.read(deals.stages)} == {"open", "won", "lost"}
    assert all(store.read(lists.of, name) == list(lists.DEFAULTS[name]) for name in lists.DEFAULTS)
    assert store.read(settings.get, "office_name") == "Hill Dental"


def test_founding_twice_changes_nothing(store):
    """An office that exists is left alone, its epoch above all."""
    store.write(office.found)
    epoch = store.read(settings.get, "epoch")
    told = []
    store.listen(told.append)
    store.write(office.found, "Another", "Tom")
    assert (store.read(settings.get, "epoch"), told) == (epoch, [])


def test_no_two_offices_share_an_epoch(store, clock):
    """The epoch is random, so that a message's key is nobody else's."""
    store.write(office.found)
    first = store.read(settings.get, "epoch")
    assert len(first) == 16


def test_users_are_listed_by_name(world):
    """Everybody who works here, in the order of names."""
    world.user("Maria", email=" maria@example.org ", role="viewer")
    found = world.ask(users.listed)
    assert [(user.name, user.email, user.role) for user in found] == [
        ("Admin", "", "admin"), ("Maria", "maria@example.org", "viewer"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "values", [{"name": " "}, {"role": "owner"}, {"name": "x" * 201}, {"name": UNKEPT[0]},
               {"email": "x" * 321}, {"email": UNKEPT[1]}],
    ids=ascii,
)  # fmt: skip
def test_a_user_that_cannot_be_is_refused(world, values):
    """A user needs a name and one of the roles, in characters that can be kept."""
    with pytest.raises((Refused, BadSettings)):
        world.do(users.add, **{"name": "Maria", **values})


def test_a_notification_reaches_one_person(world):
    """Somebody is told something about a record, and the record's timeline says so."""
    ana = world.contact()
    maria = world.ask(users.listed)[0]
    world.do(users.notify, ana, maria, "Call her")
    assert world.rows("select user_id, text, seen_at from notification") == [
        (maria.id, "Call her", None)
    ]
    assert world.happened(ana) == ["created", "notified"]
