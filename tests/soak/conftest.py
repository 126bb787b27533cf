"""Long runs, started by hand: ``pytest tests/soak``; a plain ``pytest`` leaves them out."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items):
    """Mark whatever lies here, and give it time."""
    for item in items:
        if "soak" in item.path.parts:
            item.add_marker(pytest.mark.soak)
            item.add_marker(pytest.mark.timeout(0))
