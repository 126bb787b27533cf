"""What makes a message be read, arrive, or not: hints for whoever writes a template.

None of them stops a save; what cannot be sent at all is refused by ``templates``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from rally_desktop.core import marks, merge, sms
from rally_desktop.core.errors import BadTemplate
from rally_desktop.model.work import Work
from rally_desktop.outside.mail import own_html
from rally_desktop.outside.mail.markup import pieces
from rally_desktop.services import merging, templates, way_out
from rally_desktop.services.templates import Template

Tone = Literal["warn", "note"]
LONG_SUBJECT = 60  # more is cut off on a phone
FIELD = 8  # about as long as what stands for a merge field
CLIPPED = 102 * 1024  # Gmail folds what is longer
_LOUD = re.compile(r"!!+|\?!|\${2,}|€{2,}|\b100 ?% free\b|\bact now\b|\brisk[- ]free\b", re.I)
_SPAM = re.compile(
    r"\b(?:click here|free money|winner|congratulations you|earn (?:cash|\$|€)|no obligation|"
    r"limited time|urgent|guaranteed|cheap(?:est)? price|double your|viagra|crypto profits?)\b",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://[^\s<>\"')]+", re.IGNORECASE)
_SHORTENED = frozenset({"bit.ly", "tinyurl.com", "goo.gl", "t.co", "ow.ly", "is.gd", "cutt.ly"})
_PLACEHOLDERS = frozenset({"example.com", "www.example.com", "example.org", "localhost"})
_ATTACHED = re.compile(r"\b(?:attached|attachment|enclosed|im anhang|ci-joint|adjunto)\b", re.I)


@dataclass(frozen=True)
class Hint:
    """One hint; ``line`` is that of the HTML source, where it has one."""

    text: str
    tone: Tone = "note"
    line: int = 0


def of(made: Template) -> list[Hint]:
    """Return what is to be said of a template as it stands, what matters most first."""
    found: list[Hint] = []
    for look in (_sms,) if made.channel == "sms" else _EMAIL:
        found += look(made)
    unique = list(dict.fromkeys(found))
    return sorted(unique, key=lambda one: one.tone != "warn")


def _subject(made: Template) -> Iterator[Hint]:
    plain = _without_fields(made.subject)
    letters = [sign for sign in plain if sign.isalpha()]
    if not made.subject.strip():
        yield Hint("The subject is empty: many take such a message for spam.", "warn")
    elif length_of(made.subject) > LONG_SUBJECT:
        yield Hint(f"The subject is long: phones show about {LONG_SUBJECT // 2} characters of it.")
    if len(letters) > 8 and sum(map(str.isupper, letters)) > 0.7 * len(letters):
        yield Hint("The subject is in capitals, as spam is.", "warn")


def length_of(text: str) -> int:
    """Return about how long a text is once it is filled in."""
    return len(_without_fields(text, "x" * FIELD))


def _spam(made: Template) -> Iterator[Hint]:
    for found in _LOUD.finditer(f"{made.subject}\n{made.text}"):
        yield Hint(f"‘{found[0]}’ is loud: filters take such messages for spam.")
        break
    words = {found[0].lower() for found in _SPAM.finditer(f"{made.subject}\n{made.text}")}
    if words:
        named = ", ".join(f"‘{word}’" for word in sorted(words)[:3])
        yield Hint(f"Filters know {named} from spam: say it in your own words.")


def _way_out(made: Template) -> Iterator[Hint]:
    if not made.transactional and not way_out.is_said(made.text, made.html):
        yield Hint(
            "It says nowhere how to unsubscribe. Say it, or tick ‘Transactional’ if somebody "
            "asked for this message.",
            "warn",
        )


def _links(made: Template) -> Iterator[Hint]:
    for found in _URL.finditer(f"{made.text}\n{made.source}"):
        url = found[0].rstrip(".,;:!?")
        yield from _link(url)
    for piece in pieces(made.source):
        if piece.kind == "open" and piece.name == "a":
            href = piece.attributes().get("href", "").strip()
            if not href or href == "#":
                yield Hint("A link leads nowhere.", "warn", piece.line)
            elif not href.startswith(("{", "http:", "https:", "mailto:", "tel:", "#")):
                yield Hint(f"‘{href[:60]}’ is no whole address.", "warn", piece.line)


def _link(url: str) -> Iterator[Hint]:
    if "{" in url:
        return
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    if "." not in host:
        yield Hint(f"‘{url[:60]}’ is no address that leads anywhere.", "warn")
    elif host in _PLACEHOLDERS:
        yield Hint(f"‘{url[:60]}’ is only an example.", "warn")
    elif host in _SHORTENED:
        yield Hint(f"‘{host}’ hides where a link leads, and filters distrust it.")
    elif url.startswith("http:"):
        yield Hint(f"‘{url[:60]}’ is not encrypted: use https:// if the site has it.")


def _pictures(made: Template) -> Iterator[Hint]:
    for piece in pieces(made.source):
        if piece.kind == "open" and piece.name == "img":
            attributes = piece.attributes()
            if "alt" not in attributes:
                said = "The picture has no alt text, for those who do not see it."
                yield Hint(said, "warn", piece.line)
            if attributes.get("src", "").lower().startswith(("http:", "https:")):
                said = "The picture is fetched from a server; many mail programs do not show it."
                yield Hint(said, "note", piece.line)


def _source(made: Template) -> Iterator[Hint]:
    if made.family != "custom":
        return
    for one in own_html.wrong(made.source):
        yield Hint(one.text, "warn", one.line)
    for one in own_html.removed(made.source):
        yield Hint(one.text, "note", one.line)


def _size(made: Template) -> Iterator[Hint]:
    if len(made.html.encode()) > CLIPPED:
        yield Hint("The HTML is longer than 102 KB: Gmail shows only its beginning.", "warn")
    if _ATTACHED.search(made.text) and not made.files:
        yield Hint("It speaks of something attached, and nothing is attached.", "warn")


def parts_of(text: str) -> sms.Parts:
    """Return in how many SMS a text is sent, its merge fields as long as they usually are."""
    return sms.parts(_without_fields(text, "x" * FIELD))


def _sms(made: Template) -> Iterator[Hint]:
    parts = parts_of(made.text)
    if not made.text.strip():
        yield Hint("The text is empty.", "warn")
    if parts.count > 3:
        yield Hint(f"It is sent as {parts.count} SMS, each of which is paid for.", "warn")
    if not parts.plain and parts.count > 1:
        odd = next(sign for sign in made.text if not sms.parts(sign).plain)
        yield Hint(f"‘{odd}’ makes room for 70 characters an SMS instead of 160.")
    yield from _links(made)


def _without_fields(text: str, instead: str = "") -> str:
    return "".join(instead if mark else part for part, mark in marks.parted(text))


_EMAIL: tuple[Callable[[Template], Iterator[Hint]], ...] = (
    _source, _way_out, _subject, _size, _links, _pictures, _spam,
)  # fmt: skip


def looked_at(work: Work, made: Template) -> list[Hint]:
    """Return what is wrong with a template that is being written, and else the hints."""
    try:
        source = made.source if made.family == "custom" else ""
        unknown = merge.unknown_fields(source, merging.known_fields(work))
        whole = templates.written(made)
    except BadTemplate as error:
        words = str(error).removeprefix(f"Line {error.line}: ")
        return [Hint(words, "warn", error.line if made.family == "custom" else 0)]
    lines = made.source.split("\n")
    wrong = [Hint(str(one), "warn", _line_of(lines, one.name)) for one in unknown]
    return [*wrong, *of(whole)]


def _line_of(lines: list[str], name: str) -> int:
    return next((number for number, line in enumerate(lines, start=1) if name in line), 0)
