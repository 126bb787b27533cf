"""What the timeline says of text messages that came in, and of those that did not arrive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Detail = Mapping[str, Any]
_WISHES: Mapping[str, str] = {
    "stop": "SMS received: wants no more SMS",
    "start": "SMS received: wants SMS again",
    "help": "SMS received: asks for help",
}


def received(detail: Detail) -> tuple[str, str]:
    """Say what came in, what it asks for, and who else has the number."""
    said = next((words for wish, words in _WISHES.items() if detail.get(wish)), "SMS received")
    text, others = detail.get("text") or "", detail.get("others")
    if others:
        text += f"\n\nThe number is also that of {', '.join(others)}."
    return said, text


def came_back(detail: Detail) -> tuple[str, str]:
    """Say that a message did not arrive, and why, where the gateway told."""
    address = detail.get("address") or ""
    return (f"SMS not delivered to {address}" if address else "SMS not delivered"), (
        detail.get("answer") or ""
    )
