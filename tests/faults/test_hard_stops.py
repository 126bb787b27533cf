"""A PostgreSQL server that is stopped hard keeps what it confirmed (safety figure 5)."""

import os

import pytest

from tests.faults.hard_stops import stopped

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="needs SIGQUIT"),
]


def test_nothing_is_lost_and_nothing_doubled(caplog):
    """After 10 hard stops every contact that was confirmed is there, with one letter each.

    A commit whose answer was lost is found done or not done, and goes on from there.
    """
    at_work, wrong = stopped(10)
    caplog.clear()

    assert wrong == []
    assert len(at_work.enrolled) > 3, "the server was never there to work on"


def test_the_stops_find_a_server_that_confirms_too_early(caplog):
    """Control: where a commit is confirmed before it is in the log, the same stops lose some."""
    _, wrong = stopped(3, "synchronous_commit=off", "wal_writer_delay=10s")
    caplog.clear()

    assert wrong != []
