"""What a person wrote, apart from what they answer: quotes, copied headers, signatures.

Nothing here is learned and nothing searched twice: each line is looked at once, so that no
message takes long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from rally_desktop.outside.mail.arrived import Arrived
from rally_desktop.outside.mail.bodies import LONGEST_TEXT
from rally_desktop.outside.mail.plain import plain_text

# No person writes more; what lies beyond is among the rest.
MOST_LINES, _LONGEST_LINE = 5_000, 400
_WROTE = re.compile(
    r"(wrote|writes|schrieb\b.{0,120}|geschrieben|a écrit|escribi[óo]|escreveu|ha scritto|scrive"
    r"|napisał(\(a\)|a)?|pisze|пише|написа(в|ла)|написал\(?а?\)?|schreef.{0,80}|skrev.{0,80})"
    r"\s*:\s*$",
    re.IGNORECASE,
)
_WHEN_OR_WHO = re.compile(r"\d|@")
_STARTS = re.compile(
    r"(?i)\W*(on|am|le|el|em|no|il|in data|w dniu|dnia|dne|op|den|at|у|в|\d"
    r"|[^\W\d_]{2,4}[.,]{0,2}\s)"
)
_SEPARATOR = re.compile(
    r"(?i)\W*-{2,}\s*(original(e|nachricht)?( message| appointment)?|(ursprüngliche"
    r"|weitergeleitete)"
    r" nachricht|message (d[’']origine|transféré)|mensaje (original|reenviado)|mensagem (original"
    r"|encaminhada)|messaggio (originale|inoltrato)|(oryginalna|przekazana) wiadomość|wiadomość"
    r" (oryginalna|przekazana)|(оригінальне|вихідне|переслане) повідомлення|forwarded message"
    r"|reply message)\s*-{2,}\s*"
)
_LABEL = re.compile(r"\W{0,3}([^\W\d_][\w’' -]{0,14}?)\s?\*?\s?[::]\*?\s*(.*)")
_FROM = frozenset(("from", "von", "de", "da", "od", "від", "від кого", "відправник", "expéditeur"))
_FURTHER = frozenset(
    "sent date to subject cc gesendet datum an betreff envoyé à objet enviado fecha para asunto"
    " data assunto inviato a oggetto wysłano wysłane do temat надіслано дата кому тема копія"
    " enviada date_sent".split()
)
_MOBILE = re.compile(
    r"(?i)\W*(sent from (my|mail|outlook|yahoo)|get outlook for|von (meinem|unterwegs)|gesendet"
    r" (von|mit)|envoyé (de(puis)?|à partir)|télécharger outlook|enviado (desde|do|a partir)"
    r"|inviato"
    r" da|scarica outlook|wysłane? z|надіслано з|відправлено з|holen sie sich outlook).{0,80}"
)


class Split(NamedTuple):
    """A text in two: what its writer wrote, and the rest."""

    own: str
    quoted: str


def split(text: str) -> Split:
    """Part a plain text; where nothing would be left of its own, all of it is its own."""
    lines = text.split("\n", MOST_LINES)
    beyond = lines.pop() if len(lines) > MOST_LINES else ""
    quoted = _quoted_lines(lines)
    own = _without_signature(
        [None if hide else line for line, hide in zip(lines, quoted, strict=True)]
    )
    written = _joined(line for line in own if line is not None)
    if not written and not any(quoted):
        return Split(text.strip(), "")
    rest = [line for line, kept in zip(lines, own, strict=True) if kept is None]
    return Split(written, _joined([*rest, beyond]))


def own_text(arrived: Arrived) -> str:
    """Return what the sender wrote, from the text that came or from the HTML."""
    if arrived.html and not arrived.has_text:
        return split(plain_text(_marked(arrived.html[:LONGEST_TEXT]))).own
    return split(arrived.text).own


def split_html(html: str) -> Split:
    """Part an HTML text: the quotes of the common mail programs out of it, the rest as it was."""
    own, quoted = list[str](), list[str]()
    for place, hide in _html_pieces(html):
        (quoted if hide else own).append(html[place])
    return Split("".join(own), "".join(quoted))


def _joined(lines: Iterable[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _quoted_lines(lines: list[str]) -> list[bool]:
    """Say of each line whether it is quoted."""
    quoted = [line.lstrip().startswith(">") for line in lines]
    place = 0
    while place < len(lines):
        if quoted[place] or not lines[place].strip():
            place += 1
            continue
        height = _introduces(lines, place)
        if height:
            quoted[place : place + height] = [True] * height
            if not _quotes_follow(lines, place + height):
                quoted[place:] = [True] * (len(lines) - place)
                break
        elif _starts_copy(lines, place):
            quoted[place:] = [True] * (len(lines) - place)
            break
        place += height or 1
    return quoted


def _introduces(lines: list[str], place: int) -> int:
    """Return how many lines say who wrote what follows, as «On … wrote:»; 0 where none does."""
    first = lines[place]
    if len(first) <= _LONGEST_LINE and _is_quote(lines, place + 1) and _says_wrote(first):
        return 1
    joined = ""
    for height, line in enumerate(lines[place : place + 3] if _STARTS.match(first) else (), 1):
        if len(line) > _LONGEST_LINE or not line.strip() or line.lstrip().startswith(">"):
            return 0
        joined = f"{joined} {line.strip()}"
        if _says_wrote(joined):
            return height if _WHEN_OR_WHO.search(joined) else 0
    return 0


def _says_wrote(text: str) -> bool:
    return text.rstrip().endswith(":") and _WROTE.search(text) is not None


def _is_quote(lines: list[str], place: int) -> bool:
    return place < len(lines) and lines[place].startswith(">")


def _quotes_follow(lines: list[str], place: int) -> bool:
    following = (line.lstrip() for line in lines[place : place + 4] if line.strip())
    return next(following, "").startswith(">")


def _starts_copy(lines: list[str], place: int) -> bool:
    """Say whether a message with its headers is copied in from here on."""
    line = lines[place]
    if len(line) > _LONGEST_LINE:
        return False
    if _SEPARATOR.fullmatch(line):
        return True
    name = _label(line)
    if name not in _FROM:
        return bool(re.fullmatch(r"\s*_{20,}\s*", line)) and _header_follows(lines, place + 1)
    following = {_label(further) for further in lines[place + 1 : place + 10]}
    return len(following & _FURTHER) >= 2


def _header_follows(lines: list[str], place: int) -> bool:
    following = [line for line in lines[place : place + 3] if line.strip()]
    return bool(following) and _label(following[0]) in _FROM


def _label(line: str) -> str:
    found = _LABEL.match(line[:_LONGEST_LINE])
    return found[1].strip().lower() if found else ""


def _without_signature(lines: list[str | None]) -> list[str | None]:
    """Hide what follows «-- » up to the next quote, and what a telephone adds at the end."""
    hiding = False
    for place, line in enumerate(lines):
        if line is None:
            hiding = False
            continue
        hiding = hiding or line.rstrip("\xa0") in ("-- ", "--")
        if hiding:
            lines[place] = None
    for place in range(len(lines) - 1, -1, -1):
        line = lines[place]
        if line and line.strip():
            if len(line) <= 120 and _MOBILE.fullmatch(line.strip()):
                lines[place] = None
            break
    return lines


# -- HTML ----------------------------------------------------------------------------------

_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]{0,30})([^<>]{0,4000})>")
_QUOTE = re.compile(
    r"(?i)\b(gmail_quote|gmail_extra|yahoo_quoted|protonmail_quote|tutanota_quote|moz-cite-prefix"
    r"|zmail_extra)\b|\b(class|name|id)=[\"']?(mail-)?quote\b"
)
_INDENT = re.compile(r"(?i)border:\s*none|gmail_default|webkit-indent|class=[\"']?rally")
_COPY = re.compile(
    r"(?i)\bid=[\"']?(x_)?(appendonsend|divRplyFwdMsg|stopSpelling|OLK_SRC_BODY_SECTION|reply-intro"
    r"|mail-editor-reference-message-container)"
)
# The line that Outlook draws above the message it copies in.
_BORDER = re.compile(
    r"(?i)border-top: ?(solid #(e1e1e1|b5c4df|dddddd|cccccc)|#?\w{1,20} 1(\.0)?pt)"
)
_PADDED = re.compile(r"(?i)padding: ?3(\.0)?pt")


def _html_pieces(html: str) -> list[tuple[slice, bool]]:
    """Return the pieces of an HTML text in order, and of each whether it is quoted."""
    pieces = list[tuple[slice, bool]]()
    start, tag, depth = 0, "", 0
    for found in _TAG.finditer(html):
        closing, name, attributes = found[1], found[2].lower(), found[3]
        if depth:
            if name == tag:
                depth += -1 if closing else 1
            if not depth:
                pieces.append((slice(start, found.end()), True))
                start = found.end()
        elif not closing and _copies(attributes):
            return [
                *pieces,
                (slice(start, found.start()), False),
                (slice(found.start(), None), True),
            ]
        elif not closing and _quotes(name, attributes):
            pieces.append((slice(start, found.start()), False))
            start, tag, depth = found.start(), name, 1
    return [*pieces, (slice(start, None), bool(depth))]


def _copies(attributes: str) -> bool:
    drawn = _BORDER.search(attributes) and _PADDED.search(attributes)
    return bool(drawn or _COPY.search(attributes))


def _quotes(name: str, attributes: str) -> bool:
    if name == "blockquote":
        return not _INDENT.search(attributes)
    return name in ("div", "section", "span", "table") and bool(_QUOTE.search(attributes))


def _marked(html: str) -> str:
    """Return HTML with a single «>» where something was quoted."""
    pieces = _html_pieces(html)
    return "".join("<br>&gt;<br>" if hide else html[place] for place, hide in pieces)
