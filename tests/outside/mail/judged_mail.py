"""The corpus of judged mail: messages, and what is to be made of each.

``corpus/tuned`` is what the patterns were made with. ``corpus/held`` was written before them and
judged once when they were done: 49 of 50 were right in all they say. What was wrong, a range of
days written as 13-24.07.2026, was repaired since. ``corpus/later`` was written last, to find fault:
people who sound like machines or like unsubscribing. Of its 53 messages 34 were right at first;
the patterns were then repaired with it. So today’s figures flatter, and the first ones count.
Of wishes in words never seen before about six in ten are understood; the others are replies, which
stop a sequence too.
``verdicts.csv`` says of each message the verdict, the address that failed, the first day back and
the text of its own.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from rally_desktop.outside.mail.arrived import Arrived, read
from rally_desktop.outside.mail.judging import Judged, judge

CORPUS = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class Case:
    """One message and what is expected of it."""

    name: str
    verdict: str
    address: str
    back: str
    own: str

    def arrived(self) -> Arrived:
        """Read the message."""
        return read((CORPUS / f"{self.name}.eml").read_bytes())

    def judged(self) -> Judged:
        """Judge it on the day it was written."""
        arrived = self.arrived()
        assert arrived.sent_at
        return judge(arrived, arrived.sent_at.date())


def cases() -> list[Case]:
    """Return all of them."""
    with (CORPUS / "verdicts.csv").open(encoding="utf-8", newline="") as file:
        return [Case(**row) for row in csv.DictReader(file)]
