"""Two computers, one of which sleeps past its lease, send each message once (figure 6)."""

import pytest

from tests.faults.naps import napped

pytestmark = pytest.mark.slow


def test_whoever_wakes_up_sends_nothing_a_second_time(database):
    """In 20 naps at any point of a hand-over no message is doubled and none is stuck."""
    assert napped(database, 20) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_naps_find_an_engine_that_trusts_its_lease(database):
    """Control: where the token is not asked for again, the same naps double messages."""
    wrong = napped(database, 20, fenced=False)

    assert any("2 letters" in one for one in wrong)
