"""Whether a program still runs."""

from __future__ import annotations

import os
import subprocess
import sys

from rally_desktop.outside.processes import is_running


def test_this_program_runs():
    """And so does whoever started it."""
    assert is_running(os.getpid())
    assert is_running(os.getppid())


def test_a_program_that_ended_does_not():
    """Its number is free, and so are numbers that no program has."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert not is_running(child.pid)
    assert not is_running(0)
    assert not is_running(-1)
