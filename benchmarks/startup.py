"""From the start of the process to a window one sees, and to the office's first page with data."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks._office import make_office

GOAL_WINDOW, GOAL_READY, GOAL_MEMORY = 0.5, 1.5, 200.0  # seconds, seconds, megabytes
CONTACTS = 10_000

# Each program prints seconds since its process began, as the system's clock saw it.
_MEMORY = """
def memory():
    try:
        with open("/proc/self/statm") as pages:
            return int(pages.read().split()[1]) * 4096 / 1e6
    except OSError:
        import resource
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
"""
_BARE = """
import time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.show()
def shown():
    print(time.time() - BEGAN, memory())
    app.quit()
QTimer.singleShot(0, shown)
app.exec()
"""
_OURS = """
import time
from PySide6.QtCore import QEvent, QObject
from rally_desktop import app
from rally_desktop.ui.application import application

class Watch(QObject):
    seen = 0.0
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not Watch.seen:
            Watch.seen = time.time() - BEGAN
        return False

watch = Watch()
application().installEventFilter(watch)

def ready(program):
    from PySide6.QtCore import QTimer
    from rally_desktop.ui.later import busy
    told, loaded = [], []
    def look():
        if not told and not busy():
            told.extend((Watch.seen, time.time() - BEGAN))
        # At rest the other pages are in memory, too, and the engine has nothing left to do.
        if told and loaded and program._engine.report.state == "idle" and not busy():
            print(*told, memory())
            program.leave()
        else:
            QTimer.singleShot(2, look)
    program.loaded.connect(lambda: loaded.append(True))
    look()

app.run(URL, then=ready)
"""


def run(quick: bool) -> list[dict[str, Any]]:
    """Return the medians of interleaved starts, in seconds, beside those of an empty window."""
    times = 3 if quick else 15
    bare, window, ready, empty, memory = [], [], [], [], []
    with tempfile.TemporaryDirectory(prefix="rally-bench-") as folder:
        url = f"sqlite:///{Path(folder, 'office.rally')}"
        make_office(url, coming=CONTACTS)
        home = {"HOME": folder, "XDG_DATA_HOME": folder, "APPDATA": folder}
        # The first start of each fills the disk cache and counts for nothing; in that of ours the
        # engine does all there is to do: each contact has a tag and a task from then on.
        for number in range(times + 1):
            alone, least = _start(_BARE, home)
            seen, full, most = _start(f"URL = {url!r}\n{_OURS}", home)
            if number:
                bare.append(alone)
                empty.append(least)
                window.append(seen)
                ready.append(full)
                memory.append(most)
    told = f"median of {times}, {CONTACTS:,} contacts"
    return [
        _row(f"start to a visible window (s, {told})", window, bare, GOAL_WINDOW),
        _row(f"start to the first page with data (s, {told})", ready, bare, GOAL_READY),
        _row(f"memory at rest (MB, {told})", memory, empty, GOAL_MEMORY),
    ]


def _row(measure: str, ours: list[float], bare: list[float], goal: float) -> dict[str, Any]:
    median, yardstick = statistics.median(ours), statistics.median(bare)
    return {
        "measure": measure,
        "ours": round(median, 3),
        "yardstick": round(yardstick, 3),
        "ratio": round(median / yardstick, 2),
        "goal": goal,
        "holds": median <= goal,
    }


def _start(program: str, home: dict[str, str]) -> list[float]:
    """Start a program in a process of its own and return the numbers it prints."""
    code = f"{_MEMORY}\nimport sys\nBEGAN = float(sys.argv[1])\n{program}"
    quiet = {**os.environ, **home, "QT_QPA_PLATFORM": "offscreen"}
    starter = "import os, sys, time; os.execv(sys.executable, [sys.executable, '-c', "
    starter += "sys.argv[1], str(time.time())])"
    ran = subprocess.run(
        [sys.executable, "-c", starter, code],
        env=quiet,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return [float(number) for number in ran.stdout.split()]
