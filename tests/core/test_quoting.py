"""What is new in a message is parted from what it quotes."""

from __future__ import annotations

import pytest

from rally_desktop.core.quoting import parted


@pytest.mark.parametrize(
    "quoted",
    [
        "On 3 Nov 2026, Maria wrote:\n> Shall I send it?",
        "On Tue, 3 Nov 2026 at 10:00, Maria Lopes\n<maria@example.com> wrote:\n> Shall I?",
        "Am 3. November 2026 schrieb Maria:\n> Soll ich?",
        "-----Original Message-----\nFrom: Maria",
        "________________________________\nFrom: Maria",
        "> Shall I send it?\n>\n> Best, Maria",
    ],
)
def test_what_mail_programs_quote_is_parted(quoted):
    """The usual beginnings of a quote end what is new."""
    assert parted(f"Yes, please.\n\n{quoted}\n") == ("Yes, please.", quoted)


@pytest.mark.parametrize(
    "text",
    ["Yes", "", "> only a quote", "> one?\nYes.\n> two?\nNo.", "On Monday I wrote: come\nand see"],
)
def test_what_is_no_quote_at_the_end_stays(text):
    """Answers between quotes, and a message that is nothing but a quote, are shown whole."""
    assert parted(text) == (text, "")
