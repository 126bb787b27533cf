"""Whether a message says how to unsubscribe, and the line below it that does."""

from __future__ import annotations

import re
from html import escape

from rally_desktop.core.message import WAY_OUT

WAYS_OUT = ("unsubscribe", "opt out", "opt-out", "abmelden", "abbestellen", "désabonner", "baja")
FOOTER = "Unsubscribe"  # the usual words of the link
_END = re.compile(r"</body\s*>", re.IGNORECASE)
_LINE = (
    '<p style="font-size:12px;color:#5A6675"><a href="{link}" style="color:#5A6675">{words}</a></p>'
)


def is_said(*parts: str) -> bool:
    """Say whether one of the parts of a message says how to unsubscribe."""
    return any(word in part.lower() for part in parts for word in WAYS_OUT)


def said_below(text: str, html: str, words: str) -> tuple[str, str]:
    """Return both parts of a message with a line to unsubscribe; one that says it stays."""
    if is_said(text, html):
        return text, html
    below = f"{text.rstrip()}\n\n{words}: {WAY_OUT}\n"
    if not html:
        return below, html
    ends = list(_END.finditer(html))
    at = ends[-1].start() if ends else len(html)
    line = _LINE.format(link=WAY_OUT, words=escape(words))
    return below, f"{html[:at]}{line}{html[at:]}"
