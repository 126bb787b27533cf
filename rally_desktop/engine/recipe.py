"""What a recipe is: a whole workflow with its templates, switched on in one click."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rally_desktop.model.graph import Graph


@dataclass(frozen=True)
class TemplateText:
    """A template that a recipe brings along."""

    name: str
    subject: str
    text: str


class Recipe:
    """Base of all recipes: one file each in ``recipes/``."""

    title: ClassVar[str]
    templates: ClassVar[tuple[TemplateText, ...]] = ()

    @classmethod
    def graph(cls) -> Graph:
        """Return the workflow."""
        raise NotImplementedError
