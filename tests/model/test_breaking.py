"""A question that nobody waits for any more does not go on to its end."""

from __future__ import annotations

import threading

import pytest

from rally_desktop.model.breaking import Break, BrokenOff
from rally_desktop.services import grid
from rally_desktop.services.grid import Query

ENDLESS = "with recursive k(i) as (select 1 union all select i + 1 from k) select count(*) from k"


def test_a_question_that_runs_is_broken_off(store):
    """It ends where the database stands, and the next question is answered as ever."""
    broken, ended = Break(), threading.Event()

    def endless(work):
        with broken.ending(work.connection):
            work.connection.exec_driver_sql(ENDLESS)

    def insist():
        while not ended.wait(0.01):
            broken()

    breaker = threading.Thread(target=insist)
    breaker.start()
    with pytest.raises(BrokenOff):
        store.read(endless)
    ended.set()
    breaker.join()
    assert not store.read(grid.ids, "contact", Query())


def test_what_was_broken_off_before_is_not_even_asked(store):
    """A question that waited for its turn ends before it reaches the database."""
    broken = Break()
    broken()
    with pytest.raises(BrokenOff):
        store.read(grid.ids, "contact", Query(), None, broken)
