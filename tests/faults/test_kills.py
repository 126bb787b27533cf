"""Killed at any moment, the engine sends every message once (safety figures 1 and 2)."""

import os

import pytest

from tests.faults.kills import killed, killed_at_once

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="needs fork"),
]


CONNECTIONS = 3  # at once, where the account may have more than one


def test_with_a_journal_nothing_is_lost_and_nothing_doubled(tmp_path):
    """After 200 kills every contact has had one message, and no doubt is left."""
    outcomes = killed_at_once(tmp_path, 200, journal=True)

    for outcome in outcomes:
        assert (outcome.lost, outcome.duplicates) == (0, 0)
        assert outcome.counted.states == {"sent": outcome.counted.contacts}
        assert outcome.counted.runs_done == outcome.counted.contacts == len(outcome.arrived)
        assert outcome.log.broken is None, "the chain of the audit log does not hold"
    assert sum(one.kills for one in outcomes) == 200
    assert sum(one.counted.contacts for one in outcomes) > 200
    assert any(one.counted.doubts_shown for one in outcomes), "never in doubt: it is blunt"


def test_without_a_journal_nothing_is_doubled_and_every_doubt_is_shown(tmp_path):
    """After 200 kills at most one message a connection is in doubt, and none came twice."""
    outcomes = killed_at_once(tmp_path, 200, journal=False, seed=2, connections=CONNECTIONS)

    for outcome in outcomes:
        assert (outcome.lost, outcome.duplicates) == (0, 0)
        doubts = outcome.counted.states["doubt"]
        assert doubts == outcome.counted.doubts_shown
        assert doubts <= outcome.kills * CONNECTIONS + outcome.cuts
    assert sum(one.kills for one in outcomes) == 200
    assert any(one.counted.doubts_shown for one in outcomes), "never in doubt: it is blunt"


def test_the_harness_finds_an_engine_that_does_not_write_down_the_dot(tmp_path):
    """Control: without the mark before the final dot the same kills show duplicates.

    On a computer that is busy besides, a kill may miss the moment: then there are more.
    """

    def doubled(seed):
        folder = tmp_path / f"office{seed}"
        folder.mkdir()
        return killed(folder, 20, journal=True, dot=False, seed=seed).duplicates

    assert any(doubled(seed) for seed in (3, 4, 5))
