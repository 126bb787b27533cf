"""``poe new``: a kind that works from the first minute, with its test."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

from rally_desktop.engine.nodes.base import Node
from scripts import new
from scripts.limits import ROOT


def loaded(path):
    """Import a written kind and return its class."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    kinds = [item for item in vars(module).values() if isinstance(item, type)]
    return next(item for item in kinds if item.__module__ == path.stem)


@pytest.mark.parametrize("family", new.FOLDERS)
def test_a_written_kind_works(tmp_path, family):
    """The kind has the asked name, loads its own example, and says what it does."""
    kind = loaded(new.write(tmp_path, family, "send_gift")[0])
    assert kind.__name__ == "SendGift"
    assert issubclass(kind, Node)
    assert kind.load(kind.example).sentence()


@pytest.mark.parametrize("family", new.FOLDERS)
def test_what_is_written_passes_the_checks(tmp_path, family):
    """Neither the kind nor its test is complained about by the linter or the formatter."""
    for path in new.write(tmp_path, family, "send_gift"):
        for words in (["check"], ["format", "--check"]):
            named = ["--stdin-filename", path.relative_to(tmp_path), "-"]
            command = [sys.executable, "-m", "ruff", *words, *named]
            ran = subprocess.run(
                command, input=path.read_bytes(), cwd=ROOT, capture_output=True, check=False
            )
            assert ran.returncode == 0, ran.stdout.decode()


def test_nothing_is_written_over(tmp_path):
    """A kind that is there already stays as it is."""
    new.write(tmp_path, "action", "send_gift")
    with pytest.raises(FileExistsError):
        new.write(tmp_path, "action", "send_gift")


@pytest.mark.parametrize("name", ["SendGift", "send-gift", "2gifts"])
def test_a_bad_name_is_refused(name, capsys):
    """A name that could not be a file of Python is refused with an example."""
    with pytest.raises(SystemExit):
        new.main(["action", name])
    assert "send_gift" in capsys.readouterr().err
