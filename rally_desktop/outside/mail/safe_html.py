"""HTML of strangers made harmless: no scripts, styles or frames, and nothing too large to draw."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import unquote

MOST_BYTES, MOST_SIGNS = 512 * 1024, 200_000
MOST_TAGS, MOST_OPEN = 20_000, 200  # as written, before it is cleaned
MOST_NODES, MOST_DEPTH, MOST_TABLES = 8_000, 40, 6
SCHEMES = frozenset({"http", "https", "mailto", "tel", "cid"})
_TAGS = frozenset(
    "a abbr b blockquote br caption center code col colgroup dd div dl dt em font h1 h2 h3 h4 h5 h6"
    " hr i img li ol p pre s small span strike strong sub sup table tbody td tfoot th thead tr u"
    " ul".split()
)
_ATTRIBUTES = {
    "a": {"href", "title"}, "img": {"src", "alt", "width", "height"}, "ol": {"start"},
    "td": {"colspan", "rowspan", "align", "valign", "width"},
    "th": {"colspan", "rowspan", "align", "valign", "width"},
    "table": {"align", "width", "cellpadding", "cellspacing", "border"},
    "p": {"align"}, "div": {"align"}, "font": {"size"},
}  # fmt: skip
_SILENT = frozenset({"script", "style", "title", "head", "template", "svg", "math", "iframe"})
_EMPTY = frozenset({"br", "hr", "img", "col"})
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_CLOSE_THEMSELVES = _EMPTY | frozenset(
    "p li td th tr dd dt tbody thead tfoot meta link html body head o:p input wbr option".split()
)
_SIZES = frozenset({"width", "height", "colspan", "rowspan", "cellpadding", "cellspacing"})
_LARGEST = 2_000


@dataclass(frozen=True)
class SafeMessage:
    """HTML that can be drawn; ``own`` is the same without what it quotes.

    ``remote`` are the addresses of pictures that lie on servers: drawing fetches none of them;
    ``embedded`` the names of those that came along as files.
    """

    html: str
    own: str
    remote: tuple[str, ...]
    embedded: tuple[str, ...] = ()


def made_safe(source: str) -> SafeMessage | None:
    """Return HTML that can be drawn; None where it is so large or deep that its text must do."""
    import nh3  # large: not before there is HTML

    written = source.encode(errors="replace")
    source = written.decode()
    if len(written) > MOST_BYTES or _is_tangled(source):
        return None
    cleaned = nh3.clean(
        source,
        tags=set(_TAGS),
        clean_content_tags=set(_SILENT),
        attributes=_ATTRIBUTES,
        attribute_filter=_fitting,
        url_schemes=set(SCHEMES),
        link_rel=None,
    )
    if len(cleaned) > MOST_BYTES or cleaned.count("&") > MOST_TAGS:
        return None
    reader = _Measure()
    reader.feed(cleaned)
    reader.close()
    if reader.is_too_much():
        return None
    own = "".join(reader.own)
    quotes = reader.quotes and reader.says
    remote, embedded = (tuple(dict.fromkeys(some)) for some in (reader.remote, reader.embedded))
    return SafeMessage(cleaned, own if quotes else cleaned, remote, embedded)


def _is_tangled(source: str) -> bool:
    """Say whether cleaning could take for ever: what is open is looked at again and again."""
    depth = 0
    for count, tag in enumerate(_TAG.finditer(source)):
        if tag[2].lower() not in _CLOSE_THEMSELVES:
            depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > MOST_OPEN or count > MOST_TAGS:
            return True
    return False


def _fitting(tag: str, name: str, value: str) -> str | None:
    """Leave out addresses without a scheme, and sizes that would fill the memory."""
    if name in ("href", "src"):
        scheme, colon, _ = value.strip().partition(":")
        wanted = SCHEMES - {"cid"} if name == "href" else {"http", "https", "cid"}
        return value.strip() if colon and scheme.lower() in wanted else None
    if name in _SIZES:
        number = value.strip().removesuffix("%")
        return value if number.isdecimal() and int(number[:9]) <= _LARGEST else None
    return value


class _Measure(HTMLParser):
    """Counts what there is to draw, and keeps apart what is quoted."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.own: list[str] = []
        self.remote: list[str] = []
        self.embedded: list[str] = []
        self.quotes = self.says = False
        self._nodes = self._signs = self._deepest = self._tables = 0
        self._open: list[str] = []
        self._quoted = 0

    def is_too_much(self) -> bool:
        """Say whether drawing it could take for ever."""
        over = (self._nodes > MOST_NODES, self._signs > MOST_SIGNS)
        return any(over) or self._deepest > MOST_DEPTH or self._tables > MOST_TABLES

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count an element, and remember pictures of servers."""
        self._nodes += 1
        source = dict(attrs).get("src") or ""
        if tag == "img" and source.startswith(("http:", "https:")):
            self.remote.append(source)
        elif tag == "img" and source.startswith("cid:"):
            self.embedded.append(unquote(source.removeprefix("cid:")))
        if tag not in _EMPTY:
            self._open.append(tag)
            self._deepest = max(self._deepest, len(self._open))
        if tag == "table":
            self._tables = max(self._tables, self._open.count("table"))
        elif tag == "blockquote":
            self._quoted += 1
            self.quotes = True
        self._keep(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        """Leave an element; what was cleaned closes all it opens."""
        self._keep(f"</{tag}>")
        if self._open and self._open[-1] == tag:
            self._open.pop()
            self._quoted -= tag == "blockquote"

    def handle_data(self, data: str) -> None:
        """Count a text."""
        self._nodes += 1
        self._signs += len(data)
        self.says = self.says or (not self._quoted and bool(data.strip()))
        self._keep(data)

    def handle_entityref(self, name: str) -> None:
        """Keep a sign that is written by its name."""
        self._keep(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """Keep a sign that is written by its number."""
        self._keep(f"&#{name};")

    def _keep(self, part: str) -> None:
        if not self._quoted:
            self.own.append(part)
