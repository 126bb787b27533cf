"""Where a database file may lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from rally_desktop.core.errors import DatabaseUnusable
from rally_desktop.model import place

LINUX = [
    "23 28 0:21 / /proc rw,nosuid shared:12 - proc proc rw",
    "28 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
    "95 28 0:51 / /mnt/our\\040server rw shared:50 - cifs //nas/office rw,vers=3.1",
]
MACOS = [
    "/dev/disk3s1 on / (apfs, local, journaled)",
    "//ana@nas/office on /Volumes/office (smbfs, nodev, nosuid)",
]


@pytest.mark.parametrize(
    ("folder", "service"),
    [
        ("/home/ana/Dropbox/office", "Dropbox"),
        ("/Users/ana/OneDrive - Hill Dental/data", "OneDrive"),
        ("/Users/ana/Library/Mobile Documents/data", "iCloud"),
        ("/home/ana/office", None),
        ("/home/ana/Dropbox recipes", None),
    ],
)
def test_synced_folders_are_known_by_name(folder, service):
    """A folder that a cloud service copies is recognised, and a similar name is not."""
    assert place.synced_by(Path(folder)) == service


def test_a_synced_folder_is_refused(tmp_path):
    """A database in a synced folder is refused with the name of the service."""
    folder = tmp_path / "Nextcloud"
    folder.mkdir()
    with pytest.raises(DatabaseUnusable, match="kept in step by Nextcloud"):
        place.check_place(folder / "office.rally")


def test_a_network_drive_is_refused(tmp_path, monkeypatch):
    """A database on a network drive is refused, and PostgreSQL is named as the way."""
    monkeypatch.setattr(place, "file_system", lambda folder: "nfs4")
    with pytest.raises(DatabaseUnusable, match=r"network drive.*PostgreSQL"):
        place.check_place(tmp_path / "office.rally")


def test_mounts_are_read_on_linux():
    """The longest mount point above a folder tells its file system."""
    mounts = list(place._linux_mounts(LINUX))
    assert place.on_mount(Path("/mnt/our server/data"), mounts) == "cifs"
    assert place.on_mount(Path("/home/ana"), mounts) == "ext4"


def test_mounts_are_read_on_macos():
    """A share under /Volumes is told from the disk it seems to be on."""
    mounts = list(place._macos_mounts(MACOS))
    assert place.on_mount(Path("/Volumes/office/data"), mounts) == "smbfs"
    assert place.on_mount(Path("/Users/ana"), mounts) == "apfs"


def test_this_computer_is_allowed(tmp_path):
    """An ordinary folder is no network drive."""
    assert place.file_system(tmp_path) not in place.NETWORK_FILE_SYSTEMS


def test_a_link_does_not_hide_where_a_file_lies(tmp_path):
    """A link to a file in a synced folder is refused as that file would be."""
    synced = tmp_path / "Dropbox"
    synced.mkdir()
    link = tmp_path / "office.rally"
    link.symlink_to(synced / "office.rally")
    with pytest.raises(DatabaseUnusable, match="kept in step by Dropbox"):
        place.check_place(link)
