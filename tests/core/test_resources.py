"""Where resources are found: beside the package, and inside an installed one."""

from __future__ import annotations

import pytest

from rally_desktop.core import resources


def test_a_checkout_has_them_beside_the_package():
    """In a checkout, resources lie in the folder beside the package."""
    assert resources.resources() == resources.PACKAGE.parent / "resources"
    assert resources.resource("theme").is_dir()


def test_a_wheel_has_them_inside(tmp_path, monkeypatch):
    """In an installed program, resources lie inside the package."""
    (tmp_path / "resources" / "theme").mkdir(parents=True)
    monkeypatch.setattr(resources, "PACKAGE", tmp_path)
    assert resources.resource("theme") == tmp_path / "resources" / "theme"


def test_a_missing_part_is_named():
    """A file that is not there is named, with the advice to install again."""
    with pytest.raises(resources.ResourceMissing, match=r"nothing\.svg.*Install") as raised:
        resources.resource("theme", "nothing.svg")
    assert raised.value.path.name == "nothing.svg"
