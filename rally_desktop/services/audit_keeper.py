"""Keeps where the audit log stands outside the database, while the program runs and as it ends."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from sqlalchemy.exc import DBAPIError

from rally_desktop.core.errors import RallyError
from rally_desktop.model.store import Store
from rally_desktop.outside.heads import Heads
from rally_desktop.services import audit_check

log = logging.getLogger(__name__)
EVERY = 30.0  # seconds; what was cut off within the last of them may go unnoticed


class HeadKeeper:
    """Looks now and then; ``parted`` is called once where the log does not go on as it was.

    That may be at the very beginning, since an older copy may lie in the office's place.
    """

    def __init__(
        self, store: Store, heads: Heads, parted: Callable[[], None], every: float = EVERY
    ) -> None:
        self._store, self._heads = store, heads
        self._parted: Callable[[], None] | None = parted
        self._every = every
        self._ended = threading.Event()
        self._moved = threading.Event()
        self._moved.set()
        self._stop_listening = store.listen(lambda _: self._moved.set())
        self._thread = threading.Thread(target=self._run, name="audit", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Keep where the log stands at the end."""
        self._stop_listening()
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            if self._moved.is_set():
                self._moved.clear()
                self._look()
            if self._ended.is_set():
                return
            self._ended.wait(self._every)

    def _look(self) -> None:
        try:
            goes_on = audit_check.advance(self._store, self._heads)
        except (RallyError, DBAPIError) as error:
            log.info("where the audit log stands could not be kept: %s", type(error).__name__)
            return
        if not goes_on and self._parted is not None:
            tell, self._parted = self._parted, None
            tell()
