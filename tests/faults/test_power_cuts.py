"""Cut off at any moment, the disk keeps what was said to be saved (safety figure 3)."""

import random

import pytest

from tests.faults.on_disk import PEOPLE, Bench, founded

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def template(tmp_path):
    """An office that has sent its first letter."""
    return founded(tmp_path)


@pytest.fixture
def bench(template):
    """The engine, over disks that are cut off."""
    made = Bench(template)
    yield made
    made.close()


def cut(bench, times, seed):
    """Cut the power so often, at any call to the disk, and return what went wrong."""
    chance = random.Random(seed)
    calls = len(bench.calls(PEOPLE))
    return [wrong for one in range(times) if (wrong := bench.cut(chance.randint(1, calls), one))]


def test_nothing_that_was_saved_is_lost(bench):
    """In 300 power cuts every acknowledged commit is there, and every letter goes out once."""
    assert cut(bench, 300, seed=1) == []


def test_the_disk_finds_a_database_that_trusts_it(template):
    """Control: where the log is not synced with each commit, the same cuts lose commits."""
    bench = Bench(template, synchronous="NORMAL")
    assert cut(bench, 30, seed=1) != []
    bench.close()
