"""The gate on shape lets through what is small and stops what is not."""

from __future__ import annotations

import pytest

from scripts import limits

TOO_MUCH = {
    "file": "x = 1\n" * 401,
    "class": "class Long:\n" + "    x = 1\n" * 250,
    "methods": "class Busy:\n" + "".join(f"    def m{n}(self): ...\n" for n in range(21)),
    "function": "def long():\n" + "    x = 1\n" * 50,
    "nesting": "def deep():\n" + "".join("    " * (n + 1) + "if x:\n" for n in range(5))
    + "    " * 6 + "pass\n",
    "branches": "def torn(x):\n    return " + " and ".join("x" * 13),
    "parameters": "def greedy(a, b, c, d, e, f, g, *h): ...",
}  # fmt: skip


@pytest.mark.slow
def test_the_program_is_within_its_limits():
    """No file, class or function of ours is beyond a limit."""
    assert limits.broken(limits.ROOT / tree for tree in limits.TREES) == []


@pytest.mark.parametrize("name", limits.LIMITS)
def test_every_limit_bites(name, tmp_path):
    """A file one step beyond a limit is found, by the name of that limit."""
    path = tmp_path / "grown.py"
    path.write_text(TOO_MUCH[name])
    assert [line.split()[0] for line in limits.broken([path])] == [name]


def test_elif_does_not_nest():
    """A chain of elif is one block, however long."""
    source = "def choose(x):\n    if x:\n        pass\n" + "    elif x:\n        pass\n" * 6
    nesting = [one.value for one in limits.measure(source, "x") if one.limit == "nesting"]
    assert nesting == [1]
