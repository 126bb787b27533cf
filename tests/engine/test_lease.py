"""Leases: one holder at a time, and an old one can be told apart."""

from __future__ import annotations

from datetime import timedelta

from rally_desktop.engine import lease

MINUTE = timedelta(minutes=1)


def take(world, holder, name="mail"):
    """Try to take a lease for a minute."""
    return world.do(lease.take, name, holder, MINUTE)


def test_one_holder_at_a_time(world):
    """While one computer holds a lease, another one gets none."""
    assert take(world, "a") == 1
    assert take(world, "b") is None


def test_a_lease_is_renewed_under_the_same_token(world):
    """Who holds it may go on holding it."""
    assert take(world, "a") == 1
    world.clock.advance(seconds=50)
    assert take(world, "a") == 1
    world.clock.advance(seconds=50)
    assert take(world, "b") is None


def test_a_lease_that_ran_out_passes_on_with_a_higher_token(world):
    """Whatever the old holder still does can be told by its token."""
    take(world, "a")
    world.clock.advance(minutes=1)
    assert take(world, "b") == 2
    assert take(world, "a") is None
    world.clock.advance(minutes=1)
    assert take(world, "a") == 3


def test_a_lease_given_back_is_free_at_once(world):
    """The next holder need not wait for it to run out."""
    take(world, "a")
    world.do(lease.give_back, "mail", "a")
    assert take(world, "b") == 2


def test_nobody_gives_back_what_another_holds(world):
    """Giving back a lease that one does not hold changes nothing."""
    take(world, "a")
    world.do(lease.give_back, "mail", "b")
    world.do(lease.give_back, "nothing", "b")
    assert take(world, "b") is None


def test_leases_of_different_names_are_apart(world):
    """Each mailbox has its own."""
    assert (take(world, "a", "one"), take(world, "b", "two")) == (1, 1)
