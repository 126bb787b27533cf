"""The fault harnesses at the size of a release: each prints its n, and the bound 3/n.

A zero in n trials says, with 95 % confidence, that fewer than 3/n of all cases go wrong.
"""

from __future__ import annotations

import random

import pytest

from tests.faults.hard_stops import stopped
from tests.faults.kills import killed
from tests.faults.naps import napped
from tests.faults.on_disk import MODES, OF_WRITES, PEOPLE, Bench, founded
from tests.faults.recovery import in_words, recovered

KILLS = 10_000
POWER_CUTS = 20_000
HARD_STOPS = 500
STOPS_A_SERVER = 50
NAPS = 1_000
WAITING = 100_000


@pytest.fixture
def say(capsys):
    """Print a figure past what pytest catches."""

    def saying(what, n):
        with capsys.disabled():
            print(f"\n{what}: 0 of {n}, so below {3 / n:.2%}")  # noqa: T201

    return saying


@pytest.mark.parametrize("journal", [True, False])
def test_kills(tmp_path, journal, say):
    """Killed 10,000 times, the engine loses nothing and doubles nothing."""
    outcome = killed(tmp_path, KILLS, journal=journal)

    assert (outcome.lost, outcome.duplicates) == (0, 0)
    states = outcome.counted.states
    if journal:
        assert states == {"sent": outcome.counted.contacts}
    assert states["doubt"] <= outcome.kills + outcome.cuts
    say(f"lost or doubled, journal {journal}, {outcome.counted.messages} messages", KILLS)


def test_power_cuts(tmp_path, say):
    """Cut off 20,000 times, the disk keeps what was said to be saved."""
    bench, chance = Bench(founded(tmp_path)), random.Random(1)
    calls = len(bench.calls(PEOPLE))

    for seed in range(POWER_CUTS):
        assert bench.cut(chance.randint(1, calls), seed) == []
    bench.close()
    say("commits lost in power cuts", POWER_CUTS)


@pytest.mark.parametrize("mode", MODES)
def test_failing_disks(tmp_path, mode, say):
    """Every call to the disk fails in every mode; nothing is lost."""
    bench = Bench(founded(tmp_path))
    calls = bench.calls(PEOPLE)
    moments = [
        place for place, call in enumerate(calls, 1) if call == "write" or mode not in OF_WRITES
    ]
    wrong = {moment: found for moment in moments if (found := bench.fail(moment, mode))}

    assert wrong == {}
    bench.close()
    say(f"runs spoilt by a disk that fails {mode}", len(moments))


def test_hard_stops(caplog, say):
    """Stopped hard 500 times, PostgreSQL keeps what it confirmed."""
    for seed in range(HARD_STOPS // STOPS_A_SERVER):
        _, wrong = stopped(STOPS_A_SERVER, seed=seed)
        caplog.clear()
        assert wrong == []
    say("contacts lost or letters doubled in hard stops", HARD_STOPS)


def test_naps(database, say):
    """A computer that sleeps 1,000 times at any point sends nothing a second time."""
    assert napped(database, NAPS) == []
    say("letters doubled or stuck by naps", NAPS)


def test_recovery(tmp_path, capsys):
    """With 100,000 runs waiting a killed engine sends again soon; a figure, not a promise."""
    took = recovered(tmp_path, WAITING, 30)
    with capsys.disabled():
        print(f"\nrecovery with {WAITING} runs waiting, {in_words(took)}")  # noqa: T201
