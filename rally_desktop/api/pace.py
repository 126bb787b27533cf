"""How much one visitor may ask for: a bucket each, refilled steadily, forgotten when full.

A visitor is known by a keyed digest of the network address that changes with every start, in
memory alone.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from ipaddress import IPv6Address, ip_address

MOST_VISITORS = 10_000


@dataclass(frozen=True)
class Pace:
    """``most`` requests at once, then ``a_second``."""

    most: float
    a_second: float


@dataclass
class Paces:
    """The buckets of all visitors; ``ticks`` are seconds that only go forward."""

    pace: Pace
    ticks: Callable[[], float] = time.monotonic
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    _held: OrderedDict[bytes, tuple[float, float]] = field(default_factory=OrderedDict)

    def wait(self, visitor: str) -> float:
        """Take one request of a visitor's; return how many seconds it is too early, 0 if not."""
        who, now = self._who(visitor), self.ticks()
        left, at = self._held.pop(who, (self.pace.most, now))
        left = min(self.pace.most, left + (now - at) * self.pace.a_second)
        early = 0.0 if left >= 1 else (1 - left) / self.pace.a_second
        self._held[who] = (left if early else left - 1, now)
        while len(self._held) > MOST_VISITORS:
            self._held.popitem(last=False)
        return early

    def _who(self, visitor: str) -> bytes:
        return hmac.new(self._secret, _network(visitor).encode(), sha256).digest()[:16]


def _network(visitor: str) -> str:
    """Return an address, of IPv6 the network: one household has more addresses than we count."""
    try:
        address = ip_address(visitor.partition("%")[0])
    except ValueError:
        return visitor[:64]
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or (int(address) >> 64))
