"""A contact's score."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import Refused
from rally_desktop.services import scores


@pytest.mark.parametrize(
    ("before", "how", "points", "after"),
    [
        (None, "add", 10, 10), (None, "subtract", 10, 0), (95, "add", 10, 100),
        (5, "subtract", 10, 0), (40, "set", 70, 70), (40, "set", 400, 100),
    ],
)  # fmt: skip
def test_a_score_stays_between_nothing_and_a_hundred(world, before, how, points, after):
    """An empty score counts from 0; what would go over or under stops at the end."""
    ana = world.contact(score=before)
    assert world.do(scores.change, ana, how, points) == (before or 0, after)
    assert world.record(ana)["score"] == after


def test_points_are_not_negative(world):
    """Taking away is said, not written with a minus."""
    with pytest.raises(Refused, match="from 0 upwards"):
        world.do(scores.change, world.contact(), "add", -1)


@pytest.mark.parametrize(
    ("score", "name"),
    [(0, "cold"), (25, "cold"), (26, "warm"), (50, "warm"), (51, "hot"), (76, "sales-ready")],
)
def test_scores_have_names(score, name):
    """Cold to 25, warm to 50, hot to 75, sales-ready above."""
    assert scores.band(score) == name
