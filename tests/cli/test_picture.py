"""A workflow drawn into a file from the command line."""

from __future__ import annotations

import json

import pytest

from rally_desktop.__main__ import draw_workflow
from rally_desktop.cli import main
from rally_desktop.cli.verb import Doors
from rally_desktop.engine import publishing
from rally_desktop.engine.cookbook import install
from rally_desktop.engine.recipes.welcome_inbound_leads import WelcomeInboundLeads

pytestmark = pytest.mark.slow


@pytest.fixture
def run(store, qapp):
    """Run the command line, with the means to draw, on the office that the test fills."""
    screen = Doors(lambda *_, **__: 0, lambda *_, **__: [], draw_workflow)
    url = store.engine.url.render_as_string(hide_password=False)
    return lambda *words: main.run(screen, [*map(str, words), "--database", url])


@pytest.fixture
def welcome(world):
    """The number of a recipe's workflow, a draft."""
    world.mailbox()
    return world.do(install, WelcomeInboundLeads)


@pytest.mark.parametrize(
    ("name", "begins"), [("a.png", b"\x89PNG"), ("a.SVG", b"<?xml"), ("a.pdf", b"%PDF")]
)
def test_the_file_is_what_its_name_ends_in(run, welcome, tmp_path, capsys, name, begins):
    """PNG, SVG or PDF; the answer names the file."""
    assert run("workflow", "picture", welcome, tmp_path / name) == 0
    assert (tmp_path / name).read_bytes().startswith(begins)
    assert f"‘Welcome inbound leads’ is in {tmp_path / name}." in capsys.readouterr().out


def test_the_published_version_can_be_drawn(run, world, welcome, tmp_path, capsys):
    """Before there is one, that is said; then the picture is of it."""
    path = tmp_path / "a.svg"
    assert run("workflow", "picture", welcome, path, "--published") == 1
    assert "It is not published" in capsys.readouterr().err
    world.do(publishing.publish, welcome)
    assert run("workflow", "picture", welcome, path, "--published", "--json") == 0
    assert json.loads(capsys.readouterr().out)["version"] == 1
    assert "Version 1" in path.read_text("utf-8")


@pytest.mark.parametrize(
    "words", [("a.doc",), ("a.png", "--paper", "A4"), ("a.pdf", "--paper", "B")]
)
def test_what_cannot_be_meant_is_wrong_usage(run, welcome, tmp_path, words):
    """Another kind of file, paper for a picture, an unknown paper: nothing is written."""
    assert run("workflow", "picture", welcome, tmp_path / words[0], *words[1:]) == 2
    assert not (tmp_path / words[0]).exists()


def test_a_folder_that_is_not_there_is_said(run, welcome, tmp_path, capsys):
    """The error says what to do."""
    assert run("workflow", "picture", welcome, tmp_path / "gone" / "a.png") == 1
    assert "Choose another folder" in capsys.readouterr().err
