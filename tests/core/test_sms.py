"""Text messages: numbers as they are dialled, and the parts that are paid for."""

import pytest

from rally_desktop.core.sms import number_of, parts


@pytest.mark.parametrize(
    ("text", "count", "plain"),
    [
        ("", 1, True),
        ("a" * 160, 1, True),
        ("a" * 161, 2, True),
        ("a" * 306, 2, True),
        ("a" * 307, 3, True),
        ("€" * 80, 1, True),
        ("€" * 81, 2, True),
        ("€" * 77 + "b" * 152, 3, True),
        ("Grüße, Zoé", 1, True),
        ("ж" * 70, 1, False),
        ("ж" * 71, 2, False),
        ("😀" * 35, 1, False),
        ("😀" * 36, 2, False),
    ],
    ids=lambda value: ascii(value)[:12],
)
def test_a_text_is_sent_in_parts(text, count, plain):
    """160 signs of the plain alphabet or 70 others are one part; a joint takes some of them."""
    assert (parts(text).count, parts(text).plain) == (count, plain)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+44 (0)1632 960-123", "+441632960123"),
        ("0044 1632 960123", "+441632960123"),
        ("01632 960123", "01632960123"),
        ("(01632) 96.01/23", "01632960123"),
        ("12345", ""),
        ("ask Tom", ""),
        ("+44 1632 960123 ext 4", ""),
        ("", ""),
        ("1" * 16, ""),
    ],
)
def test_a_number_is_read_as_people_write_it(written, number):
    """Blanks, dots and brackets fall away; what is no number is none."""
    assert number_of(written) == number
