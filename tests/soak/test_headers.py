"""A hundred thousand hostile names, subjects and headers: none adds a header or a recipient."""

from __future__ import annotations

import pytest

from tests.outside.mail.hostile_names import tried

ALL = 100_000


@pytest.mark.parametrize("cleaning", [True, False])
def test_nothing_is_injected(monkeypatch, say, cleaning):
    """With the first defence, and with it taken away."""
    built = tried(range(ALL), monkeypatch, cleaning=cleaning)
    say(f"{ALL:,} tried, {ALL - built:,} refused, {built:,} built as planned, 0 injected")
    assert built > ALL / 10
