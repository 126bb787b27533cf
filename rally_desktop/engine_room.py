"""What works behind the window: the engine with all it sends and asks by, the audit log's keeper.

It is half of the program, and imported once the first page is shown.
"""

from __future__ import annotations

from collections.abc import Callable

from rally_desktop.api.service import WebService
from rally_desktop.engine.carriers import Carriers
from rally_desktop.engine.dressing import Dressing
from rally_desktop.engine.listening import listeners
from rally_desktop.engine.thread import EngineThread, Report
from rally_desktop.model.place import heads_file, marks_file
from rally_desktop.model.store import Store
from rally_desktop.outside.heads import Heads
from rally_desktop.outside.marks import Marks
from rally_desktop.services.audit_keeper import HeadKeeper
from rally_desktop.services.sms_door import door


def started(
    store: Store, reported: Callable[[Report], None], parted: Callable[[], None]
) -> tuple[EngineThread, HeadKeeper]:
    """Set both to work on an office; ``reported`` and ``parted`` are called on their threads."""
    carriers = Carriers(store)
    engine = EngineThread(
        store,
        carriers,
        reported,
        journal_for=carriers.journal,
        marks=Marks(marks_file()),
        dress=Dressing(carriers.vault),
        lodgers=[WebService(store, carriers.vault, door), *listeners(store, carriers)],
    )
    keeper = HeadKeeper(store, Heads(heads_file()), parted)
    engine.start()  # last: what fails before leaves no engine that nobody would stop
    return engine, keeper
