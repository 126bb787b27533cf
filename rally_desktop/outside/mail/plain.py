"""The plain part of a message that was written as HTML only."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_SILENT = frozenset(("head", "script", "style", "title", "template"))
_BLOCKS = frozenset(
    "address article blockquote div footer h1 h2 h3 h4 h5 h6 header hr li ol p pre section "
    "table tr ul".split()
)

# What the standard library's parser reads again and again where nobody closed it, or stops at:
# it goes before, each in one pass.
_COMMENT = re.compile(r"<!--.*?(?:--!?>|\Z)", re.DOTALL)
_UNSEEN = re.compile(
    r"<(script|style|title|template)\b[^<>]*>.*?(?:</\1\b[^<>]*>|\Z)", re.DOTALL | re.IGNORECASE
)
_DECLARATION = re.compile(r"<![^>]*>?")
_STRAY = re.compile(r"<(?![a-zA-Z/][^<>]*>)")


class _Reader(HTMLParser):
    """Collects what a reader without HTML would see, links written out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0
        self._link: tuple[str, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Break the line before a block, remember where a link leads."""
        if tag in _SILENT:
            self._silent += 1
        elif tag == "br":
            self.parts.append("\n")
        elif tag in _BLOCKS:
            self.parts.append("\n- " if tag == "li" else "\n\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")
        elif tag == "a":
            self._link = (dict(attrs).get("href") or "", len(self.parts))

    def handle_endtag(self, tag: str) -> None:
        """Break the line after a block, write out where the link led."""
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n" if tag in ("li", "tr") else "\n\n")
        elif tag == "a" and self._link:
            href, start = self._link
            if href.startswith(("http:", "https:")) and href not in "".join(self.parts[start:]):
                self.parts.append(f" ({href})")
            self._link = None

    def handle_data(self, data: str) -> None:
        """Keep text, its white space as one blank."""
        if not self._silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def plain_text(html: str) -> str:
    """Return an HTML text as plain text: paragraphs, list items and links written out."""
    reader = _Reader()
    for left_out in (_COMMENT, _UNSEEN, _DECLARATION):
        html = left_out.sub(" ", html)
    reader.feed(_STRAY.sub("&lt;", html))
    reader.close()
    lines = [re.sub(r" +", " ", line).strip() for line in "".join(reader.parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
