"""How long the office keeps what was deleted."""

from __future__ import annotations

from typing import Annotated, ClassVar

from rally_desktop.core.errors import BadSettings
from rally_desktop.core.schema import Described, Number
from rally_desktop.model.work import Work
from rally_desktop.services import settings

NAME = "trash"


class Keeping(Described, frozen=True):
    """How long what was deleted is kept."""

    title: ClassVar = "Trash"

    days: Annotated[
        int,
        Number(
            "Delete for good after",
            unit="days",
            help="What lies in the trash for so long goes by itself. Nought keeps it for ever.",
            least=0,
            most=3_650,
        ),
    ] = 90


def of(work: Work) -> Keeping:
    """Return how long the office keeps what was deleted."""
    try:
        return Keeping.load(settings.get(work, NAME, {}))
    except BadSettings:
        return Keeping()


def save(work: Work, keeping: Keeping) -> None:
    """Set how long what was deleted is kept; raise BadSettings where that is out of bounds."""
    if problems := keeping.problems():
        raise BadSettings(problems)
    settings.put(work, NAME, keeping.dump())
