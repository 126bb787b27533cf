"""Node editors from elsewhere, installed into scratch environments that go with the benchmark."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any, NamedTuple

from PySide6 import __version__ as qt

PYSIDE = (f"pyside6=={qt}", "setuptools")
PLAIN = "plain scene"  # no editor: told beside the others, to see what their work costs
PACKAGES = {
    "NodeGraphQt": (*PYSIDE, "NodeGraphQt"),
    "OdenGraphQt": (*PYSIDE, "OdenGraphQt"),
    "qtpynodeeditor": (*PYSIDE, "qtpynodeeditor"),
    "orange-canvas-core": ("PyQt6", "setuptools", "orange-canvas-core"),
    PLAIN: PYSIDE,
}
SCRIPT = Path(__file__).with_name("_canvas_peer.py")
INSTALLING = 600  # seconds at most


class Figures(NamedTuple):
    """Milliseconds by name as far as they were reached, and why there are no more."""

    found: dict[str, float]
    trouble: str = ""


class Peers:
    """The environments of one benchmark, each made when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._troubles: dict[tuple[str, ...], str] = {}

    def measure(self, name: str, sheet: dict[str, Any], times: int, limit: float) -> Figures:
        """Open a sheet in a peer and measure it, for so many seconds at most."""
        trouble = self._prepare(PACKAGES[name])
        if trouble:
            return Figures({}, trouble)
        path = self._folder / "sheet.json"
        path.write_text(json.dumps(sheet), encoding="utf-8")
        command = [str(self._python(PACKAGES[name])), str(SCRIPT), name, str(path), str(times)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=limit, check=False)
        except subprocess.TimeoutExpired as error:
            return Figures(_figures(error.stdout), f"not finished in {limit:.0f} s")
        except OSError as error:
            return Figures({}, str(error))
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        trouble = (lines or ["it ends early"])[-1] if done.returncode else ""
        return Figures(_figures(done.stdout), trouble)

    def _prepare(self, packages: tuple[str, ...]) -> str:
        """Make an environment with some packages; return what went wrong."""
        if packages not in self._troubles:
            self._troubles[packages] = self._install(packages)
        return self._troubles[packages]

    def _install(self, packages: tuple[str, ...]) -> str:
        python = self._python(packages)
        try:
            if not python.exists():
                venv.create(python.parent.parent, with_pip=True)
            command = [str(python), "-m", "pip", "install", "--quiet", *packages]
            subprocess.run(command, check=True, capture_output=True, timeout=INSTALLING)
        except (subprocess.SubprocessError, OSError) as error:
            said = getattr(error, "stderr", b"") or str(error).encode()
            return (said.decode("utf-8", "replace").strip().splitlines() or ["no reason"])[-1]
        return ""

    def _python(self, packages: tuple[str, ...]) -> Path:
        home = self._folder / ("pyqt" if "PyQt6" in packages else "pyside")
        return home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def _figures(said: bytes | None) -> dict[str, float]:
    """Return what a peer printed, also where it did not come to the end."""
    found: dict[str, float] = {}
    for line in (said or b"").decode("utf-8", "replace").splitlines():
        if line.startswith("{") and line.endswith("}"):
            found |= json.loads(line)
    return found
