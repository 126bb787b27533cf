"""``rally-desktop demo``: see it work, with no account and no network."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rally_desktop.cli.verb import AsJson, answer, doors, verb

if TYPE_CHECKING:
    from rally_desktop.cli.demonstration import Demonstration, Outcome

SHOWN_RUNS = 8


@verb
def demo(
    context: typer.Context,
    keep: Annotated[
        Path | None,
        typer.Option("--keep", metavar="DIR", help="Keep the office and its pictures there."),
    ] = None,
    headless: Annotated[
        bool, typer.Option("--headless", help="Print the result instead of opening the window.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Play four days of an office in a minute: import, two workflows, real mail, replies."""
    from rally_desktop.cli.demonstration import Demonstration

    folder = keep or Path(tempfile.mkdtemp(prefix="rally-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    url = f"sqlite:///{_fresh(folder)}"
    with Demonstration(url, _quietly if as_json else typer.echo) as played:
        outcome = played.play()
        if not as_json:
            _tell(played, outcome)
        if headless or as_json or not _has_display():
            pictures = doors(context).take_pictures(url, folder / "pictures", played.clock)
            _finish(outcome, folder, pictures, as_json)
        else:
            typer.echo(f"\nThe window opens on the result, which is in {folder}.")
            played.engine.stop()  # the window has its own, which tells the pages what it does
            doors(context).open_window(url, played.clock)
    if outcome.failures:
        raise typer.Exit(1)


def _fresh(folder: Path) -> Path:
    """Return the name of an office that is not in the folder yet."""
    for number in range(1, 1000):
        path = folder / ("demo.rally" if number == 1 else f"demo-{number}.rally")
        if not path.exists():
            return path.absolute()
    raise typer.BadParameter(f"{folder} is full of demonstrations; choose another folder")


def _has_display() -> bool:
    """Say whether a window would open: there is a screen, and what Qt needs for it."""
    if sys.platform in ("win32", "darwin"):
        return True
    if os.environ.get("QT_QPA_PLATFORM") in ("offscreen", "minimal"):
        return False
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False
    # Qt ends the whole process where a library of the system is missing, so another one tries.
    tried = subprocess.run([sys.executable, "-c", _TRY], capture_output=True, text=True)
    if tried.returncode:
        typer.echo(f"The window cannot open here; pictures instead.\n{tried.stderr}", err=True)
    return not tried.returncode


_TRY = "from PySide6.QtWidgets import QApplication; QApplication([])"


def _quietly(_: str) -> None:
    """Say nothing: whoever asked for JSON wants nothing else."""


# -- telling what came of it ------------------------------------------------------------------


def _tell(played: Demonstration, outcome: Outcome) -> None:
    done = outcome.imported
    typer.echo(
        f"\nImport: {done.created} contacts created, {done.merged} rows merged into one that was"
        f" there, {done.updated} updated, {done.skipped} left out."
    )
    for verdict in [each for each in done.verdicts if each.reason][:5]:
        typer.echo(f"  row {verdict.row}: {verdict.reason}")
    typer.echo("\nRun history (some of it):")
    for line in played.history(SHOWN_RUNS):
        typer.echo(line)
    promised = outcome.expected
    typer.echo(
        f"\nThe mail server received {outcome.received} messages:"
        f" {len(promised.welcomed)} welcomes and {len(promised.reminded)} reminders were promised."
        f"\n{promised.called} people who answered are on the call list;"
        f" {promised.won} won deals made customers."
    )


def _finish(outcome: Outcome, folder: Path, pictures: list[Path], as_json: bool) -> None:
    text = [f"\nPictures of the main pages: {folder / 'pictures'}"]
    text += [f"  {picture.name}" for picture in pictures]
    text += [f"NOT KEPT: {failure}" for failure in outcome.failures]
    text += [] if outcome.failures else ["Everything that was promised happened."]
    answer(_facts(outcome, folder, pictures), as_json, "\n".join(text))


def _facts(outcome: Outcome, folder: Path, pictures: list[Path]) -> dict[str, Any]:
    promised = asdict(outcome.expected)
    return {
        "folder": str(folder),
        "imported": {
            name: getattr(outcome.imported, name)
            for name in ("created", "updated", "merged", "skipped")
        },
        "received": outcome.received,
        "welcomed": len(promised["welcomed"]),
        "reminded": len(promised["reminded"]),
        "called": promised["called"],
        "won": promised["won"],
        "failures": outcome.failures,
        "pictures": [str(picture) for picture in pictures],
    }
