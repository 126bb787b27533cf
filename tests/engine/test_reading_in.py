"""What the search left for later is read in by the engine, once nobody writes much any more."""

from __future__ import annotations

import pytest

from rally_desktop.engine import thread
from rally_desktop.engine.carriers import Carriers
from rally_desktop.model import indexing
from rally_desktop.services import contacts, search, search_care

pytestmark = pytest.mark.slow


@pytest.fixture
def engine(store, monkeypatch):
    """An engine at work, for which every write is a large one."""
    monkeypatch.setattr(indexing, "AT_ONCE", 0)
    made = thread.EngineThread(store, Carriers(store))
    made.start()
    yield made
    made.stop()


def add(work):
    """Add some contacts."""
    for number in range(500):
        contacts.create(work, {"first_name": f"Ana{number}"})


def test_the_engine_reads_in_what_waits(world, engine, monkeypatch):
    """Within a moment everything is found."""
    monkeypatch.setattr(thread, "PAUSE", 0)
    world.do(add)
    assert engine.wait_until_idle(20)
    assert world.ask(search_care.waiting) == 0
    assert world.ask(search.find, "ana499").groups[0].count == 1


def test_an_import_goes_first(world, engine):
    """While much is being written nothing of it is read in."""
    world.do(add)
    assert engine.wait_until_idle(20)
    assert world.ask(search_care.waiting) == 500
