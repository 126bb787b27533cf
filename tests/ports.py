"""A port on this computer for a server that is told where to listen."""

from __future__ import annotations

import secrets
import socket

# Below those that systems hand out by themselves, so that nobody is given it meanwhile. Chosen by
# true chance: every worker of a test run begins each test with the same seed.
LOWEST, MANY = 12_000, 20_000


def free_port() -> int:
    """Return a port that nobody listens on."""
    while True:
        port = LOWEST + secrets.randbelow(MANY)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
