"""A way to send SMS into memory: all that a gateway has to be is an account and a carrier."""

from __future__ import annotations

from rally_desktop.core.message import Letter
from rally_desktop.model.changes import RowAdded
from rally_desktop.model.work import Work
from rally_desktop.outside.mail.base import BeforeDot


class Phone:
    """Takes SMS over as a gateway would, and keeps number and text."""

    def __init__(self) -> None:
        self.texts: list[tuple[str, str]] = []

    async def check(self) -> None:
        """Find everything in order."""

    async def hand_over(self, letter: Letter, before_dot: BeforeDot) -> str:
        """Keep one."""
        await before_dot()
        self.texts.append((letter.recipient.address, letter.text))
        return "accepted"

    async def close(self) -> None:
        """Have nothing to take leave of."""


def add_gateway(work: Work) -> None:
    """Add an account to send SMS from, as a later program will."""
    row = {
        "id": work.new_id("mail_account"), "name": "Hill Dental", "channel": "sms",
        "address": "+441632960000", "host": "memory", "port": 25, "security": "none",
        "hourly_limit": 0,
    }  # fmt: skip
    work.change(RowAdded("mail_account", row))
