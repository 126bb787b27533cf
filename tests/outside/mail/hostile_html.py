"""HTML that would read a file, ask a server, run something or be drawn for ever, if it could."""

from __future__ import annotations

import random
from html.parser import HTMLParser

from rally_desktop.outside.mail import safe_html
from rally_desktop.outside.mail.safe_html import made_safe

# One a line: what mail programs and browsers have fallen for.
TRICKS = (
    "<script>alert(1)</script>", "<script src='http://a.example/x.js'></script>",
    "<img src=x onerror=alert(1)>", "<img src='file:///etc/passwd'>", "<img src=/etc/passwd>",
    "<img src='FILE:/etc/passwd'>", "<img src='\\\\a.example\\share\\x.png'>",
    "<img src='//a.example/x.png'>", "<img src='qrc:/x.png'>", "<img src=':/x.png'>",
    "<img src='data:image/svg+xml;base64,PHN2Zy8+'>", "<img src='data:image/png;base64,AAAA'>",
    "<img src='http://a.example/1.png'>", "<img src='cid:part1'>", "<img width=99999999 src=cid:x>",
    "<img src='ht\ttp://a.example/1.png'>", "<img src='&#102;ile:///etc/passwd'>",
    "<img src='javascript:alert(1)'>", "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVa\nScript:alert(1)'>x</a>", "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='vbscript:x'>x</a>", "<a href='file:///etc/passwd'>x</a>", "<a href='/x'>x</a>",
    "<a href='data:text/html,<script>1</script>'>x</a>", "<a href='mailto:a@example.org'>x</a>",
    "<a href='smb://a.example/x'>x</a>", "<a href='ms-word:ofe|u|http://a'>x</a>",
    "<style>@import url(http://a.example/x.css);</style>", "<style>*{background:url(file:///x)}",
    "<p style='background:url(http://a.example/x)'>x</p>", "<p style='position:fixed'>x</p>",
    "<link rel=stylesheet href='http://a.example/x.css'>", "<base href='file:///'>",
    "<meta http-equiv=refresh content='0;url=http://a.example'>", "<title>x</title>",
    "<iframe src='http://a.example'></iframe>", "<frameset><frame src='file:///x'></frameset>",
    "<object data='file:///etc/passwd'></object>", "<embed src='http://a.example/x'>",
    "<applet code=x></applet>", "<form action='http://a.example'><input name=x></form>",
    "<svg onload=alert(1)><image href='http://a.example/x'/></svg>", "<math><mi>x</mi></math>",
    "<video src='http://a.example/x' autoplay></video>", "<audio src='file:///x'></audio>",
    "<table background='http://a.example/x'><tr><td>x</td></tr></table>",
    "<body background='file:///etc/passwd' onload=x()>", "<input type=image src='http://a.example'>",
    "<!--[if mso]><img src='http://a.example/x'><![endif]-->", "<![CDATA[<script>1</script>]]>",
    "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;", "<?xml-stylesheet href='x'?>",
    "<td colspan=99999999 rowspan=99999999>x</td>", "<font size=99999999>x</font>",
    "<table><tr><td>" * 30, "<blockquote>" * 60, "<div>" * 300, "<b><i>" * 120, "&amp;" * 3_000,
    "<a href='http://a.example/?" + "x" * 5_000 + "'>x</a>", "<p>" + "\u202e" * 500,
    "<scr<script>ipt>",
)  # fmt: skip
PIECES = (
    "<p>", "</p>", "<b>", "</div>", "<table>", "<tr>", "<td>", "</table>", "<br>", " ", "x", "\0",
    "'", '"', "<", ">", "&", "&#0;", "&lt;", "=", "<!--", "-->", "\ud800", "\n", "<a href=",
    " onclick=x() ", " style=x ", "file:///etc/passwd", "http://a.example/x", "é" * 40,
)  # fmt: skip


def hostile(seed):
    """Put some tricks and pieces together, nested or cut."""
    chance = random.Random(seed)
    parts = []
    for _ in range(chance.randint(1, 12)):
        part = chance.choice(TRICKS if chance.random() < 0.5 else PIECES)
        if chance.random() < 0.2:
            part = part[: chance.randrange(len(part) + 1)]
        if chance.random() < 0.1:
            part = part.swapcase()
        parts.append(part)
    return "".join(parts)


class _Look(HTMLParser):
    """Finds fault with whatever is left that is not known to be harmless."""

    def __init__(self):
        super().__init__()
        self.faults = []

    def handle_starttag(self, tag, attrs):
        """Look at an element."""
        known = safe_html._ATTRIBUTES.get(tag, set())
        if tag not in safe_html._TAGS:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            leads = name in ("href", "src", "background", "style", "action")
            scheme, colon, _ = (value or "").partition(":")
            leads_out = leads and not (colon and scheme.lower() in safe_html.SCHEMES)
            if name not in known or leads_out:
                self.faults.append(f"<{tag} {name}={value}>")

    def handle_comment(self, data):
        """Look at a comment."""
        self.faults.append(f"<!--{data}-->")

    def handle_pi(self, data):
        """Look at an instruction."""
        self.faults.append(f"<?{data}>")

    def handle_decl(self, decl):
        """Look at a declaration."""
        self.faults.append(f"<!{decl}>")


def made(source):
    """Make HTML harmless; return it once nothing is left of it that could do something."""
    safe = made_safe(source)
    if safe is None:
        return None
    for html in (safe.html, safe.own):
        look = _Look()
        look.feed(html)
        look.close()
        assert not look.faults, (source, look.faults)
    return safe
