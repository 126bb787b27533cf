"""The one style sheet of the program: ``resources/theme/rally.qss`` with its @names filled in."""

from __future__ import annotations

import re
from functools import cache

from rally_desktop.canvas.tokens import SCHEMES, Scheme
from rally_desktop.core.resources import resource

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_NAME = re.compile(r"@([a-z_0-9]+)")


@cache
def style_sheet(scheme: Scheme) -> str:
    """Return the style sheet of a scheme; a name that no token has raises KeyError."""
    source = _COMMENT.sub("", resource("theme", "rally.qss").read_text("utf-8"))
    words = {name: _css(value) for name, value in SCHEMES[scheme].items()}
    words["pictures"] = resource("theme", scheme.partition("_")[0]).as_posix()
    return _NAME.sub(lambda found: words[found.group(1)], source)


def _css(token: str) -> str:
    """Return ``#RRGGBBAA`` as Qt's style sheets want it."""
    if len(token) == 7:
        return token
    red, green, blue, alpha = (int(token[at : at + 2], 16) for at in (1, 3, 5, 7))
    return f"rgba({red}, {green}, {blue}, {alpha})"
