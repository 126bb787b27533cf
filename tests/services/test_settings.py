"""Settings that every computer of the office shares."""

from __future__ import annotations

import pytest

from rally_desktop.services import settings


@pytest.mark.parametrize(
    "value",
    [0, 1.5, "", "Zürich 👩‍👧 \u202e", False, [], {"a": [1, None]}, "x" * 1_000_000, "A\0"],
    ids=lambda value: ascii(value)[:12],
)  # fmt: skip
def test_what_is_put_comes_back(world, value):
    """Any JSON value is kept exactly, also one that counts as nothing."""
    world.do(settings.put, "thing", value)
    assert world.ask(settings.get, "thing", "default") == value


def test_what_was_never_set_has_its_default(world):
    """A setting nobody has touched is the default that was asked for."""
    assert world.ask(settings.get, "thing") is None
    assert world.ask(settings.get, "thing", 7) == 7


def test_the_last_value_stands(world):
    """A setting put twice, also in one transaction, is the last one."""

    def service(work):
        for value in (1, 2, 3):
            settings.put(work, "thing", value)
        return settings.get(work, "thing")

    assert world.do(service) == world.ask(settings.get, "thing") == 3


def test_nothing_takes_a_setting_away(world):
    """A setting put to nothing has its default again, whether it was there or not."""
    world.do(settings.put, "thing", 1)
    for _ in range(2):
        world.do(settings.put, "thing", None)
        assert world.ask(settings.get, "thing", 7) == 7


def test_a_counter_counts(world):
    """A counter begins at one and goes up by one each time."""
    assert [world.do(settings.count_up, "count") for _ in range(3)] == [1, 2, 3]
