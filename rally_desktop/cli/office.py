"""The office that a verb works on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rally_desktop.model.store import Store


@contextmanager
def opened(database: str) -> Iterator[Store]:
    """Open an office, founding it where the database is new; raise DatabaseUnusable."""
    from rally_desktop.core.clock import SystemClock
    from rally_desktop.model.place import database_url
    from rally_desktop.model.store import Store
    from rally_desktop.services import office

    store = Store.open(database_url(database), SystemClock())
    try:
        store.write(office.found)
        yield store
    finally:
        store.close()
