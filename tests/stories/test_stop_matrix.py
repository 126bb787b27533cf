"""The stop matrix, cell by cell: what happens to a person does to a run what the settings say.

For each moment at which things may happen there is one office, with a person for every cell of
the matrix; what came of it is read once, and each cell is a promise of its own.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from rally_desktop.core.clock import ManualClock
from rally_desktop.engine import matrix
from rally_desktop.model.store import Store
from rally_desktop.services import office as offices
from tests.conftest import ON_BOTH
from tests.stories.stop_matrix import Office, cells
from tests.world import World

pytestmark = pytest.mark.slow

BOTH, FIRST, NONE = ["First", "Second"], ["First"], []
# These spoil the address or the consent, so no message follows even where the run goes on.
BARRED = ("hard_bounce", "unsubscribed")
USUAL = cells(settings=["usual"])
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Outcome:
    """What came of a cell: the run right after, the letters and the tasks weeks later."""

    run: tuple[str, str]
    got: list[str]
    tasks: list[str]
    later: tuple[str, str]


@pytest.fixture(scope="module", params=ON_BOTH)
def new_world(request, tmp_path_factory):
    """A way to found offices on either database, which last as long as the module."""
    opened = []

    def found():
        number = next(_numbers)
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('matrix')}/office.rally"
        else:
            template = request.getfixturevalue("postgres_template")
            server = request.getfixturevalue("postgres_server")
            url = server.create(f"matrix_{number}", template)
        clock = ManualClock(datetime(2026, 6, 2, 9, tzinfo=UTC))
        opened.append(Store.open(url, clock))
        opened[-1].write(offices.found)
        return World(opened[-1], clock)

    yield found
    for store in opened:
        store.close()


def outcomes(office):
    """Return what came of every cell: at once, and after the weeks in which a pause lasts."""
    office.world.tick()
    runs = {cell: office.run_of(one) for cell, one in office.people.items()}
    office.world.turn(days=25)
    got = {cell: office.got(one) for cell, one in office.people.items()}
    tasks = {cell: office.tasks_of(one) for cell, one in office.people.items()}
    office.world.turn(days=10)
    return {
        cell: Outcome(runs[cell], got[cell], tasks[cell], office.run_of(one))
        for cell, one in office.people.items()
    }


def expected_run(cell):
    """Return how a run stands right after an event."""
    states = {"stop": ("stopped", cell.event), "pause": ("paused", cell.event)}
    return states.get(cell.action, ("active", ""))


def expected_letters(cell):
    """Return what is sent where the event comes between the two letters."""
    over = cell.action == "pause" and cell.event not in matrix.PAUSES
    return FIRST if cell.action == "stop" or over or cell.event in BARRED else BOTH


# -- between two letters -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def between(new_world):
    """What came of it where it happens an hour after the first letter."""
    office = Office(new_world()).open(cells())
    office.enter()
    office.world.tick()
    office.know_letters()
    office.world.turn(hours=1)
    office.happen()
    return outcomes(office)


@pytest.mark.parametrize("cell", cells(), ids=str)
def test_between_two_letters(between, cell):
    """Between two letters an event does what is set: to the run, to the rest of the letters."""
    outcome = between[cell]
    assert outcome.run == expected_run(cell)
    assert outcome.got == expected_letters(cell)
    asked = cell.action == "pause" and matrix.ASKED.get(cell.event)
    assert outcome.tasks == ([asked] if asked else [])
