"""The password of a workflow at the command line: asked for where it is needed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from rally_desktop.core.errors import Refused

if TYPE_CHECKING:
    from rally_desktop.model.store import Store


def unlocked(store: Store, workflow_id: int) -> None:
    """Ask for the password of a workflow that has one; refuse without a terminal to ask at."""
    from rally_desktop.services import protection

    if not store.read(protection.of, workflow_id).protected:
        return
    if not sys.stdin.isatty():
        raise Refused("This workflow is protected by a password: run this where it can be asked.")
    password = typer.prompt("Password of the workflow", hide_input=True)
    tried = store.write(protection.unlock, workflow_id, password)
    if not tried.right:
        raise Refused(tried.said(store.clock.now()))
