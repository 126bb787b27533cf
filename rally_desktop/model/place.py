"""Where a database file may lie: on a disk of this computer, and nowhere a service copies it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from rally_desktop.core.errors import DatabaseUnusable

DATABASE = "office.rally"

# File systems whose locks and shared memory cannot be relied on (sqlite.org/wal.html, 2).
NETWORK_FILE_SYSTEMS = frozenset(
    "9p afs afpfs beegfs ceph cifs davfs fuse.davfs2 fuse.glusterfs fuse.rclone fuse.sshfs "
    "glusterfs lustre ncpfs nfs nfs3 nfs4 smb2 smb3 smbfs webdav".split()
)
SYNCED_FOLDERS = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "icloud drive": "iCloud",
    "iclouddrive": "iCloud",
    "mobile documents": "iCloud",
    "cloudstorage": "a cloud service",
    "box sync": "Box",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "pcloud drive": "pCloud",
    "syncthing": "Syncthing",
}
REMOTE_DRIVE = 4  # what GetDriveTypeW answers for a network drive


def data_folder() -> Path:
    """Return the folder of this person's data, as each system wants it; it need not exist."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming") / "Rally Desktop"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "Rally Desktop"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "rally-desktop"


def default_file() -> Path:
    """Return the database used where nobody says otherwise, its folder made."""
    folder = data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnusable(
            f"The folder {folder} cannot be made ({error.strerror}). "
            "Make it, or choose another database with --database."
        ) from error
    return folder / DATABASE


def marks_file() -> Path:
    """Return the file in which this computer keeps the marks of the offices it sends for."""
    return data_folder() / "offices.json"


def heads_file() -> Path:
    """Return the file in which this computer keeps where the offices' audit logs stood."""
    return data_folder() / "audit.json"


def database_url(text: str = "") -> str:
    """Return the address of a database from what a person wrote: an address, a file or nothing."""
    if "://" in text:
        return text
    path = Path(text).expanduser().absolute() if text else default_file()
    return f"sqlite:///{quote(path.as_posix(), safe='/:')}"


def check_place(path: Path) -> None:
    """Refuse a folder that is missing, on the network, or copied by a cloud service."""
    folder = path.resolve().parent
    if not folder.is_dir():
        raise DatabaseUnusable(f"There is no folder {folder}. Make it, or choose another place.")
    if service := synced_by(folder):
        raise DatabaseUnusable(
            f"{folder} is kept in step by {service}, which copies the file while it is being "
            "written and damages it. Choose a folder that is only on this computer."
        )
    if file_system(folder) in NETWORK_FILE_SYSTEMS:
        raise DatabaseUnusable(
            f"{folder} is on a network drive, where a database file gets damaged. Choose a folder "
            "on this computer, or use PostgreSQL for an office with several computers."
        )


def synced_by(folder: Path) -> str | None:
    """Name the service that copies a folder, or None."""
    for part in folder.parts:
        name = part.casefold()
        # «OneDrive - Hill Dental» is how a business account calls its folder.
        if service := SYNCED_FOLDERS.get(name) or SYNCED_FOLDERS.get(name.partition(" - ")[0]):
            return service
    return None


def file_system(folder: Path) -> str:
    """Return the name of the file system a folder is on; empty where the system cannot say."""
    if sys.platform == "win32":
        return _windows_file_system(folder)
    if sys.platform == "darwin":
        listed = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False)
        return on_mount(folder, _macos_mounts(listed.stdout.splitlines()))
    try:
        lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return on_mount(folder, _linux_mounts(lines))


def on_mount(folder: Path, mounts: Iterable[tuple[str, str]]) -> str:
    """Return the file system of the longest mount point above a folder; the last one wins."""
    above = [
        (len(point), number, kind)
        for number, (point, kind) in enumerate(mounts)
        if folder.is_relative_to(point)
    ]
    return max(above, default=(0, 0, ""))[2]


def _linux_mounts(lines: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Read mountinfo: «36 35 98:0 /root /mount options - type source options» (proc(5))."""
    for line in lines:
        mounted, _, described = line.partition(" - ")
        yield mounted.split(" ")[4].replace("\\040", " "), described.split(" ")[0]


def _macos_mounts(lines: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Read mount: «//server/share on /Volumes/share (smbfs, nodev)»."""
    for line in lines:
        place, _, options = line.partition(" on ")[2].rpartition(" (")
        yield place, options.rstrip(")").partition(",")[0]


def _windows_file_system(folder: Path) -> str:
    if folder.drive.startswith("\\\\"):
        return "smb3"
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - known on Windows alone
    return "smb3" if kernel.GetDriveTypeW(folder.anchor) == REMOTE_DRIVE else "local"
