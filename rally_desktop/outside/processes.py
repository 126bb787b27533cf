"""Which programs run on this computer."""

from __future__ import annotations

import os
import sys

_MAY_ASK = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION
_RUNS = 259  # STILL_ACTIVE


def is_running(number: int) -> bool:
    """Say whether a process of this computer runs, whoever started it."""
    if number <= 0:
        return False
    if sys.platform == "win32":
        return _runs_on_windows(number)
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _runs_on_windows(number: int) -> bool:
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - known on Windows alone
    handle = kernel.OpenProcess(_MAY_ASK, False, number)
    if not handle:
        return False
    code = ctypes.c_ulong()
    asked = kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return bool(asked) and code.value == _RUNS
