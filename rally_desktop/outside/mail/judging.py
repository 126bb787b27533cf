"""Whether a message that arrived is ours come back, a machine’s answer, or a person’s."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rally_desktop.outside.mail import automatic, bounces, wishes
from rally_desktop.outside.mail.arrived import Arrived
from rally_desktop.outside.mail.automatic import Automatic
from rally_desktop.outside.mail.bounces import Bounce
from rally_desktop.outside.mail.quotes import own_text


@dataclass(frozen=True)
class Judged:
    """A message’s verdict; where neither ``bounce`` nor ``automatic`` is set a person wrote.

    ``own`` is what they wrote without quotes, ``stop`` whether they ask for no more mail.
    """

    bounce: Bounce | None
    automatic: Automatic | None
    own: str
    stop: bool

    @property
    def word(self) -> str:
        """Return the verdict as one word: how it bounced, the automatic kind, wish or reply."""
        if self.bounce:
            return self.bounce.worst.kind
        if self.automatic:
            return self.automatic.kind
        return "wish" if self.stop else "reply"


def judge(arrived: Arrived, today: date) -> Judged:
    """Judge a message: bounces before automatic answers, and only people have wishes."""
    own = own_text(arrived)
    bounce = bounces.bounced(arrived)
    machine = None if bounce else automatic.judge(arrived, today)
    stop = not bounce and not machine and wishes.asks_to_stop(arrived, own)
    return Judged(bounce, machine, own, stop)
