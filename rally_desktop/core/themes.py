"""Four designs for e-mails: a letter, an announcement, a newsletter and an appointment.

A design is a row of blocks, each filled from slots that hold plain text with merge fields. HTML
and plain text are made from the same slots when a template is saved, never for each message.
Tables and widths in attributes are for Outlook, the style sheet for all others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from string import Template as Frame
from typing import Literal

from rally_desktop.core import marks
from rally_desktop.core.errors import BadTemplate
from rally_desktop.core.resources import resource

Kind = Literal["line", "text", "link"]
Slots = Mapping[str, str]

SECTIONS = 4
FIXED = 'width="600"'  # how wide Outlook draws a design, which knows no widest
SMALL = (
    "You get this message because we know each other from {{ office.name | default("
    '"our office") }}.'
)
LEAVE = "{{ office.unsubscribe }}"
LIGHT = {
    "ground": "#F3F5F8", "sheet": "#FFFFFF", "ink": "#1A2230", "quiet": "#5A6675",
    "accent": "#2F6BE6", "on_accent": "#FFFFFF", "line": "#E1E5EB", "tint": "#F1F5FD",
}  # fmt: skip
DARK = {
    "ground": "#15181D", "sheet": "#20252C", "ink": "#EDF0F4", "quiet": "#A9B3C1",
    "accent": "#7AA5FF", "on_accent": "#0E1525", "line": "#333A44", "tint": "#1F2E4A",
}  # fmt: skip
_LINK = re.compile(r"https?://[^\s<>\"'{}]+[^\s<>\"'{}.,;:!?)]")
_SCHEMES = ("http://", "https://", "mailto:", "tel:", "{{")


@dataclass(frozen=True)
class Slot:
    """A place in a design; those of one ``group`` are left out together."""

    key: str
    label: str
    kind: Kind = "text"
    first: str = ""
    help: str = ""
    group: int = 0


class Block:
    """One part of a design; an empty one leaves no trace."""

    def html(self, slots: Slots) -> str:
        """Return its rows of the table."""
        raise NotImplementedError

    def text(self, slots: Slots) -> str:
        """Return what it says in the plain part."""
        raise NotImplementedError


@dataclass(frozen=True)
class Words(Block):
    """Paragraphs; ``look`` is their class."""

    key: str
    look: str = "words"

    def html(self, slots: Slots) -> str:
        """Return a row of paragraphs."""
        said = _said(slots, self.key)
        return _row(self.look, _paragraphs(said))

    def text(self, slots: Slots) -> str:
        """Return the words as they are."""
        return _said(slots, self.key)


@dataclass(frozen=True)
class Button(Block):
    """A link that is to be pressed."""

    label: str
    link: str

    def html(self, slots: Slots) -> str:
        """Return a row with a coloured cell, which Outlook draws too."""
        label, link = _said(slots, self.label), _said(slots, self.link)
        if not label or not link:
            return ""
        cell = f'<td class="press" align="center"><a href="{_address(link)}">{_marked(label)}</a>'
        table = '<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>'
        return _row("button", f"{table}{cell}</td></tr></table>")

    def text(self, slots: Slots) -> str:
        """Return the label and where it leads."""
        label, link = _said(slots, self.label), _said(slots, self.link)
        return f"{label}: {link}" if label and link else ""


@dataclass(frozen=True)
class Facts(Block):
    """Lines such as «When: Monday at nine», one below the other in a tinted box."""

    key: str

    def html(self, slots: Slots) -> str:
        """Return a row with a table of what and its value."""
        rows = []
        for what, value in self._pairs(slots):
            left = f'<td class="fact what" width="120" valign="top">{_marked(what)}</td>'
            rows.append(f'<tr>{left}<td class="fact" valign="top">{_marked(value)}</td></tr>')
        table = (
            '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">'
        )
        return _row("facts", f"{table}{''.join(rows)}</table>" if rows else "")

    def text(self, slots: Slots) -> str:
        """Return the lines as they are."""
        return _said(slots, self.key)

    def _pairs(self, slots: Slots) -> list[tuple[str, str]]:
        lines = [line.strip() for line in _said(slots, self.key).split("\n")]
        parted = [line.partition(":") for line in lines if line]
        return [
            (what.strip(), value.strip()) if colon and "{" not in what else ("", line)
            for (what, colon, value), line in zip(parted, filter(None, lines), strict=True)
        ]


@dataclass(frozen=True)
class Section(Block):
    """A part of a newsletter: a title, some words, a link."""

    number: int

    def html(self, slots: Slots) -> str:
        """Return its rows, a fine line above them."""
        parts = [part.html(slots) for part in self._parts()]
        line = '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">'
        line += '<tr><td class="line" height="1">&nbsp;</td></tr></table>'
        return _row("rule", line) + "".join(parts) if any(parts) else ""

    def text(self, slots: Slots) -> str:
        """Return title, words and link."""
        return "\n\n".join(filter(None, (part.text(slots) for part in self._parts())))

    def _parts(self) -> tuple[Block, ...]:
        n = self.number
        return Words(f"title_{n}", "title"), Words(f"text_{n}"), Button(f"label_{n}", f"link_{n}")


@dataclass(frozen=True)
class WayOut(Block):
    """The link out of the list, in the words of a slot."""

    key: str

    def html(self, slots: Slots) -> str:
        """Return a row with the link."""
        said = _said(slots, self.key)
        return _row("leave", f'<a href="{LEAVE}">{_marked(said)}</a>' if said else "")

    def text(self, slots: Slots) -> str:
        """Return the words and the address."""
        said = _said(slots, self.key)
        return f"{said}: {LEAVE}" if said else ""


@dataclass(frozen=True)
class Theme:
    """One design: what it is called, what can be filled in, and how it is put together."""

    key: str
    title: str
    about: str
    slots: tuple[Slot, ...]
    blocks: tuple[Block, ...]
    foot: tuple[Block, ...] = (Words("small", "small"), WayOut("leave"))


_OFFICE = '{{ office.name | default("Our office") }}'
_BRAND = Slot("brand", "At the top", "line", first=_OFFICE, help="Who writes.")
_TOP = Words("brand", "office")
_CLOSING = Slot("closing", "Closing", first='Kind regards\n{{ owner.name | default("Your team") }}')
_SMALL = Slot("small", "Small print", first=SMALL)
_LEAVE_HELP = (
    "It leads out of your list: on the web, or by an e-mail to you. Leave it empty for what "
    "somebody asked for."
)
_LEAVE = Slot("leave", "Link to unsubscribe", "line", first="Unsubscribe", help=_LEAVE_HELP)
_HEADING = Slot("heading", "Heading", "line")
_LABEL = Slot("label", "Button", "line", help="Without a label or a link there is no button.")
_ADDRESS = Slot("link", "Button leads to", "link")
_DEAR = 'Dear {{ contact.first_name | default("friend") }},\n\n'


def _sections() -> tuple[Slot, ...]:
    made: list[Slot] = []
    for n in range(1, SECTIONS + 1):
        made += [
            Slot(f"title_{n}", f"Section {n}: title", "line", group=n),
            Slot(f"text_{n}", f"Section {n}: text", group=n),
            Slot(f"label_{n}", f"Section {n}: button", "line", group=n),
            Slot(f"link_{n}", f"Section {n}: button leads to", "link", group=n),
        ]
    return tuple(made)


THEMES: Mapping[str, Theme] = {
    theme.key: theme
    for theme in (
        Theme(
            "letter", "Letter", "Words alone, as one person writes to another.",
            (_BRAND, Slot("body", "Text", first=_DEAR), _CLOSING, _SMALL, _LEAVE),
            (_TOP, Words("body"), Words("closing")),
        ),
        Theme(
            "announcement", "Announcement", "A heading, a few words and one button.",
            (
                _BRAND, _HEADING, Slot("body", "Text", first=_DEAR), _LABEL, _ADDRESS, _CLOSING,
                _SMALL, _LEAVE,
            ),
            (
                _TOP, Words("heading", "heading"), Words("body"), Button("label", "link"),
                Words("closing"),
            ),
        ),
        Theme(
            "newsletter", "Newsletter", "A heading and up to four sections.",
            (
                _BRAND, _HEADING, Slot("body", "Introduction", first=_DEAR), *_sections(),
                _CLOSING, _SMALL, _LEAVE,
            ),
            (
                _TOP, Words("heading", "heading"), Words("body"),
                *(Section(n) for n in range(1, SECTIONS + 1)), Words("closing"),
            ),
        ),
        Theme(
            "appointment", "Appointment",
            "What was agreed or paid, line by line in a box: an appointment, a receipt.",
            (
                _BRAND, _HEADING, Slot("body", "Text", first=_DEAR),
                Slot(
                    "facts", "In the box", first="When: \nWhere: ",
                    help="A line for each, such as ‘When: Monday at nine’.",
                ),
                _LABEL, _ADDRESS, Slot("note", "Below the box"), _CLOSING,
                Slot("small", "Small print", first=_OFFICE),
                Slot("leave", "Link to unsubscribe", "line", help=_LEAVE_HELP),
            ),
            (
                _TOP, Words("heading", "heading"), Words("body"), Facts("facts"),
                Button("label", "link"), Words("note"), Words("closing"),
            ),
        ),
    )
}  # fmt: skip


def theme_of(key: str) -> Theme:
    """Return a design, or raise BadTemplate."""
    if key not in THEMES:
        raise BadTemplate(f"There is no design ‘{key}’; there are: {', '.join(THEMES)}.")
    return THEMES[key]


def first_slots(theme: Theme) -> dict[str, str]:
    """Return what a new template of a design says."""
    return {slot.key: slot.first for slot in theme.slots if slot.first}


def plain(theme: Theme, slots: Slots) -> str:
    """Return the plain part of a message."""
    parts = (block.text(slots) for block in (*theme.blocks, *theme.foot))
    return "\n\n".join(filter(None, parts)) + "\n"


def html(theme: Theme, slots: Slots, subject: str, preheader: str, *, dark: bool = False) -> str:
    """Return a message as HTML whose styles stand in its head; ``dark`` is for looking at it."""
    frame = Frame(resource("themes", "frame.html").read_text(encoding="utf-8"))
    return frame.substitute(
        title=marks.around(" ".join(subject.split()), escape),
        css=_css(dark=dark),
        preheader=hidden(preheader),
        rows="\n".join(filter(None, (block.html(slots) for block in theme.blocks))),
        foot="\n".join(filter(None, (block.html(slots) for block in theme.foot))),
    )


def hidden(preheader: str) -> str:
    """Return the line that stands beside the subject in a list of mail, and nowhere else."""
    if not preheader.strip():
        return ""
    style = "display:none;max-height:0;overflow:hidden;font-size:1px;line-height:1px;opacity:0"
    # Without the blanks the list goes on with whatever the message begins with.
    said = marks.around(preheader.strip(), escape)
    return f'<div style="{style}">{said}{"&#8199;&#65279;" * 40}</div>'


# -- parts ------------------------------------------------------------------------------------


@cache
def _css(*, dark: bool) -> str:
    rules = Frame(resource("themes", "look.css").read_text(encoding="utf-8"))
    if dark:
        return rules.substitute(DARK)
    coloured = [
        line for line in rules.template.splitlines() if "$" in line and not line.startswith("td")
    ]
    media = Frame("\n".join(_colours_of(line) for line in coloured)).substitute(DARK)
    ink = f"td {{ color: {DARK['ink']} !important }}"
    return f"{rules.substitute(LIGHT)}@media (prefers-color-scheme: dark) {{\n{ink}\n{media}\n}}"


def _colours_of(rule: str) -> str:
    """Return a rule with its colours alone, which then go above what was inlined."""
    chooser, _, rest = rule.partition("{")
    own = [part.strip() for part in rest.rstrip(" }").split(";") if "$" in part]
    return f"{chooser.strip()} {{ {'; '.join(f'{one} !important' for one in own)} }}"


def _said(slots: Slots, key: str) -> str:
    return slots.get(key, "").strip()


def _row(look: str, inside: str) -> str:
    return f'<tr><td class="{look}">{inside}</td></tr>' if inside else ""


def _paragraphs(text: str) -> str:
    parts = [part.strip("\n") for part in re.split(r"\n[ \t]*\n", text) if part.strip()]
    made = ["<br>\n".join(map(_marked, part.split("\n"))) for part in parts]
    return "".join(f"<p>{part}</p>" for part in made[:-1]) + "".join(
        f'<p class="end">{part}</p>' for part in made[-1:]
    )


def _marked(text: str) -> str:
    """Return text as HTML: signs escaped, addresses as links, merge fields as they are."""
    return marks.around(text, _linked)


def _linked(text: str) -> str:
    made, end = [], 0
    for found in _LINK.finditer(text):
        url = escape(found[0])
        made += [escape(text[end : found.start()], quote=False), f'<a href="{url}">{url}</a>']
        end = found.end()
    return "".join([*made, escape(text[end:], quote=False)])


def _address(link: str) -> str:
    """Return where a button leads, as an attribute; raise BadTemplate where it leads nowhere."""
    if not link.startswith(_SCHEMES):
        raise BadTemplate(f"‘{link[:80]}’ is no address: begin it with https:// or mailto:.")
    return marks.around(link, escape)
