"""What strangers sent is laid where it can be looked at, and known to come from outside."""

import pytest

from rally_desktop.core.errors import BadFile, Refused
from rally_desktop.outside.files import from_outside


def test_a_copy_to_look_at_is_ones_own_and_read_only():
    """Nobody else may look into its folder; two of a name do not meet."""
    first, second = (from_outside.laid_out("plan.pdf", content) for content in (b"1", b"2"))
    assert (first.read_bytes(), second.read_bytes()) == (b"1", b"2")
    assert first.stat().st_mode & 0o777 == 0o400
    assert first.parent.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["run.exe", "page.html", "all.zip", "sheet.xlsm", "link.lnk"])
def test_what_may_run_is_not_laid_out(name):
    """It is refused below the screen, too, with what to do instead."""
    with pytest.raises(Refused, match="Save it instead"):
        from_outside.laid_out(name, b"x")


def test_windows_is_told_that_a_file_came_from_outside(tmp_path, monkeypatch):
    """It asks before it opens such a file."""
    monkeypatch.setattr(from_outside.sys, "platform", "win32")
    from_outside.keep(tmp_path / "x.pdf", b"1")
    told = (tmp_path / "x.pdf:Zone.Identifier").read_bytes()
    assert told == b"[ZoneTransfer]\r\nZoneId=3\r\n"


def test_a_file_that_cannot_be_written_says_what_to_do(tmp_path):
    """A folder that is gone is no bug."""
    with pytest.raises(BadFile, match="Choose another folder"):
        from_outside.keep(tmp_path / "gone" / "x.pdf", b"1")
