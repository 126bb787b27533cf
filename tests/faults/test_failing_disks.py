"""A disk that fails costs patience and nothing else (safety figure 4)."""

import pytest
from sqlalchemy.exc import DBAPIError

from rally_desktop.core.errors import RallyError
from tests.faults.on_disk import MODES, OF_WRITES, PEOPLE, Bench, founded

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def bench(tmp_path):
    """The engine, over disks that fail."""
    made = Bench(founded(tmp_path))
    yield made
    made.close()


@pytest.mark.parametrize("mode", MODES)
def test_every_call_to_the_disk_may_fail(bench, mode):
    """Whichever call of a run fails, nothing is lost or half done, and the engine goes on."""
    wrong = {moment: found for moment in calls(bench, mode) if (found := bench.fail(moment, mode))}

    assert wrong == {}


def test_a_disk_that_lies_is_found(bench, caplog):
    """Control: a disk that says it writes and does not loses what was saved, and that shows."""

    def spoilt(moment):
        try:
            return bench.fail(moment, "lying")
        except (DBAPIError, RallyError, RuntimeError) as error:
            return [str(error)]

    assert any(spoilt(moment) for moment in calls(bench, "disk full")[:32:4])
    caplog.clear()


def calls(bench, mode):
    """Return the calls of a run that can fail in this mode."""
    made = bench.calls(PEOPLE)
    writes = [place for place, call in enumerate(made, 1) if call == "write"]
    assert len(writes) > 100
    return writes if mode in OF_WRITES else list(range(1, len(made) + 1))
