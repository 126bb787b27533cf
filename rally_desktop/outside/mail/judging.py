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
        if self.stop:
            return "wish"
        return self.automatic.kind if self.automatic else "reply"


def judge(arrived: Arrived, today: date) -> Judged:
    """Judge a message: first whether it came back, then who wrote it, then what they wish."""
    own = own_text(arrived)
    bounce = bounces.bounced(arrived)
    machine = None if bounce else automatic.judge(arrived, own, today)
    # Mail programs ask on behalf of people, by a message that nobody typed.
    speaks = not bounce and (machine is None or machine.kind == "other")
    stop = speaks and wishes.asks_to_stop(arrived, own)
    return Judged(bounce, machine, own, stop)
