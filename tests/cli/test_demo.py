"""The demonstration: what it promises happens, and it says so only then."""

import json

import pytest

from rally_desktop.cli import main
from rally_desktop.cli.demonstration import Demonstration
from rally_desktop.cli.verb import Doors

pytestmark = pytest.mark.slow


@pytest.fixture
def run():
    """Run the command line without a screen."""
    screen = Doors(lambda *_, **__: 0, lambda *_, **__: [])
    return lambda *words: main.run(screen, list(words))


def test_the_demonstration_keeps_its_promises(run, tmp_path, capsys):
    """500 rows, 480 people, 180 welcomed, 150 reminded, nobody twice, and exit code 0."""
    assert run("demo", "--headless", "--json", "--keep", str(tmp_path)) == 0

    facts = json.loads(capsys.readouterr().out)
    assert facts["imported"] == {"created": 480, "updated": 0, "merged": 20, "skipped": 0}
    assert facts["received"] == facts["welcomed"] + facts["reminded"] == 330
    assert facts["failures"] == []
    assert (tmp_path / "demo.rally").exists()


@pytest.mark.slow
def test_the_demonstration_tells_what_it_did(run, tmp_path, capsys):
    """Without ``--json`` it prints days, runs and what the mail server received."""
    run("demo", "--headless", "--keep", str(tmp_path))

    said = capsys.readouterr().out
    assert "The mail server received 330 messages" in said
    assert "Took ‘Replied or tagged’." in said
    assert "Everything that was promised happened." in said


@pytest.mark.slow
def test_a_broken_promise_is_an_error(run, tmp_path, monkeypatch, capsys):
    """A message that the server never received makes the exit code 1, and is named."""
    whole = Demonstration._received
    monkeypatch.setattr(Demonstration, "_received", lambda self: whole(self)[1:])

    assert run("demo", "--headless", "--keep", str(tmp_path)) == 1
    assert "NOT KEPT: 1 messages were not sent." in capsys.readouterr().out


@pytest.mark.slow
def test_an_earlier_demonstration_is_kept(run, tmp_path, capsys):
    """A second demonstration in the same folder is made beside the first."""
    (tmp_path / "demo.rally").write_bytes(b"precious")

    run("demo", "--headless", "--keep", str(tmp_path))

    assert (tmp_path / "demo.rally").read_bytes() == b"precious"
    assert (tmp_path / "demo-2.rally").exists()
