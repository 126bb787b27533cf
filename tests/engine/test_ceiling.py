"""The ceiling: three automated messages in 24 hours, whatever the workflows (safety, figure 15)."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from rally_desktop.services import safeguards
from tests.engine import ceiling
from tests.engine.ceiling import most_within, write_a_lot

pytestmark = pytest.mark.slow

SETS, DAYS = 30, 3


@pytest.mark.parametrize("seed", range(SETS))
def test_nobody_gets_more_than_three_messages_a_day(world, seed):
    """Random workflows, waits, replies of the office, leaps and stops: never a fourth message."""
    write_a_lot(world, Random(seed), DAYS)
    assert most_within(world, timedelta(days=1)) <= 3


def test_without_the_ceiling_somebody_would(world, monkeypatch):
    """One of these offices without the ceiling does write more often: so the promise says much."""
    loose = {**ceiling.LOOSE.dump(), "most_emails_a_day": 50, "most_emails_in_eight_days": 200}
    monkeypatch.setattr(ceiling, "LOOSE", safeguards.Safeguards.load(loose))
    assert write_a_lot(world, Random(8), DAYS) > 0
    assert most_within(world, timedelta(days=1)) > 3
