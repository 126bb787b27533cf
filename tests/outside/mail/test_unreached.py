"""Why there is no connection to a mail server, in words that an office can use."""

from __future__ import annotations

import errno

import pytest

from rally_desktop.outside.mail import unreached

TWICE = "Multiple exceptions: [Errno {0}] Connect call failed, [Errno {0}] Connect call failed"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "no"), "takes no connections on port 465."),
        (OSError(TWICE.format(errno.ECONNREFUSED)), "takes no connections on port 465."),
        (OSError(errno.ENETUNREACH, "no"), "Check that this computer is on line."),
    ],
)
def test_a_known_reason_is_said_without_its_number(error, said):
    """Whatever the system calls it, the sentence says what to do and nothing technical."""
    told = unreached.why("mail.example.org", 465, error)
    assert said in told
    assert "Errno" not in told


def test_what_is_only_technical_comes_last():
    """An office reads first what to do, whoever helps it the system's word."""
    told = unreached.why("mail.example.org", 465, OSError(errno.ECONNRESET, "reset"))
    assert told.startswith("There is no connection to mail.example.org, port 465. Check")
    assert told.partition(" on line. ")[2].startswith("(Technical reason: ")
