"""The program's typeface: the system's where it has a good one, Inter where not."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from PySide6.QtGui import QFont, QFontDatabase

from rally_desktop.canvas.tokens import FAMILIES, TYPE

_WEIGHTS = {
    400: QFont.Weight.Normal,
    500: QFont.Weight.Medium,
    600: QFont.Weight.DemiBold,
    700: QFont.Weight.Bold,
}


@cache
def family() -> str:
    """Return the name of the typeface, loading Inter where no system face is there."""
    known = frozenset(QFontDatabase.families())
    for name in FAMILIES:
        if name in known:
            return name
    return _load_inter()


def font(role: str) -> QFont:
    """Return the font of a role of the type scale, such as ``title`` or ``sub``."""
    pixels, weight, spacing = TYPE[role]
    made = QFont(family())
    made.setPixelSize(pixels)
    made.setWeight(_WEIGHTS[weight])
    made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spacing)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def _load_inter() -> str:
    try:
        folder = files("fontpkg_inter") / "files"
    except ModuleNotFoundError:
        return QFont().family()
    for name in ("Inter[opsz,wght].ttf", "Inter-Italic[opsz,wght].ttf"):
        number = QFontDatabase.addApplicationFontFromData((folder / name).read_bytes())
        if number >= 0 and "Italic" not in name:
            return QFontDatabase.applicationFontFamilies(number)[0]
    return QFont().family()
