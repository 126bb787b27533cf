"""A program of its own that edits a draft on the canvas page until it is killed.

``python -m tests.ui.typing_on DATABASE WORKFLOW PAUSE CHANGES``: so many changes with a pause in
milliseconds between them; each is told on the standard output with the time it was made at, and
at last, a second after the last of them, that it has been quiet.
"""

from __future__ import annotations

import sys
import time

from PySide6.QtCore import QTimer

from rally_desktop.core.clock import SystemClock
from rally_desktop.model.store import Store
from rally_desktop.ui.application import application
from rally_desktop.ui.background import Background
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import screen_loop
from rally_desktop.ui.notices import Notices
from rally_desktop.ui.pages.workflow_editor import WorkflowEditor
from rally_desktop.ui.theme import Theme
from tests.ui.drafting import rename

QUIET = 1_000  # milliseconds


def tell(*words: object) -> None:
    """Say something to whoever started this program."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def main(url: str, workflow: int, pause: int, changes: int) -> None:
    """Edit until somebody ends it."""
    app = application()
    loop = screen_loop(app)
    store = Store.open(url, SystemClock())
    desk = Desk(Background(store), Theme(app, "light"), Notices(), SystemClock())
    page = WorkflowEditor(desk, workflow)
    page.show()
    made = 0

    def change() -> None:
        nonlocal made
        if page.stored is None:
            return
        made += 1
        rename(page, f"{made}")
        tell(made, time.monotonic())
        if made == changes:
            timer.stop()
            QTimer.singleShot(QUIET, lambda: tell("quiet"))

    timer = QTimer(interval=pause)
    timer.timeout.connect(change)
    timer.start()
    loop.run_forever()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
