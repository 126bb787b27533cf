"""What a file is called by its name, whatever its sender says of it."""

import pytest

from rally_desktop.core import file_kinds


@pytest.mark.parametrize(
    ("name", "kind", "said", "shown"),
    [
        ("plan.pdf", "application/octet-stream", "PDF document", True),
        ("chair.JPG", "image/jpeg", "Picture", True),
        ("plan.pdf.exe", "application/pdf", "Program", False),
        ("list.xlsm", "application/vnd.ms-excel", "Excel table with macros", False),
        ("page.html", "text/html", "Web page", False),
        ("logo.svg", "image/svg+xml", "SVG file", False),
        ("all.zip", "application/zip", "Archive (ZIP)", False),
        (".profile", "text/plain", "Text", False),
        ("attachment", "image/png", "Picture", False),
        ("data.xyz", "text/plain", "XYZ file", False),
    ],
)
def test_a_file_is_what_its_name_says(name, kind, said, shown):
    """Only what is known to be shown and never run may be opened."""
    assert file_kinds.in_words(name, kind) == said
    assert file_kinds.can_be_shown(name) is shown


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "1 KB"), (900, "1 KB"), (215_000, "210 KB"), (1_048_576, "1 MB"), (5_000_000, "4.8 MB")],
)
def test_a_size_is_said_shortly(size, said):
    """Nothing has no size at all."""
    assert file_kinds.size_in_words(size) == said
