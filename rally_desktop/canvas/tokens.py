"""The colours and sizes everything on screen is made of: one table for light, one for dark.

Plain values without Qt, so that pages, forms, the canvas and exports share them. Colours are
``#RRGGBB``, or ``#RRGGBBAA`` where the last two digits are the opacity. Sizes are pixels at
100 %. Text on ground has a contrast of at least 4.5, signs and wires of at least 3 (WCAG 2.2,
1.4.3 and 1.4.11).
"""

from __future__ import annotations

from typing import Literal

Scheme = Literal["light", "dark", "light_contrast", "dark_contrast"]

LIGHT: dict[str, str] = {
    "canvas": "#F6F7F9",
    "dot": "#DADFE6",
    "surface": "#FFFFFF",
    "surface2": "#FAFBFC",
    "line": "#E1E5EB",
    "line_hover": "#C3CBD7",
    "ink": "#1A2230",
    "ink2": "#5A6675",
    "ink3": "#6F7A89",
    "edge": "#828E9E",
    "edge_strong": "#667284",
    "accent": "#2F6BE6",
    "accent_soft": "#2F6BE629",
    "on_accent": "#FFFFFF",
    "trigger": "#6D47E0",
    "trigger_tint": "#F0ECFE",
    "condition": "#A86400",
    "condition_tint": "#FDF1DC",
    "talk": "#2464DB",
    "talk_tint": "#E7EFFD",
    "record": "#0B7F62",
    "record_tint": "#E0F5EE",
    "flow": "#5B6778",
    "flow_tint": "#EDF0F4",
    "ok": "#0A755A",
    "ok_tint": "#E0F5EE",
    "warn": "#9A5B00",
    "warn_tint": "#FDF1DC",
    "bad": "#C9302C",
    "bad_tint": "#FDEAE8",
    "shadow_near": "#1018280B",
    "shadow_far": "#1018280B",
}

DARK: dict[str, str] = {
    "canvas": "#15181D",
    "dot": "#2A3038",
    "surface": "#20252C",
    "surface2": "#1B1F26",
    "line": "#333A44",
    "line_hover": "#4B5563",
    "ink": "#EDF0F4",
    "ink2": "#A9B3C1",
    "ink3": "#77828F",
    "edge": "#66727F",
    "edge_strong": "#8996A6",
    "accent": "#7AA5FF",
    "accent_soft": "#7AA5FF33",
    "on_accent": "#0E1525",
    "trigger": "#AD96FF",
    "trigger_tint": "#2D2748",
    "condition": "#F0B04A",
    "condition_tint": "#3A2E18",
    "talk": "#82AEFF",
    "talk_tint": "#1F2E4A",
    "record": "#4BCBA4",
    "record_tint": "#16352D",
    "flow": "#A3AFBF",
    "flow_tint": "#2C333D",
    "ok": "#4BCBA4",
    "ok_tint": "#16352D",
    "warn": "#F0B04A",
    "warn_tint": "#3A2E18",
    "bad": "#FF8A80",
    "bad_tint": "#3F2323",
    "shadow_near": "#00000047",
    "shadow_far": "#0000003D",
}

# Where the system asks for more contrast: lines and edges as dark as text, grounds without a tint.
LIGHT_CONTRAST: dict[str, str] = LIGHT | {
    "canvas": "#FFFFFF",
    "dot": "#C3CBD7",
    "surface2": "#FFFFFF",
    "line": "#4A5361",
    "line_hover": "#1A2230",
    "ink": "#000000",
    "ink2": "#1F2733",
    "ink3": "#39424F",
    "edge": "#2B3440",
    "edge_strong": "#000000",
    "accent": "#0B3FB0",
    "accent_soft": "#0B3FB040",
    "trigger": "#4519C4",
    "condition": "#6B3F00",
    "talk": "#0B3F9E",
    "record": "#00513D",
    "flow": "#333C49",
    "ok": "#00513D",
    "warn": "#6B3F00",
    "bad": "#9E1412",
}

DARK_CONTRAST: dict[str, str] = DARK | {
    "canvas": "#000000",
    "dot": "#3A424D",
    "surface": "#000000",
    "surface2": "#000000",
    "line": "#B5BECB",
    "line_hover": "#FFFFFF",
    "ink": "#FFFFFF",
    "ink2": "#E4E9F0",
    "ink3": "#C3CBD7",
    "edge": "#D5DCE6",
    "edge_strong": "#FFFFFF",
    "accent": "#A9C6FF",
    "accent_soft": "#A9C6FF4D",
    "on_accent": "#000000",
    "trigger": "#CFC2FF",
    "condition": "#FFD08A",
    "talk": "#B8D2FF",
    "record": "#86ECCB",
    "flow": "#D5DCE6",
    "ok": "#86ECCB",
    "warn": "#FFD08A",
    "bad": "#FFB4AD",
}

SCHEMES: dict[Scheme, dict[str, str]] = {
    "light": LIGHT,
    "dark": DARK,
    "light_contrast": LIGHT_CONTRAST,
    "dark_contrast": DARK_CONTRAST,
}

SIZES: dict[str, float] = {
    "grid": 8,
    "dots_every": 24,
    "dot_radius": 0.9,
    "card_width": 272,
    "card_height": 72,
    "card_radius": 12,
    "card_padding": 14,
    "wait_width": 208,
    "wait_height": 48,
    "end_width": 96,
    "end_height": 36,
    "tile": 36,
    "tile_radius": 9,
    "tile_icon": 20,
    "wait_tile": 28,
    "wait_tile_radius": 8,
    "wait_tile_icon": 16,
    "tile_to_text": 12,
    "between_cards": 56,
    "around_split": 112,
    "before_merge": 100,
    "between_branches": 48,
    "wire": 1.4,
    "wire_hot": 2,
    "wire_radius": 12,
    "bend_below_split": 26,
    "bend_above_merge": 52,
    "pill_height": 22,
    "count_height": 20,
    "badge": 20,
    "plus": 18,
    "plus_hot": 22,
    "panel_radius": 10,
    "control_radius": 8,
}

# name -> (pixels at 100 %, weight in CSS numbers, letter spacing in pixels)
TYPE: dict[str, tuple[int, int, float]] = {
    "heading": (20, 600, -0.2),
    "title": (14, 600, -0.1),
    "body": (13, 400, 0.0),
    "strong": (13, 500, 0.0),
    "sub": (12, 400, 0.0),
    "pill": (11, 600, 0.05),
    "small": (11, 500, 0.0),
}

# The first of these that the machine has is the program's typeface; Inter is shipped for Linux.
FAMILIES = ("Segoe UI Variable Text", "Segoe UI", ".AppleSystemUIFont", "SF Pro Text", "Inter")

# milliseconds; none of them where the system asks for less motion
MOTION: dict[str, int] = {"hover": 120, "close_gap": 160, "tidy": 220, "zoom": 125, "pulse": 900}
