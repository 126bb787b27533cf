"""What the keys and menus of the canvas do, by the names in ``keys.py``; one module a family."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rally_desktop.canvas.commands import (
    building,
    clipping,
    connecting,
    going,
    looking,
    moving,
    notes,
    remarks,
    removing,
    selecting,
)

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor

Command = Callable[["FlowEditor"], Any]

COMMANDS: dict[str, Command] = {
    **going.COMMANDS,
    **building.COMMANDS,
    **removing.COMMANDS,
    **moving.COMMANDS,
    **connecting.COMMANDS,
    **selecting.COMMANDS,
    **clipping.COMMANDS,
    **remarks.COMMANDS,
    **notes.COMMANDS,
    **looking.COMMANDS,
}

# Whether a command would do something with what is selected; the others always may.
VALID: dict[str, Callable[[FlowEditor], bool]] = {
    **going.VALID,
    **building.VALID,
    **moving.VALID,
    **connecting.VALID,
    **remarks.VALID,
    **notes.VALID,
}

# What a menu calls a command just now; the others are always called the same.
SAYS: dict[str, Callable[[FlowEditor], str]] = {**building.SAYS}
