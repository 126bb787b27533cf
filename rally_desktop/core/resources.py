"""Where icons, themes, pictures and texts lie: beside the package, or inside an installed one."""

from __future__ import annotations

from pathlib import Path

from rally_desktop.core.errors import RallyError

PACKAGE = Path(__file__).resolve().parents[1]


class ResourceMissing(RallyError):
    """A part of the program is missing; install Rally Desktop again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"A part of the program is missing: {path}. Install Rally Desktop again.")


def resources() -> Path:
    """Return the folder of resources: in the wheel within the package, in a checkout beside it."""
    installed = PACKAGE / "resources"
    return installed if installed.is_dir() else PACKAGE.parent / "resources"


def resource(*parts: str) -> Path:
    """Return one file or folder of the resources, or raise ResourceMissing."""
    path = resources().joinpath(*parts)
    if not path.exists():
        raise ResourceMissing(path)
    return path
