"""A thousand random offices, twelve days each: nobody ever gets more than the ceiling."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from tests.engine.ceiling import most_within, write_a_lot

SETS, DAYS = 1_000, 12


@pytest.mark.parametrize("seed", range(SETS))
def test_nobody_gets_more_than_the_ceiling(world, seed):
    """Three messages in 24 hours and eight in eight days are the most, whatever the workflows."""
    write_a_lot(world, Random(seed), DAYS)
    assert most_within(world, timedelta(days=1)) <= 3
    assert most_within(world, timedelta(days=8)) <= 8
