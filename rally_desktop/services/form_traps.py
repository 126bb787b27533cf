"""How a machine that fills in forms is told: it fills in what nobody sees, or is too fast."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from rally_desktop.core.clock import from_micros, to_micros
from rally_desktop.core.signing import code_of, token
from rally_desktop.model.work import Work

EMPTY, SEEN, AGREED = "rally-leave-empty", "rally-seen", "rally-consent"
PURPOSE = "t"
# Nobody fills a form in so fast; a page that stood open for so long proves nothing.
FASTEST, SLOWEST = timedelta(seconds=2), timedelta(days=2)


def stamp(work: Work, key: bytes) -> str:
    """Return what a page of ours carries to say when it was shown."""
    return token(key, PURPOSE, f"{to_micros(work.now):016d}")


def is_machine(work: Work, key: bytes, answers: Mapping[str, str]) -> bool:
    """Say whether a machine filled a form in; a page of the office's own site has no stamp."""
    if answers.get(EMPTY, "").strip():
        return True
    if SEEN not in answers:
        return False
    code = code_of(key, PURPOSE, answers[SEEN])
    return code is None or not FASTEST <= work.now - from_micros(int(code)) <= SLOWEST
