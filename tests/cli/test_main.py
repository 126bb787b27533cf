"""The command line: what it answers, and how it ends."""

from __future__ import annotations

import subprocess
import sys

import pytest

from rally_desktop import __version__
from rally_desktop.cli import main
from rally_desktop.cli.verb import Doors, verb
from rally_desktop.core.errors import Refused


@pytest.fixture
def opened():
    """The addresses the window was opened on."""
    return []


@pytest.fixture
def run(opened):
    """Run the command line with a window that closes at once."""

    def open_window(url, **_):
        opened.append(url)
        return 0

    screen = Doors(open_window, lambda *_: [])
    return lambda *words: main.run(screen, list(words))


def test_without_a_verb_the_window_opens(run, opened, own_home):
    """``rally-desktop`` opens the window on this person's own database."""
    assert run() == 0
    assert opened[0].startswith("sqlite:///")
    assert str(own_home) in opened[0]


def test_the_window_opens_on_a_chosen_database(run, opened):
    """``rally-desktop --database`` opens the window on another database."""
    run("--database", "postgresql://ana@server/office")
    assert opened == ["postgresql://ana@server/office"]


def test_the_database_can_stand_in_the_environment(run, opened, monkeypatch):
    """``RALLY_DATABASE`` names the database where nothing else does."""
    monkeypatch.setenv("RALLY_DATABASE", "postgresql://ana@server/office")
    run()
    assert opened == ["postgresql://ana@server/office"]


def test_a_misplaced_database_is_not_ignored(run, capsys):
    """A database named before a verb is refused rather than silently left out."""
    assert run("--database", "office.rally", "doctor") == 2
    assert "after the verb" in capsys.readouterr().err


def test_an_error_is_one_line(run, capsys, tmp_path):
    """What cannot be done is said in one line on the error output, with exit code 1."""
    assert run("db", "upgrade", "--database", str(tmp_path / "absent.rally")) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "There is no database" in said.err


def test_wrong_usage_is_told_apart(run):
    """A verb that does not exist ends with exit code 2."""
    assert run("dance") == 2


def test_the_version_is_told(run, capsys):
    """``--version`` says which Rally Desktop this is."""
    assert run("--version") == 0
    assert __version__ in capsys.readouterr().out


def test_one_function_is_a_verb(monkeypatch, capsys):
    """A function marked as a verb is one, by its own name."""

    @verb
    def give_up() -> None:
        """Give up."""
        raise Refused("Not today.")

    monkeypatch.setattr(main, "verbs", lambda: iter([give_up]))
    assert main.run(lambda url: 0, ["give-up"]) == 1
    assert "Not today." in capsys.readouterr().err


def test_every_verb_has_help():
    """Every verb says in one sentence what it does."""
    for function in main.verbs():
        assert (function.__doc__ or "").partition("\n")[0].endswith(".")


def test_the_window_waits_for_nothing_it_does_not_need():
    """Reading the command line loads neither the database library nor the screen."""
    look = "from rally_desktop.cli.main import build; build(); import sys; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in ran.stdout.split()}
    assert loaded.isdisjoint({"sqlalchemy", "alembic", "PySide6", "cryptography", "jinja2"})


@pytest.mark.parametrize(
    "words",
    [("runs", "show"), ("workflow", "show"), ("workflow", "publish"), ("tasks", "complete"),
     ("runs", "stop"), ("workflow", "enrol", "1", "--contact")],
)  # fmt: skip
def test_a_number_beyond_all_numbers_is_said(run, tmp_path, capsys, words):
    """However large a number somebody types, one line says that there is nothing like it."""
    where = ("--database", f"sqlite:///{tmp_path}/office.rally")
    assert run(*words, "9" * 30, *where) in (0, 1)
    assert "Traceback" not in capsys.readouterr().err
