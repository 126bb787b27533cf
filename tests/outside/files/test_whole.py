"""Files are written as a whole or not at all, and what goes wrong says what to do."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from rally_desktop.core.errors import BadFile
from rally_desktop.outside.files.whole import write_whole


def test_what_was_there_is_replaced(tmp_path):
    """The new content stands in the file, and nothing else in its folder."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "the disk is full. Make room"),
        (errno.EACCES, "may not be changed. Choose another folder"),
        (errno.EROFS, "the disk can only be read. Choose another folder"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_what_was_there_stays_where_it_cannot_be_written(tmp_path, monkeypatch, number, advice):
    """A full or read-only disk leaves the old file as it was, and nothing half-done beside it."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    write = Path.write_bytes

    def fail(self, content):
        write(self, content[:1])
        raise OSError(number, "Input/output error")

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(BadFile, match=advice):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "advice"),
    [("gone/a.txt", "folder does not exist"), ("x" * 300, "the name is too long")],
)
def test_a_name_that_cannot_be_is_said(tmp_path, name, advice):
    """The message names the file and what to do."""
    with pytest.raises(BadFile, match=advice):
        write_whole(tmp_path / name, b"new")
