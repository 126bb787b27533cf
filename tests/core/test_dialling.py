"""The zone that a telephone number tells."""

from __future__ import annotations

from zoneinfo import available_timezones

import pytest

from rally_desktop.core import dialling


@pytest.mark.parametrize(
    ("number", "zone"),
    [
        ("+44 20 7946 0000", "Europe/London"),
        ("0044 (0)20 7946-0000", "Europe/London"),
        ("+358 9 1234", "Europe/Helsinki"),
        ("+41/44/123 45 67", "Europe/Zurich"),
        ("+1 212 555 0100", ""),  # several zones: the number does not tell
        ("+7 495 123", ""),
        ("020 7946 0000", ""),
        ("+", ""),
        ("", ""),
        ("call me", ""),
    ],
)
def test_a_country_with_one_zone_tells(number, zone):
    """With its country in front a number tells a zone, where the country has only one."""
    assert dialling.zone_of_number(number) == zone


def test_every_zone_named_there_exists():
    """The table names zones that the database of zones knows."""
    assert set(dialling._ZONES.values()) <= available_timezones()
