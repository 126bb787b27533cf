"""An address of its own for the answers to each message, by which they are known.

Where “Answers go to” has a ``*`` in it, as ``hello+*@example.com``, a sign of the message takes its
place. So an answer is known whose program drops the thread, and who answers from another address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import blake2b

PLACE = "*"
_SIGN = re.compile(r"(?<![0-9a-f])([0-9a-f]{1,15})-[0-9a-f]{10}(?=@)")


def is_one(pattern: str) -> bool:
    """Say whether somebody can write to it: one ``*`` may stand before the ``@``."""
    local, at, domain = pattern.rpartition("@")
    return bool(local and at and domain) and PLACE not in domain and local.count(PLACE) <= 1


def of(pattern: str, number: int, message_id: str) -> str:
    """Return the address for the answers to a message of the outbox, by its number there."""
    return pattern.replace(PLACE, sign(number, message_id))


def sign(number: int, message_id: str) -> str:
    """Return what stands for a message: its number, and what only who has the message knows."""
    proof = blake2b(message_id.encode("utf-8", "surrogateescape"), digest_size=5).hexdigest()
    return f"{number:x}-{proof}"


def signs(addresses: Iterable[str]) -> dict[str, int]:
    """Return the signs in some addresses, and the number of the message that each stands for."""
    found = (match for address in addresses for match in _SIGN.finditer(address.lower()))
    return {match[0]: int(match[1], 16) for match in found}
