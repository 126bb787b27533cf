"""Kinds are found by the file they live in."""

from __future__ import annotations

import sys

import pytest

from rally_desktop.core.catalogue import discover


class Base:
    """What the classes of a package must be."""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Return a maker of packages: module names and texts in, the package out."""

    def make(**modules):
        folder = tmp_path / "found_kinds"
        folder.mkdir()
        (folder / "__init__.py").write_text("")
        for name, text in modules.items():
            (folder / f"{name}.py").write_text(f"from {__name__} import Base\n{text}")
        monkeypatch.syspath_prepend(tmp_path)
        import found_kinds  # pyright: ignore[reportMissingImports]

        return found_kinds

    yield make
    for name in [each for each in sys.modules if each.partition(".")[0] == "found_kinds"]:
        del sys.modules[name]


def test_a_file_is_a_kind(package):
    """Each module's one class is found under the module's name."""
    found = discover(package(red="class Red(Base): pass", blue="class Blue(Base): pass"), Base)
    assert {key: kind.__name__ for key, kind in found.items()} == {"red": "Red", "blue": "Blue"}


@pytest.mark.parametrize("text", ["", "class A(Base): pass\nclass B(Base): pass"])
def test_a_file_without_exactly_one_kind_is_refused(package, text):
    """A module with no class, or with several, does not go unnoticed."""
    with pytest.raises(TypeError, match="must define one Base"):
        discover(package(red=text), Base)


def test_an_empty_package_is_refused(package):
    """A build that left its modules out does not start silently."""
    with pytest.raises(TypeError, match="is empty"):
        discover(package(), Base)
