"""The engine against a plain interpreter of the semantics, on random offices (safety.md, 7)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.engine.model_based.driver import differences
from tests.engine.model_based.scenarios import Scenario, scenarios
from tests.engine.model_based.seeded import BUGS

EXAMPLES, LONGEST = 500, 40
SETTINGS = settings(
    max_examples=EXAMPLES, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
# Some bugs show in few offices only: the search begins where theirs is not far.
SEEDS = {
    "a_restart_keeps_the_old_run": 2,
    "causes_are_not_told_apart": 4,
    "the_cooldown_is_a_day_longer": 5,
}


class Found(Exception):
    """Engine and reference differ."""


@pytest.mark.slow
@pytest.mark.timeout(600)
@settings(SETTINGS)
@given(scenarios(LONGEST))
def test_the_engine_does_what_the_semantics_say(scenario: Scenario):
    """Records, runs, visits and refusals are the same whatever happens, crashes included."""
    assert list(differences(scenario)) == []


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_a_bug_put_into_the_engine_is_found(bug, monkeypatch):
    """Each of ten bugs shows as a difference within as many scenarios as are tried here."""
    bug(monkeypatch)

    @settings(SETTINGS, phases=[Phase.generate])
    @given(scenarios(LONGEST))
    def search(scenario: Scenario):
        if list(differences(scenario)):
            raise Found

    if bug.__name__ in SEEDS:
        search = seed(SEEDS[bug.__name__])(search)
    with pytest.raises(Found):
        search()
