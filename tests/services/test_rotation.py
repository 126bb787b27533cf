"""Round robin: whose turn it is, whoever comes, goes and stays."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rally_desktop.model.store import Store
from rally_desktop.services import rotation, users
from rally_desktop.services.users import User

pytestmark = pytest.mark.slow

DAY = datetime(2026, 6, 2, 9, tzinfo=UTC)
NAMES = ("Ana", "Ben", "Carla")


@pytest.fixture
def three(world):
    """Three users who take turns."""
    for name in NAMES:
        world.user(name)
    return NAMES


def turns(world, count, names=NAMES, pool="1:owner"):
    """Return who was given the next turns, each in a transaction of its own."""

    def one(work):
        member = rotation.turn(work, pool, [users.named(work, name) for name in names])
        return member and member.name

    given_to = []
    for _ in range(count):
        world.clock.advance(minutes=1)
        given_to.append(world.do(one))
    return given_to


def away(world, name, **length):
    """Send somebody on holiday."""
    until = world.clock.now() + timedelta(**length)
    world.do(lambda work: users.set_away(work, users.named(work, name).id, until))


def test_everybody_has_a_turn_before_anybody_has_two(world, three):
    """Six turns of three people are two each, in the order of the pool."""
    assert turns(world, 6) == [*NAMES, *NAMES]


def test_several_turns_in_one_transaction_are_counted(world, three):
    """A batch of the engine gives five turns away; the sixth goes on from there."""

    def five(work):
        members = [users.named(work, name) for name in NAMES]
        return [rotation.turn(work, "1:owner", members).name for _ in range(5)]

    assert Counter(world.do(five)) == {"Ana": 2, "Ben": 2, "Carla": 1}
    assert turns(world, 1) == ["Carla"]


def test_whoever_is_away_is_passed_over_and_does_not_make_up_for_it(world, three):
    """Ben misses ten turns; back again he takes his third, not ten in a row."""
    away(world, "Ben", days=1)
    assert set(turns(world, 10)) == {"Ana", "Carla"}
    world.clock.advance(days=1)
    assert Counter(turns(world, 6)) == {"Ana": 2, "Ben": 2, "Carla": 2}


def test_whoever_joins_starts_at_the_least(world, three):
    """After twenty turns of two, a third one gets one of the next three, not all of them."""
    turns(world, 20, ("Ana", "Ben"))
    assert sorted(turns(world, 3)) == list(NAMES)


def test_whoever_leaves_the_pool_comes_back_as_one_who_joins(world, three):
    """Carla is taken out of the pool for thirty turns and put back in."""
    turns(world, 3)
    turns(world, 30, ("Ana", "Ben"))
    assert Counter(turns(world, 6)) == {"Ana": 2, "Ben": 2, "Carla": 2}


def test_nobody_gets_a_turn_while_all_are_away(world, three):
    """A pool on holiday gives the turn to nobody, and counts nothing."""
    for name in NAMES:
        away(world, name, days=3)
    assert turns(world, 2) == [None, None]
    assert world.rows("select * from rotation") == []


def test_pools_are_counted_apart(world, three):
    """A turn in one step is no turn in another."""
    assert turns(world, 2) == ["Ana", "Ben"]
    assert turns(world, 2, pool="1:task") == ["Ana", "Ben"]


def test_two_engines_at_once_stay_fair(world, three):
    """Two connections that hand out sixty turns at the same time give twenty to each."""
    stores = [world.store, Store(world.store.engine, world.clock)]
    failed: list[BaseException] = []

    def many(store):
        def one(work):
            members = [users.named(work, name) for name in NAMES]
            return rotation.turn(work, "1:owner", members)

        try:
            for _ in range(30):
                store.write_patiently(one)
        except BaseException as error:
            failed.append(error)

    if world.store.engine.dialect.name == "sqlite":
        stores[1] = world.store  # one writer: the lock of a file is another test's
    threads = [threading.Thread(target=many, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert world.rows("select given from rotation") == [(20,), (20,), (20,)]


# -- whatever happens ------------------------------------------------------------------------


@given(st.lists(st.sets(st.integers(1, 5)), max_size=60), st.data())
def test_whoever_is_there_all_the_time_is_served_evenly(days, data):
    """Among those present from some day on, most and least never differ by more than one."""
    shares: dict[tuple[str, str], dict[int, rotation.Share]] = {}
    pool = data.draw(st.sets(st.integers(1, 5), min_size=1))
    since: dict[int, Counter[int]] = {}
    for day, gone in enumerate(days):
        if data.draw(st.booleans(), label="the pool changes"):
            pool = data.draw(st.sets(st.integers(1, 5), min_size=1))
        now = DAY + timedelta(days=day)
        until = now + timedelta(hours=1)
        members = [User(n, str(n), "", "staff", until if n in gone else None) for n in sorted(pool)]
        work = SimpleNamespace(now=now, memo=shares, change=lambda change: None)
        shares.setdefault(("rotation", "pool"), {})
        chosen = rotation.turn(work, "pool", members)
        present = pool - gone
        assert (chosen is None) == (not present)
        since = {n: since.get(n, Counter()) for n in present}
        for counted in since.values():
            if chosen is not None:
                counted[chosen.id] += 1
        for counted in since.values():
            together = [n for n in present if sum(since[n].values()) >= sum(counted.values())]
            served = [counted[n] for n in together]
            assert max(served) - min(served) <= 1
