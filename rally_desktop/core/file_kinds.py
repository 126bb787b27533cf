"""What a file is, in words, and whether opening it could run somebody else’s program."""

from __future__ import annotations

# What is shown and never run, by its ending: documents without macros, pictures, sound, film.
SHOWN = frozenset(
    "pdf txt csv tsv log png jpg jpeg gif webp bmp tif tiff heic ics vcf docx xlsx pptx odt ods odp"
    " rtf mp3 m4a wav ogg flac mp4 mov avi mkv webm".split()
)
_WORDS = {
    "pdf": "PDF document", "txt": "Text", "csv": "Table (CSV)", "ics": "Calendar entry",
    "vcf": "Business card", "zip": "Archive (ZIP)", "7z": "Archive", "rar": "Archive",
    "gz": "Archive", "html": "Web page", "htm": "Web page", "eml": "E-mail",
    "docx": "Word document", "doc": "Word document", "docm": "Word document with macros",
    "xlsx": "Excel table", "xls": "Excel table", "xlsm": "Excel table with macros",
    "pptx": "Presentation", "ppt": "Presentation", "odt": "Text document", "ods": "Table",
    "exe": "Program", "msi": "Program", "js": "Script", "vbs": "Script", "bat": "Script",
    "ps1": "Script", "sh": "Script", "cmd": "Script", "lnk": "Shortcut", "iso": "Disk image",
}  # fmt: skip
_FAMILIES = {"image": "Picture", "audio": "Sound", "video": "Film", "text": "Text"}
_ICONS = {"Picture": "image", "Sound": "file-music", "Film": "film", "Calendar entry": "calendar"}


def ending(name: str) -> str:
    """Return the ending of a file’s name in small letters; empty without one."""
    stem, dot, end = name.strip().rpartition(".")
    return end.lower() if dot and stem else ""


def can_be_shown(name: str) -> bool:
    """Say whether a file may be opened by the program that this computer has for it."""
    return ending(name) in SHOWN


def in_words(name: str, kind: str) -> str:
    """Say what a file is, by its name rather than by what its sender says of it."""
    end = ending(name)
    family = _FAMILIES.get(kind.partition("/")[0], "") if end in SHOWN or not end else ""
    return _WORDS.get(end) or family or (f"{end.upper()} file" if end else "File")


def icon(name: str, kind: str) -> str:
    """Return the name of the picture that stands before a file."""
    said = in_words(name, kind)
    if said in _ICONS:
        return _ICONS[said]
    return "file-text" if can_be_shown(name) else "file-question-mark"


def size_in_words(size: int) -> str:
    """Say how large a file is: «12 KB», «3.4 MB»."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024)):,} KB"
    return f"{size / 2**20:,.1f} MB".replace(".0 MB", " MB")
