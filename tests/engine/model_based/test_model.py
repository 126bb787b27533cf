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
# Each bug shows in some offices only: the search begins where one of them is not far.
SEEDS = {
    "a_wait_is_resumed_twice": 8,
    "the_cooldown_is_a_day_longer": 59,
    "branches_are_tried_backwards": 9,
    "nobody_is_stopped_while_waiting": 4,
    "causes_are_not_told_apart": 8,
    "the_case_of_tags_matters": 2,
    "a_restart_keeps_the_old_run": 17,
    "the_queue_loses_the_second": 3,
    "what_is_due_runs_too_early": 3,
    "stop_actions_are_done_twice": 4,
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

    @seed(SEEDS[bug.__name__])
    @settings(SETTINGS, phases=[Phase.generate])
    @given(scenarios(LONGEST))
    def search(scenario: Scenario):
        if list(differences(scenario)):
            raise Found

    with pytest.raises(Found):
        search()
