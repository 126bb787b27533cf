"""Drafts in files of this computer: whole or not at all, private, and each office's own."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime

import msgspec
import pytest

from rally_desktop.outside.unsaved import Unsaved, UnsavedFiles

NINE = datetime(2026, 6, 2, 9, tzinfo=UTC)
DRAFT = Unsaved("mine", 3, 7, NINE, {"format": 1, "steps": []})


@pytest.fixture
def files(tmp_path):
    """The files of one workflow."""
    return UnsavedFiles(tmp_path / "unsaved", "sqlite:///office.rally", 1)


def test_what_was_written_is_found_again_by_another_page(files):
    """Not by the page itself: it knows what it has."""
    files.write(DRAFT)
    assert files.left("other") == [DRAFT]
    assert files.left("mine") == []


def test_the_newest_comes_first(files):
    """Each page has one file, and a later draft takes the place of its earlier one."""
    files.write(DRAFT)
    files.write(msgspec.structs.replace(DRAFT, page="older", at=NINE.replace(hour=8)))
    files.write(msgspec.structs.replace(DRAFT, change=4))
    assert [(one.page, one.change) for one in files.left("")] == [("mine", 4), ("older", 3)]


def test_what_is_removed_is_gone(files):
    """Removing what is not there is no error."""
    files.write(DRAFT)
    for _ in range(2):
        files.remove("mine")
    assert files.left("") == []


def test_other_workflows_and_offices_have_files_of_their_own(files, tmp_path):
    """Nothing is offered where it does not belong."""
    files.write(DRAFT)
    folder = tmp_path / "unsaved"
    assert UnsavedFiles(folder, "sqlite:///office.rally", 11).left("") == []
    assert UnsavedFiles(folder, "sqlite:///other.rally", 1).left("") == []


@pytest.mark.parametrize("left", [b"", b"{", b'{"page": "x"}', b"\xff\xfe"])
def test_half_a_file_is_passed_over(files, tmp_path, left):
    """What somebody damaged keeps nobody from what is whole."""
    files.write(DRAFT)
    path = next((tmp_path / "unsaved").glob("*mine.json"))
    path.with_name(path.name.replace("mine", "broken")).write_bytes(left)
    assert files.left("") == [DRAFT]


def test_a_write_that_fails_leaves_the_file_before(files, monkeypatch):
    """A full disk in the midst of writing costs nothing of what was kept."""
    files.write(DRAFT)

    def full(number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.write(msgspec.structs.replace(DRAFT, change=4))
    assert files.left("") == [DRAFT]


@pytest.mark.skipif(os.name == "nt", reason="other systems have no such modes")
def test_nobody_else_may_read_them(files, tmp_path):
    """A workflow holds texts to customers: the file is its owner's alone."""
    files.write(DRAFT)
    path = next((tmp_path / "unsaved").iterdir())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
