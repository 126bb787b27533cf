"""Duplicates, from the command line: found, made one, parted again."""

from __future__ import annotations

import json

import pytest

from rally_desktop.cli import main
from rally_desktop.cli.verb import Doors

pytestmark = pytest.mark.slow


@pytest.fixture
def run(store):
    """Run the command line on the office that the test fills."""
    screen = Doors(lambda *_, **__: 0, lambda *_, **__: [])
    url = store.engine.url.render_as_string(hide_password=False)
    return lambda *words: main.run(screen, ["duplicates", *words, "--database", url])


def test_two_are_found_merged_listed_and_parted(world, run, capsys):
    """Each verb says what it did, and the numbers that the next one takes."""
    ana, twin = (world.contact("Ana", last_name="Silva", phone="912345678") for _ in range(2))
    assert run("find", "--safe", "--json") == 0
    (group,) = json.loads(capsys.readouterr().out)
    assert (group["ids"], group["safe"]) == ([ana.id, twin.id], True)
    assert run("merge", str(ana.id), str(twin.id)) == 0
    assert "duplicates undo" in capsys.readouterr().out
    assert run("merged", "--json") == 0
    (merge,) = json.loads(capsys.readouterr().out)
    assert (merge["kept"], merge["gone"], merge["undone"]) == (ana.id, twin.id, False)
    assert run("undo", str(merge["id"])) == 0
    assert world.record(twin)["deleted_at"] is None
