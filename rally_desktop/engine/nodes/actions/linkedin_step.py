"""Action: a message or an invitation on LinkedIn, as a step of an outreach."""

from __future__ import annotations

from typing import ClassVar

from rally_desktop.engine.nodes import people
from rally_desktop.engine.nodes.base import Family, Here
from rally_desktop.engine.nodes.errands import Errand
from rally_desktop.model.work import Work


class LinkedinStep(Errand, frozen=True):
    """Asks somebody to write to the contact on LinkedIn, and waits until it is done.

    It makes a task of the type LinkedIn with the words to send and the contact's profile, and
    goes on when that is completed. If it is not done in time the run takes the other way, and
    the task stays open. Without waiting it goes on at once. Nothing is sent by the program.
    """

    title: ClassVar = "LinkedIn step"
    icon: ClassVar = "square-user-round"
    family: ClassVar[Family] = "record"
    type: ClassVar = "LinkedIn"
    example: ClassVar = {
        "task": "Invite to connect",
        "text": "It was good to meet you.",
    }
    words: ClassVar = ("invite", "connect", "social", "sequence", "outreach")

    def words_for(self, work: Work, here: Here) -> str:
        """Return the words to send, with the contact's profile before them."""
        contact = people.contact_of(work, here)
        profile = work.record(contact)["linkedin"] if contact else ""
        return "\n\n".join(filter(None, (profile, here.merge(self.text))))
