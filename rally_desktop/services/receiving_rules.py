"""How the office receives its mail: how far back it is read, and how lately it must have been."""

from __future__ import annotations

from typing import Annotated, ClassVar

from rally_desktop.core.errors import BadSettings
from rally_desktop.core.schema import Described, Number
from rally_desktop.model.work import Work
from rally_desktop.services import settings

NAME = "receiving"


class ReceivingRules(Described, frozen=True):
    """What holds for every mailbox that is read."""

    title: ClassVar = "Receiving"

    days: Annotated[
        int,
        Number(
            "Read a new mailbox back",
            unit="days",
            help="What came earlier is left alone. What is read of it starts no workflow.",
            least=0,
            most=3_650,
        ),
    ] = 30
    oldest: Annotated[
        int,
        Number(
            "Send only if mail was read within",
            unit="minutes",
            help="A message of a workflow waits until the mailbox of its account was read, as an "
            "answer may be in it. Nought asks for nothing.",
            least=0,
            most=1_440,
        ),
    ] = 0


def of(work: Work) -> ReceivingRules:
    """Return how the office receives its mail."""
    try:
        return ReceivingRules.load(settings.get(work, NAME, {}))
    except BadSettings:
        return ReceivingRules()


def save(work: Work, rules: ReceivingRules) -> None:
    """Say how the office receives its mail; raise BadSettings where that is out of bounds."""
    if problems := rules.problems():
        raise BadSettings(problems)
    settings.put(work, NAME, rules.dump())
