"""Lines of addresses: what is typed, what is wrong with it, and what was probably meant."""

from __future__ import annotations

import pytest

from rally_desktop.core import address_line
from rally_desktop.core.message import Mailbox


def test_a_line_names_people_once():
    """Names, quotes, semicolons and line ends are understood; an address counts once."""
    typed = '"Ruiz, Ana" <ana@example.com>; ben@example.com,\nANA@example.com, Eva <eva@x.example>'
    found = address_line.read(typed)
    assert found.people == (
        Mailbox("ana@example.com", "Ruiz, Ana"), Mailbox("ben@example.com"),
        Mailbox("eva@x.example", "Eva"),
    )  # fmt: skip
    assert address_line.read(address_line.written(found.people)) == found


@pytest.mark.parametrize("typed", ["ana", "ana@", "ana@example", "a b@example.com", "a@b..com"])
def test_what_is_no_address_is_named(typed):
    """What cannot be an address is returned as it was typed."""
    assert address_line.read(f"{typed}, ben@example.com").wrong == (typed,)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ana@gmial.com", "ana@gmail.com"), ("ana@gmail.con", "ana@gmail.com"),
        ("ana@hotmai.com", "ana@hotmail.com"), ("ana@example.cmo", "ana@example.com"),
        ("ana@hill-dentall.example", "ana@hill-dental.example"), ("ana@gmail.com", ""),
        ("ana@example.com", ""), ("ana@gmx.de", ""),
    ],
)  # fmt: skip
def test_slips_of_the_hand_are_seen(typed, meant):
    """A letter beside a domain that is known is a slip; a domain of its own is not."""
    assert address_line.slip(typed, ["hill-dental.example"]) == meant
