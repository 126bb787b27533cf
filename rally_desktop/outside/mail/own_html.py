"""HTML that the office wrote, made ready to be sent: cleaned, its styles written into its tags.

It is done when a template is saved, never for each message; what cleans is large, and imported
only then. Merge fields are kept out of the way meanwhile: they may stand where HTML allows no
text, and hold signs that HTML would escape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rally_desktop.core import marks
from rally_desktop.core.errors import BadTemplate
from rally_desktop.outside.mail.markup import Piece, Remark, mistakes, pieces
from rally_desktop.outside.mail.plain import plain_text

LARGEST = 512 * 1024
MOST_TAGS = 8_000
DEEPEST, DEEPEST_TABLES = 60, 10
ALLOWED = frozenset(
    "a abbr b big blockquote br caption center cite code col colgroup dd del div dl dt em font h1"
    " h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s small span strike strong sub sup table"
    " tbody td tfoot th thead tr tt u ul".split()
)
_FRAME = frozenset({"html", "head", "body", "meta", "title", "style"})
_ATTRIBUTES = {
    "*": {"align", "bgcolor", "class", "dir", "id", "lang", "role", "style", "title", "valign",
          "width", "height", "aria-label", "aria-hidden"},
    "a": {"href", "name", "target"},
    "img": {"src", "alt", "border", "hspace", "vspace"},
    "table": {"border", "cellpadding", "cellspacing", "summary"},
    "td": {"colspan", "rowspan", "background-color", "nowrap"},
    "th": {"colspan", "rowspan", "nowrap", "scope"},
    "font": {"color", "face", "size"}, "ol": {"start", "type"}, "ul": {"type"},
    "col": {"span"}, "colgroup": {"span"}, "hr": {"size", "color", "noshade"},
}  # fmt: skip
_SILENT = frozenset(
    "script style title head template svg math iframe object embed applet noscript".split()
)
_SCHEMES = frozenset({"http", "https", "mailto", "tel", "cid"})
_FETCHES = re.compile(r"url\s*\(|@import|expression\s*\(|javascript:|behavior\s*:|\\", re.I)
_RAW = re.compile(r"\{%[-+]?\s*(?:end)?raw\b")
_IMPORT = re.compile(r"@import[^;{}]*;?", re.I)
_SCHEME = re.compile(r"\s*([a-zA-Z][a-zA-Z0-9+.-]*):")


def inlined(source: str) -> str:
    """Return HTML of ours with its styles in its tags; rules for small or dark screens stay."""
    hidden, merges = _put_away(source, comments=False)
    return _put_back(_inlined(hidden), merges)


def cleaned(source: str) -> str:
    """Return HTML without what mail programs refuse or what would spy; raise BadTemplate.

    It is refused where it is too large or too deep to be drawn.
    """
    import nh3

    if len(source) > LARGEST:
        raise BadTemplate("The HTML is longer than half a megabyte.")
    found = list(pieces(source))
    _measure(found)
    hidden, merges = _put_away(source, comments=True)
    whole = _inlined(hidden)
    rules, body = _parted(whole)
    clean = nh3.clean(
        body,
        tags=set(ALLOWED),
        clean_content_tags=set(_SILENT),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_fitting,
        url_schemes=set(_SCHEMES),
        link_rel=None,
        strip_comments=False,
    )
    head = f"<style>{rules}</style>" if rules else ""
    return _put_back(_FRAMED.format(head=head, body=clean), merges)


def drawable(html: str) -> bool:
    """Say whether HTML can be drawn at once: loops may nest what was flat."""
    found = list(pieces(html)) if len(html) <= LARGEST else []
    shallow = _deepest(found, _TABLES) <= DEEPEST_TABLES
    return bool(found) and len(found) <= 4 * MOST_TAGS and shallow


def removed(source: str) -> list[Remark]:
    """Return what does not go out of HTML that was written, by line."""
    return list(_removed(list(pieces(source))))


def wrong(source: str) -> list[Remark]:
    """Return what is wrong with the tags, by line."""
    parts = marks.parted(source)
    return mistakes("".join(re.sub(r"[^\n]", "x", part) if mark else part for part, mark in parts))


def plain(html: str) -> str:
    """Return what is made ready as plain text, its merge fields as they are."""
    words, merges = _worded(html)
    return _put_back(plain_text(words), merges)


_FRAMED = (
    '<!doctype html>\n<html><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">{head}</head>\n'
    '<body style="margin: 0">{body}</body></html>\n'
)


# -- merge fields out of the way --------------------------------------------------------------


def _put_away(source: str, *, comments: bool) -> tuple[str, dict[str, str]]:
    """Return the source with a mark for each merge field, and what the marks stand for.

    In a text the mark is a comment, which may stand anywhere; in a tag it is a word. Comments
    go where ``comments`` says so.
    """
    marked, merges = _worded(source)
    word = re.compile(r"(?!)" if not merges else rf"{_stem(merges)}\d+z")
    parts: list[str] = []
    for piece in pieces(marked):
        if piece.kind == "text":
            parts.append(word.sub(lambda found: f"<!--{found[0]}-->", piece.text))
        elif not (comments and piece.kind == "comment"):
            parts.append(piece.text)
    return "".join(parts), merges


def _worded(source: str) -> tuple[str, dict[str, str]]:
    """Return the source with a word for each merge field, and what the words stand for."""
    stem = "zqfield"
    while stem in source.lower():
        stem += "q"
    merges: dict[str, str] = {}
    parts: list[str] = []
    for part, mark in marks.parted(source):
        if mark and _RAW.match(part):
            # Within it Jinja takes for text what looks like a field, and no cleaning would see it.
            raise BadTemplate("‘raw’ is not possible in HTML.")
        word = f"{stem}{len(merges)}z"
        merges |= {word: part} if mark else {}
        parts.append(word if mark else part)
    return "".join(parts), merges


def _stem(merges: dict[str, str]) -> str:
    return next(iter(merges)).rstrip("z").rstrip("0123456789")


def _put_back(html: str, merges: dict[str, str]) -> str:
    if not merges:
        return html
    stem = _stem(merges)
    either = re.compile(rf"<!--({stem}\d+z)-->|({stem}\d+z)")
    return either.sub(lambda found: merges.get(found[1] or found[2], ""), html)


def _inlined(html: str) -> str:
    import css_inline

    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
    try:
        return inliner.inline(html)
    except (css_inline.InlineError, ValueError) as error:
        raise BadTemplate(f"The styles cannot be read: {error}.") from error


# -- cleaning ----------------------------------------------------------------------------------


def _measure(found: Sequence[Piece]) -> None:
    depth = tags = 0
    for piece in found:
        if piece.kind == "open":
            tags, depth = tags + 1, depth + (not piece.text.endswith("/>"))
        elif piece.kind == "close":
            depth = max(0, depth - 1)
        if tags > MOST_TAGS:
            raise BadTemplate(f"The HTML has more than {MOST_TAGS:,} tags.", piece.line)
    if _deepest(found, _NESTING) > DEEPEST:
        raise BadTemplate(f"The HTML is nested more than {DEEPEST} deep.")
    if _deepest(found, _TABLES) > DEEPEST_TABLES:
        raise BadTemplate(f"More than {DEEPEST_TABLES} tables lie in each other.")


def _deepest(found: Sequence[Piece], names: frozenset[str]) -> int:
    """Return how deep tags of these names lie in each other."""
    depth = deepest = 0
    for piece in found:
        if piece.name in names:
            depth = depth + 1 if piece.kind == "open" else max(0, depth - (piece.kind == "close"))
            deepest = max(deepest, depth)
    return deepest


_TABLES = frozenset({"table"})
_NESTING = ALLOWED - frozenset("br hr img col p li td th tr dd dt tbody thead tfoot".split())


def _parted(whole: str) -> tuple[str, str]:
    """Return the rules that stay in a style, and the body."""
    rules: list[str] = []
    body: list[str] = []
    for piece in pieces(whole):
        if piece.kind == "raw" and piece.name == "style":
            text = _IMPORT.sub("", piece.text)
            rules += [] if _FETCHES.search(text) or "<" in text else [text]
        elif piece.name == "body":
            name = "<div" if piece.kind == "open" else "</div"
            body.append(name + piece.text[len(name) + (piece.kind == "open") * 1 :])
        elif piece.name not in ("style", "title", "html", "head", "meta"):
            body.append(piece.text)
    return "\n".join(rules).strip(), "".join(body)


def _fitting(tag: str, name: str, value: str) -> str | None:
    if name == "style":
        kept = [one for one in value.split(";") if one.strip() and not _FETCHES.search(one)]
        return ";".join(kept) or None
    return value


def _removed(found: Sequence[Piece]) -> Iterator[Remark]:
    """Say what does not go out, by line."""
    for piece in found:
        if piece.kind == "comment":
            yield Remark(piece.line, "The comment is left out.")
        elif piece.kind == "raw" and piece.name == "style" and _FETCHES.search(piece.text):
            said = "Styles that fetch something, such as ‘@import’ and ‘url(…)’, are left out."
            yield Remark(piece.line, said)
        elif piece.kind == "open" and piece.name not in ALLOWED | _FRAME:
            yield Remark(piece.line, f"‘<{piece.name}>’ is left out: mail programs refuse it.")
        elif piece.kind == "open":
            yield from _attributes_removed(piece)


def _attributes_removed(piece: Piece) -> Iterator[Remark]:
    for name, value in piece.attributes().items():
        scheme = _SCHEME.match(value)
        if name.startswith("on"):
            yield Remark(piece.line, f"‘{name}’ is left out: nothing runs in a mail.")
        elif name in ("href", "src") and scheme and scheme[1].lower() not in _SCHEMES:
            yield Remark(piece.line, f"An address with ‘{scheme[1]}:’ is left out.")
        elif name == "style" and _FETCHES.search(value):
            yield Remark(piece.line, "A style that fetches something is left out.")
