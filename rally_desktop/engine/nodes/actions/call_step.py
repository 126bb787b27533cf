"""Action: a call, as a step of an outreach."""

from __future__ import annotations

from typing import ClassVar

from rally_desktop.engine.nodes.base import Family
from rally_desktop.engine.nodes.errands import Errand


class CallStep(Errand, frozen=True):
    """Asks somebody to call the contact, with the words to say, and waits until it is done.

    It makes a task of the type Call, and goes on when that is completed. If it is not done in
    time the run takes the other way, and the task stays open. Without waiting it goes on at once.
    """

    title: ClassVar = "Call step"
    icon: ClassVar = "phone"
    family: ClassVar[Family] = "record"
    type: ClassVar = "Call"
    example: ClassVar = {
        "task": "Call about the quote",
        "text": "Ask whether the quote arrived.",
    }
    words: ClassVar = ("phone", "ring", "script", "sequence", "outreach")
