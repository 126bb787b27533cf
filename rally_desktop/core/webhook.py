"""A request that another service sent us, and what it is answered: nothing about how it came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Webhook:
    """What was asked: the address as the sender wrote it, headers in small letters, the body."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    method: str = "POST"


@dataclass(frozen=True)
class Reply:
    """What the sender is told."""

    status: int = 204
    body: bytes = b""
    type: str = field(default="text/plain; charset=utf-8")
