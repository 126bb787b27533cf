"""Why a mail server cannot be reached, and what to do about it, in an office's words."""

from __future__ import annotations

import errno
import os
import re

# Windows has numbers of its own for these.
_REFUSED = frozenset((errno.ECONNREFUSED, 10061))
_NO_WAY = frozenset((errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH, 10050, 10051, 10065))
_CODE = re.compile(r"\[(?:Errno|WinError) (\d+)\]")
_LONGEST = 300


def why(host: str, port: int, error: Exception) -> str:
    """Say what it means that there is no connection, whatever is only technical at the end."""
    # Who tries several addresses of a server says the numbers in words alone.
    found = _CODE.search(str(error))
    code = int(found[1]) if found else 0
    if code in _REFUSED:
        return (
            f"{host} takes no connections on port {port}. Check the server’s name and port: the "
            "provider’s help pages name them."
        )
    if code in _NO_WAY:
        return f"There is no way to {host}. Check that this computer is on line."
    technical = os.strerror(code) if code and os.name != "nt" else str(error)[:_LONGEST]
    return (
        f"There is no connection to {host}, port {port}. Check the server’s name and port, and "
        f"that this computer is on line. (Technical reason: {technical or type(error).__name__})"
    )
