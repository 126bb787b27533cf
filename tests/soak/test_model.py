"""The comparison of the engine with the reference, for as long as one likes.

``pytest tests/soak/test_model.py`` tries 20,000 random offices of up to 100 operations;
``RALLY_SOAK_EXAMPLES`` sets another number.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings

from tests.engine.model_based.driver import differences
from tests.engine.model_based.scenarios import Scenario, scenarios

EXAMPLES = int(os.environ.get("RALLY_SOAK_EXAMPLES", "20000"))
LONGEST = 100


@pytest.mark.slow
@pytest.mark.timeout(24 * 3600)
@settings(
    max_examples=EXAMPLES, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(scenarios(LONGEST))
def test_the_engine_does_what_the_semantics_say_for_long(scenario: Scenario):
    """Twenty thousand random offices go the same way in the engine and in the reference."""
    assert list(differences(scenario)) == []
