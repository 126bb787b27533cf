"""The look: contrast, one style sheet, icons and fonts that are there."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPixmap

from rally_desktop.canvas.tokens import FAMILIES, SCHEMES, TYPE
from rally_desktop.engine.nodes import step_kinds, trigger_kinds
from rally_desktop.ui import fonts, icons
from rally_desktop.ui.commands import commands
from rally_desktop.ui.pages import page_kinds
from rally_desktop.ui.style_sheet import style_sheet
from rally_desktop.ui.theme import Theme, palette, to_colour

# What is written on what: (ink, ground).
TEXTS = [
    *[(ink, ground) for ink in ("ink", "ink2") for ground in ("surface", "surface2", "canvas")],
    *[(tone, "surface") for tone in ("ok", "warn", "bad", "accent", "talk")],
    *[(tone, f"{tone}_tint") for tone in ("ok", "warn", "bad", "talk", "flow")],
    ("accent", "surface2"),
    ("on_accent", "accent"),
    ("surface", "ink"),
    ("ink", "flow_tint"),
]
SIGNS = [*[(sign, "surface") for sign in ("ink3", "edge", "trigger", "condition", "record")]]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2, relative luminance)."""
    low, high = sorted(_luminance(to_colour(each)) for each in (one, other))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXTS)
def test_text_can_be_read(scheme, ink, ground):
    """Every text stands out from its ground by at least 4.5 to 1, in light and dark."""
    assert contrast(SCHEMES[scheme][ink], SCHEMES[scheme][ground]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("sign", "ground"), SIGNS)
def test_signs_can_be_seen(scheme, sign, ground):
    """Every sign stands out from its ground by at least 3 to 1."""
    assert contrast(SCHEMES[scheme][sign], SCHEMES[scheme][ground]) >= 3


@pytest.mark.parametrize("scheme", ["light_contrast", "dark_contrast"])
@pytest.mark.parametrize("ink", ["ink", "ink2", "ink3", "ok", "warn", "bad", "accent", "edge"])
def test_more_contrast_is_more(scheme, ink):
    """Where more contrast is asked for, texts, states and lines have at least 7 to 1."""
    assert contrast(SCHEMES[scheme][ink], SCHEMES[scheme]["surface"]) >= 7


def test_the_theme_follows_a_wish_for_contrast(qapp, monkeypatch):
    """As long as the system asks for more contrast, light and dark have it."""
    theme = Theme(qapp, "dark")
    monkeypatch.setattr(theme, "_asks_for_contrast", lambda: True)
    theme.wish("dark")
    assert (theme.scheme, theme.dark) == ("dark_contrast", True)
    monkeypatch.undo()
    theme.wish("light")
    assert theme.scheme == "light"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_style_sheet_uses_only_what_the_tokens_name(scheme):
    """Every @name is filled in, and no colour stands there that is no token."""
    made = style_sheet(scheme)
    assert "@" not in made
    assert palette(scheme).window().color() == to_colour(SCHEMES[scheme]["canvas"])


def test_every_icon_that_is_named_is_there():
    """Pages, commands and kinds of steps name icons that exist."""
    kinds = {**step_kinds(), **trigger_kinds(), **page_kinds()}
    for name in [kind.icon for kind in kinds.values()] + [each.icon for each in commands()]:
        assert "<svg" in icons.outline(name)
    with pytest.raises(icons.IconMissing):
        icons.outline("no-such-icon")


def test_an_icon_takes_the_colour_it_is_asked_in(qapp):
    """The same icon is drawn in any colour, and fainter while its button is off."""
    made = icons.icon("square", "#FF0000", "#00FF00")
    assert "#ff0000" in _colours(made.pixmap(QSize(24, 24), 1.0))
    assert "#00ff00" in _colours(made.pixmap(QSize(24, 24), 1.0, QIcon.Mode.Disabled))


def _colours(drawn: QPixmap) -> set[str]:
    image = drawn.toImage()
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    seen = (image.pixelColor(x, y) for x, y in places)
    return {colour.name() for colour in seen if colour.alpha() > 200}


def test_an_icon_is_sharp_on_a_fine_screen(qapp):
    """At a pixel ratio of 1.5 a 20 pixel icon has 30 pixels."""
    drawn = icons.pixmap("mail", "#000000", 20, 1.5)
    assert (drawn.width(), drawn.devicePixelRatio()) == (30, 1.5)


def test_the_typeface_is_one_of_ours(qapp):
    """The family is a system face that we name, or Inter; sizes come from the scale."""
    assert fonts.family() in FAMILIES or fonts.family().startswith("Inter")
    assert fonts.font("title").pixelSize() == TYPE["title"][0]
