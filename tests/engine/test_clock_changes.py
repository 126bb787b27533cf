"""Nothing is missed or doubled when clocks change, wherever one lives."""

from __future__ import annotations

import pytest

from tests.engine.clock_changes import hold

pytestmark = pytest.mark.slow

# The zones most people live in, and those whose clocks do what nobody expects.
ZONES = """
Africa/Cairo Africa/Casablanca Africa/El_Aaiun Africa/Johannesburg Africa/Lagos Africa/Nairobi
America/Anchorage America/Asuncion America/Bogota America/Buenos_Aires America/Caracas
America/Chicago America/Denver America/Halifax America/Havana America/Los_Angeles
America/Mexico_City America/Miquelon America/New_York America/Nuuk America/Phoenix
America/Port-au-Prince America/Santiago America/Sao_Paulo America/Scoresbysund America/St_Johns
America/Toronto Antarctica/Troll Asia/Almaty Asia/Amman Asia/Beirut Asia/Dubai Asia/Gaza
Asia/Hebron Asia/Ho_Chi_Minh Asia/Jerusalem Asia/Kathmandu Asia/Kolkata Asia/Shanghai
Asia/Singapore Asia/Tehran Asia/Tokyo Atlantic/Azores Australia/Adelaide Australia/Eucla
Australia/Lord_Howe Australia/Sydney Europe/Athens Europe/Berlin Europe/Chisinau Europe/Dublin
Europe/Helsinki Europe/Istanbul Europe/Lisbon Europe/London Europe/Moscow Europe/Paris
Pacific/Auckland Pacific/Chatham Pacific/Easter
""".split()


@pytest.mark.parametrize("name", ZONES)
def test_no_day_is_missed_or_doubled(name):
    """Each local day has its time once, in order; only what never was on the wall moves."""
    hold(name, 2024, 2030)


def test_sixty_zones_are_looked_at():
    """The suite looks at sixty; ``pytest tests/soak`` looks at all there are."""
    assert len(set(ZONES)) == 60
