"""The engine without a window."""

import json

import pytest

from rally_desktop.cli import main
from rally_desktop.cli.verb import Doors
from rally_desktop.model.graph import Step


@pytest.fixture
def run(store):
    """Run the command line on the office that the test fills."""
    screen = Doors(lambda *_, **__: 0, lambda *_, **__: [])
    url = store.engine.url.render_as_string(hide_password=False)
    return lambda *words: main.run(screen, [*words, "--database", url])


def test_once_does_what_is_due_and_stops(run, world, capsys):
    """A contact that waits for the engine is tagged; the answer counts one run."""
    world.publish(Step("tag", "add_tag", {"tag": "Seen"}))
    ana = world.contact()

    assert run("engine", "--once", "--json") == 0

    assert json.loads(capsys.readouterr().out) == {
        "started": 1, "moved": 0, "sent": 0, "trouble": "",
    }  # fmt: skip
    assert world.record(ana)["tags"] == {"Seen"}
