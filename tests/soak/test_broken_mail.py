"""A hundred thousand damaged messages, and all hostile ones, within time and memory."""

from __future__ import annotations

import resource
import time

import pytest

from tests.outside.mail.broken_mail import damaged, hostile, judge_all


@pytest.mark.parametrize("seed", range(10))
def test_no_message_fails_or_hangs(seed):
    """Ten thousand a seed are read and judged, each within a second, and nothing piles up."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for data in damaged(seed, 10_000):
        started = time.thread_time()
        judge_all(data)
        assert time.thread_time() - started < 1, data[:200]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


@pytest.mark.parametrize("name", sorted(hostile()))
def test_no_hostile_message_takes_long(name):
    """What is made to be read for ever is given up in time."""
    started = time.thread_time()
    judge_all(hostile()[name])
    assert time.thread_time() - started < 1
