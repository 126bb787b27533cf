"""``python -m rally_desktop``, which is also the command ``rally-desktop``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from rally_desktop.cli.main import run
from rally_desktop.cli.verb import Doors


def main() -> int:
    """Run the command line, handing it the ways to the screen."""
    return run(Doors(open_window, take_pictures, draw_workflow, lodgers))


def open_window(*arguments: Any, **options: Any) -> int:
    """Open the window; it is imported only now, so that other verbs never load the screen."""
    from rally_desktop import app

    return app.run(*arguments, **options)


def take_pictures(*arguments: Any, **options: Any) -> list[Path]:
    """Draw the main pages into files."""
    from rally_desktop import app

    return app.take_pictures(*arguments, **options)


def draw_workflow(*arguments: Any) -> tuple[bytes, str]:
    """Draw a workflow as the content of a file."""
    from rally_desktop import app

    return app.draw_workflow(*arguments)


def lodgers(store: Any, vault: Any) -> list[Any]:
    """Return what lives in the engine's loop besides."""
    from rally_desktop.api.service import WebService
    from rally_desktop.services.sms_door import door

    return [WebService(store, vault, door)]


if __name__ == "__main__":
    sys.exit(main())
