"""Trigger: somebody followed a link in an e-mail of ours."""

from __future__ import annotations

from typing import Annotated, ClassVar

from rally_desktop.core.fold import fold
from rally_desktop.core.schema import Text
from rally_desktop.engine.nodes.base import Event
from rally_desktop.engine.nodes.letters import LetterTrigger


class LinkClicked(LetterTrigger, frozen=True):
    """Starts when a contact follows a link: of any e-mail, or of one template, workflow or step.

    A part of the address, such as ‘/prices’, narrows it down to certain links.
    """

    title: ClassVar = "Link clicked"
    icon: ClassVar = "mouse-pointer-click"
    says: ClassVar = "When a link is clicked"
    records: ClassVar = ("contact",)
    words: ClassVar = ("website", "url", "visited")
    line: ClassVar = "link_clicked"
    happens: ClassVar = "a link is clicked"

    link: Annotated[str, Text("Address contains", help="Empty: any link.", required=False)] = ""

    def matches(self, event: Event) -> bool:
        """Compare the address of the link, and what the message was."""
        return fold(self.link) in fold(event.detail.get("url") or "") and super().matches(event)

    def sentence(self) -> str:
        """Say which link of which message."""
        what = f"a link with ‘{self.link.replace('_', ' ')}’" if self.link else "a link"
        return super().sentence().replace("a link", what, 1)
