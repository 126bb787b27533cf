"""No message is so broken or so hostile that reading and judging it fails or takes long."""

from __future__ import annotations

import time

import pytest

from rally_desktop.outside.mail.arrived import read
from tests.outside.mail.broken_mail import damaged, hostile, judge_all

pytestmark = pytest.mark.slow


def test_no_damaged_message_is_too_much():
    """Hundreds of mutations of the corpus are read and judged, each within a second of work."""
    slowest = 0.0
    for data in damaged(seed=6, count=600):
        started = time.thread_time()
        judge_all(data)
        slowest = max(slowest, time.thread_time() - started)
    assert slowest < 1


@pytest.mark.parametrize("name", ["nested", "empty lines", "html", "addresses", "folds"])
def test_no_hostile_message_takes_long(name):
    """What is made to be read for ever is given up in time."""
    started = time.thread_time()
    judge_all(hostile()[name])
    assert time.thread_time() - started < 1


def test_what_goes_too_far_is_said():
    """5,000 nested parts and 80 MB are cut, and the person who looks at it is told."""
    nested = read(hostile()["nested"])
    large = read(b"From: a@example.com\nSubject: Large\n\n" + b"x" * (80 * 2**20))
    assert "Its parts are nested too deeply to be read." in nested.flaws
    assert "It is 80 MB large; only the first 25 MB were read." in large.flaws
    assert (large.subject, len(large.text)) == ("Large", 200_000)
