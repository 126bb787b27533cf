"""Trigger: somebody opened an e-mail of ours."""

from __future__ import annotations

from typing import ClassVar

from rally_desktop.engine.nodes.letters import LetterTrigger


class EmailOpened(LetterTrigger, frozen=True):
    """Starts when a contact opens an e-mail of ours: any, or one of a template, workflow or step.

    Some mail programs load the pictures of every message, and some of none: an opening is a
    hint, not a proof.
    """

    title: ClassVar = "E-mail opened"
    icon: ClassVar = "mail-open"
    says: ClassVar = "When an e-mail is opened"
    records: ClassVar = ("contact",)
    words: ClassVar = ("read", "seen")
    line: ClassVar = "email_opened"
    happens: ClassVar = "an e-mail is opened"
