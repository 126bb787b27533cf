"""What somebody wrote, parted from what they quote of earlier messages."""

from __future__ import annotations

import re

# The line with which mail programs begin what they quote, in usual languages.
_BEGINS = re.compile(
    r"^\s*(?:"
    r"(?:On|Am|Le|El|Op|Il|Em)\b.{3,200}\b(?:wrote|schrieb.*|a écrit|escribió|schreef.*|ha scritto|"
    r"escreveu)\s*:"
    r"|-{2,}\s*(?:Original Message|Ursprüngliche Nachricht|Message d'origine|Forwarded message)"
    r"\s*-{2,}"
    r"|_{10,}"
    r")\s*$",
    re.IGNORECASE,
)


def parted(text: str) -> tuple[str, str]:
    """Return what is new in a message, and what it quotes; all is new where nothing else is."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        begins = _BEGINS.match(line) or _wrapped(lines, number)
        if begins or (line.startswith(">") and _quoted_on(lines[number:])):
            own = "\n".join(lines[:number]).rstrip()
            return (own, "\n".join(lines[number:]).strip()) if own.strip() else (text, "")
    return text, ""


def _wrapped(lines: list[str], number: int) -> bool:
    """Say whether a beginning was broken into two lines."""
    return number + 1 < len(lines) and bool(_BEGINS.match(f"{lines[number]} {lines[number + 1]}"))


def _quoted_on(lines: list[str]) -> bool:
    """Say whether all that follows is quoted: an answer between quotes is not folded away."""
    return all(not line.strip() or line.startswith(">") for line in lines)
