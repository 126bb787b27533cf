"""The engine against a plain interpreter of the semantics, on random offices (safety.md, 7)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from tests.engine.model_based.driver import differences
from tests.engine.model_based.scenarios import Scenario, scenarios

EXAMPLES, LONGEST = 500, 40


@pytest.mark.slow
@settings(
    max_examples=EXAMPLES, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(scenarios(LONGEST))
def test_the_engine_does_what_the_semantics_say(scenario: Scenario):
    """Records, runs, visits and refusals are the same whatever happens, crashes included."""
    assert list(differences(scenario)) == []
