"""What asks, in the engine's loop, for what people wrote, and puts there what we wrote."""

from __future__ import annotations

from rally_desktop.engine.carriers import Carriers
from rally_desktop.engine.receiving import Receiving
from rally_desktop.engine.sent_copies import SentCopies
from rally_desktop.engine.sms_polling import SmsPolling
from rally_desktop.engine.thread import Lodger
from rally_desktop.model.store import Store


def listeners(store: Store, carriers: Carriers) -> list[Lodger]:
    """Return whoever asks for mail and for text messages, and keeps the Sent folders."""
    return [
        Receiving(store, carriers.mailbox),
        SmsPolling(store, carriers.gateway),
        SentCopies(store, carriers.mailbox),
    ]
