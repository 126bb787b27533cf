"""``python -m rally_desktop``, which is also the command ``rally-desktop``."""

from __future__ import annotations

import sys
from typing import Any

from rally_desktop.cli.main import run


def main() -> int:
    """Run the command line, handing it the way to open the window."""
    return run(open_window)


def open_window(*arguments: Any, **options: Any) -> int:
    """Open the window; it is imported only now, so that other verbs never load the screen."""
    from rally_desktop import app

    return app.run(*arguments, **options)


if __name__ == "__main__":
    sys.exit(main())
