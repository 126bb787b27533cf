"""What the documents say is true: links lead somewhere, names exist, commands are those we run."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
TRY = "python -m pip install -c constraints.txt -e . && rally-desktop demo"
TEST = "python -m pip install -c constraints.txt -e '.[dev]' && poe test"

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def links(page):
    """Yield the text, the file and the heading of every link to a file of ours."""
    for text, target in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in target:
            path, _, heading = unquote(target).partition("#")
            yield text, (page.parent / path).resolve() if path else page, heading


def defined(path):
    """Return every name a Python file defines: functions, classes, methods, constants."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


@pages
def test_every_link_leads_somewhere(page):
    """A link to a file of ours names one that is there."""
    assert [str(path) for _, path, _ in links(page) if not path.exists()] == []


@pages
def test_every_heading_exists(page):
    """A link into a page names one of its headings."""
    for _, path, heading in links(page):
        if heading and path.suffix == ".md":
            lines = path.read_text(encoding="utf-8").splitlines()
            heads = (line.lstrip("# ").lower() for line in lines if line.startswith("#"))
            assert heading in {re.sub(r"[^\w\- ]", "", head).replace(" ", "-") for head in heads}


@pages
def test_every_name_is_in_its_file(page):
    """A link written as `name` to a Python file names something that file defines."""
    for text, path, _ in links(page):
        if path.suffix == ".py" and (found := re.fullmatch(r"`([\w.]+)(?:\(\))?`", text)):
            name = found[1].rpartition(".")[2]
            assert name == path.stem or name in set(defined(path)), f"{text} in {path}"


@pages
def test_every_example_can_be_read(page):
    """JSON and TOML in the documents can be read."""
    readers = {"json": json.loads, "toml": tomllib.loads}
    for language, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        if language in readers:
            readers[language](text)


@pytest.mark.parametrize("command", [TRY, TEST])
def test_the_readme_has_the_two_commands(command):
    """The README says, on a line of their own, how to try it and how to test it."""
    assert f"\n{command}\n" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_ci_runs_what_the_readme_says():
    """Each part of the test command is a line of the CI run."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    install, test = TEST.split(" && ")
    assert install.replace("install", "install --quiet") in script
    assert script.rstrip().endswith(f"\n{test}")


def test_decisions_are_short():
    """A decision record has at most sixty lines, and stands in the list."""
    listed = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "docs" / "decisions").glob("0*.md"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 60
        assert path.name in listed


def test_versions_are_pinned_one_a_line():
    """constraints.txt has a name and a version a line, each name once, and no address."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
    assert len({line.partition("==")[0].lower() for line in lines}) == len(lines)
