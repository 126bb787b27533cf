"""Trigger: somebody unsubscribed from our e-mails."""

from __future__ import annotations

from typing import ClassVar

from rally_desktop.engine.nodes.letters import LetterTrigger


class EmailUnsubscribed(LetterTrigger, frozen=True):
    """Starts when a contact asks for no more e-mails, by the link or the button of any message.

    Whoever unsubscribed gets no more marketing; what follows here is for the office.
    """

    title: ClassVar = "E-mail unsubscribed"
    icon: ClassVar = "mail-minus"
    says: ClassVar = "When the contact unsubscribes"
    records: ClassVar = ("contact",)
    words: ClassVar = ("opt-out", "consent", "stop")
    line: ClassVar = "email_unsubscribed"
    happens: ClassVar = "the contact unsubscribes"
