"""What tests with Qt leave over."""

from __future__ import annotations

import gc
import threading
from contextlib import suppress
from types import SimpleNamespace
from weakref import finalize

import pytest

from tests.conftest import pytest_runtest_protocol

MUCH = 5_000
died_on: list[threading.Thread] = []


class Ring:
    """Garbage that only a collection finds."""

    def __init__(self):
        self.me = self
        finalize(self, lambda: died_on.append(threading.current_thread()))


def _litter():
    for _ in range(MUCH):
        Ring()


@pytest.mark.usefixtures("qapp")
def test_garbage_beside_qt_dies_on_no_other_thread():
    """However much a thread allocates, it collects nothing."""
    died_on.clear()
    thread = threading.Thread(target=_litter)
    thread.start()
    thread.join()
    assert died_on == []


def test_a_test_with_qt_leaves_no_garbage_to_the_next(qapp):
    """What goes round in circles is gone when the hook around a test has ended."""
    died_on.clear()
    around = pytest_runtest_protocol(SimpleNamespace(fixturenames=["qapp"]))
    next(around)
    Ring()
    assert died_on == []
    with suppress(StopIteration):
        around.send(True)
    gc.disable()  # until this test ends as well
    assert died_on == [threading.main_thread()]
