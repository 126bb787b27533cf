"""Keeps what is not saved yet in a file of this computer, on a thread of its own."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from datetime import datetime

from rally_desktop.model.graph import Graph
from rally_desktop.outside.unsaved import Unsaved, UnsavedFiles

SHARE = 5  # of the time, one part is spent on writing at most
LONGEST_PAUSE = 0.3  # seconds


class Rescue:
    """Writes the newest draft of one page and nothing that it has overtaken.

    What cannot be written, because the disk is full for instance, is left: the page itself still
    has it, and tries to save it.
    """

    def __init__(self, files: UnsavedFiles, page: str) -> None:
        self._files, self._page = files, page
        self._lock = threading.Lock()
        self._wanted: tuple[Graph, int, int, datetime] | None = None
        self._changed = self._busy = False

    def keep(self, graph: Graph, change: int, based_on: int, at: datetime) -> None:
        """Have a draft kept: which change of the page it is, and on which revision it stands."""
        self._want((graph, change, based_on, at))

    def forget(self) -> None:
        """Have nothing kept any more: the database has it all."""
        if self._wanted is not None:
            self._want(None)

    def _want(self, what: tuple[Graph, int, int, datetime] | None) -> None:
        with self._lock:
            self._wanted, self._changed = what, True
            idle, self._busy = not self._busy, True
        if idle:
            threading.Thread(target=self._work, name="rescue").start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._changed:
                    self._busy = False
                    return
                wanted, self._changed = self._wanted, False
            began = time.monotonic()
            with suppress(OSError):
                self._write(wanted)
            time.sleep(min(LONGEST_PAUSE, SHARE * (time.monotonic() - began)))

    def _write(self, wanted: tuple[Graph, int, int, datetime] | None) -> None:
        if wanted is None:
            self._files.remove(self._page)
            return
        graph, change, based_on, at = wanted
        self._files.write(Unsaved(self._page, change, based_on, at, graph.dump()))
