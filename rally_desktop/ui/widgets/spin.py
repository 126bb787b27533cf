"""Number boxes whose number stands as far from the edge as every other text."""

from __future__ import annotations

from PySide6.QtWidgets import QSpinBox

MARGIN = 8  # Qt does not apply the padding of the style sheet to the text of a number box


def spin(
    says: str, least: int, most: int, value: int, *, before: str = "", after: str = ""
) -> QSpinBox:
    """Return a box for a whole number; ``says`` is its name when it is read aloud."""
    made = QSpinBox(minimum=least, maximum=most, value=value, prefix=before, suffix=after)
    made.lineEdit().setTextMargins(MARGIN, 0, 0, 0)
    made.setAccessibleName(says)
    return made
