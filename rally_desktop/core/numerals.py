"""How numbers are said in sentences: as programs write them, or as people at this computer do."""

from __future__ import annotations

from collections.abc import Callable

Says = Callable[[float], str]


def _plainly(value: float) -> str:
    return f"{value:,.10g}"


_said: dict[str, Says] = {"number": _plainly, "money": _plainly}


def use(number: Says, money: Says) -> None:
    """Say numbers and amounts otherwise from now on, in the whole program."""
    _said.update(number=number, money=money)


def number(value: float) -> str:
    """Say a number."""
    return _said["number"](value)


def money(value: float) -> str:
    """Say an amount."""
    return _said["money"](value)
