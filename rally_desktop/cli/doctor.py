"""The verb that looks whether this installation is whole, and says what to do where not."""

from __future__ import annotations

import importlib
import platform
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Annotated, Literal

import typer

from rally_desktop import __version__
from rally_desktop.cli.verb import AsJson, Database, answer, verb
from rally_desktop.core.errors import RallyError

State = Literal["good", "note", "bad"]
SIGNS: dict[State, str] = {"good": "✓", "note": "!", "bad": "✗"}
QT_WITHIN = 60
PACKAGE = "rally_desktop"


@dataclass(frozen=True)
class Finding:
    """What one check found; a note works but deserves attention."""

    check: str
    state: State
    text: str


@verb
def doctor(
    database: Database = "",
    as_json: AsJson = False,
    screen_only: Annotated[bool, typer.Option("--screen-only", hidden=True)] = False,
) -> None:
    """Check that this installation is whole."""
    if screen_only:
        _open_screen()
        return
    found = examine(database)
    lines = [f"{SIGNS[one.state]} {one.check}: {one.text}" for one in found]
    answer([asdict(one) for one in found], as_json, "\n".join(lines))
    if any(one.state == "bad" for one in found):
        raise typer.Exit(1)


def examine(database: str) -> list[Finding]:
    """Run every check."""
    checks: dict[str, Callable[[], tuple[State, str]]] = {
        "Program": _program,
        "Kinds": _kinds,
        "Icons and texts": _resources,
        "Screen": _screen,
        "SQLite": _sqlite,
        "Passwords": _passwords,
        "Database": lambda: _database(database),
        "Audit log": lambda: _audit(database),
        "Search": lambda: _search(database),
    }
    return [Finding(name, *_tried(check)) for name, check in checks.items()]


def _tried(check: Callable[[], tuple[State, str]]) -> tuple[State, str]:
    """Run one check; an error a person can act on, or a missing part, is a finding."""
    try:
        return check()
    except (RallyError, ImportError, OSError, TypeError) as error:
        return "bad", str(error)


def _program() -> tuple[State, str]:
    return "good", f"Rally Desktop {__version__}, Python {platform.python_version()}"


def _kinds() -> tuple[State, str]:
    """Count the catalogue: a packaged build that left modules out raises TypeError."""
    from rally_desktop.engine.nodes import step_kinds, trigger_kinds

    return "good", f"{len(trigger_kinds())} triggers, {len(step_kinds())} steps"


def _resources() -> tuple[State, str]:
    from rally_desktop.core.resources import resource, resources

    for name in ("demo", "theme"):
        resource(name)
    return "good", str(resources())


def _screen() -> tuple[State, str]:
    """Open Qt in a process of its own: where a library is missing, it takes the process along."""
    here = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", PACKAGE]
    command = [*here, "doctor", "--screen-only"]
    try:
        ran = subprocess.run(
            command, capture_output=True, text=True, timeout=QT_WITHIN, check=False
        )
    except subprocess.TimeoutExpired:
        return "bad", f"no answer within {QT_WITHIN} seconds; start the computer's screen anew"
    if ran.returncode == 0:
        return "good", ran.stdout.strip()
    said = (ran.stderr.strip() or f"it ended with {ran.returncode}").splitlines()[0]
    return "bad", f"no window can be opened here: {said}"


def _open_screen() -> None:
    """Open Qt as the window would, and say which one it is."""
    core = importlib.import_module("PySide6.QtCore")
    gui = importlib.import_module("PySide6.QtGui")
    application = gui.QGuiApplication([])
    typer.echo(f"Qt {core.qVersion()} on {application.platformName()}")


def _sqlite() -> tuple[State, str]:
    from rally_desktop.model import sqlite

    number = ".".join(map(str, sqlite.version()))
    if sqlite.version() < sqlite.SAFE_VERSION:
        safe = ".".join(map(str, sqlite.SAFE_VERSION))
        return "note", f"{number}; before {safe} a file can be damaged: install sqlcipher3"
    return "good", number


def _passwords() -> tuple[State, str]:
    from rally_desktop.outside import secrets

    place = secrets.where()
    return ("good", place) if place else ("note", "this computer has no keyring")


def _database(database: str) -> tuple[State, str]:
    """Open the database as it is, without making or upgrading one."""
    from rally_desktop.model.migrations import HEAD
    from rally_desktop.model.opening import database_file, open_engine, schema_version
    from rally_desktop.model.place import database_url

    url = database_url(database)
    path = database_file(url)
    if path is not None and not path.exists():
        return "note", f"{path} is not there yet; it is made when the window opens"
    engine = open_engine(url)
    try:
        number = schema_version(engine)
    finally:
        engine.dispose()
    shown = engine.url.render_as_string(hide_password=True)
    if number > HEAD:
        return "bad", f"{shown} was made by a newer Rally Desktop; bring this program up to date"
    if number < HEAD:
        return "note", f"{shown} is behind ({number} of {HEAD}); it is upgraded when opened"
    return "good", f"{shown}, schema {number}"


def _search(database: str) -> tuple[State, str]:
    """Say whether searches go by an index, and what that does not know yet."""
    from rally_desktop.core.clock import SystemClock
    from rally_desktop.model.opening import database_file, open_engine
    from rally_desktop.model.place import database_url
    from rally_desktop.model.store import Store
    from rally_desktop.services import search_care

    url = database_url(database)
    path = database_file(url)
    if path is not None and not path.exists():
        return "note", "there is nothing to search yet"
    store = Store(open_engine(url), SystemClock())
    try:
        found = store.read(search_care.state)
    finally:
        store.close()
    if not found.indexed:
        return "note", search_care.MADE_LATER if found.able else search_care.NO_INDEX
    if found.waiting:
        return "note", f"{found.waiting:,} things are still to be read in; that goes on by itself"
    return "good", "everything is read in"


def _audit(database: str) -> tuple[State, str]:
    """Check the audit log of a database that is up to date; others are left as they are."""
    from rally_desktop.cli.audit import said
    from rally_desktop.core.clock import SystemClock
    from rally_desktop.model.migrations import HEAD
    from rally_desktop.model.opening import database_file, open_engine, schema_version
    from rally_desktop.model.place import database_url, heads_file
    from rally_desktop.model.store import Store
    from rally_desktop.outside.heads import Heads
    from rally_desktop.services import audit_check

    url = database_url(database)
    path = database_file(url)
    if path is not None and not path.exists():
        return "note", "there is none yet"
    engine = open_engine(url)
    try:
        if schema_version(engine) != HEAD:
            return "note", "it is checked once the database is up to date"
        found = audit_check.check(Store(engine, SystemClock()), Heads(heads_file()))
    finally:
        engine.dispose()
    if found is None:
        return "note", "it was not looked at"
    return ("bad" if found.broken else "good"), said(found)
