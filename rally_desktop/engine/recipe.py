"""Recipes: whole workflows, with their templates, that are switched on in one click."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from rally_desktop.core.catalogue import discover
from rally_desktop.engine import recipes as package
from rally_desktop.model.graph import Graph
from rally_desktop.model.work import Work
from rally_desktop.services import templates, workflows


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


@cache
def recipes() -> Mapping[str, type[Recipe]]:
    """Return every recipe by its key."""
    return discover(package, Recipe)


def install(work: Work, recipe: type[Recipe]) -> int:
    """Add a recipe's workflow as a draft, with the templates the office does not have yet."""
    known = {template.name for template in templates.listed(work)}
    for one in recipe.templates:
        if one.name not in known:
            templates.save(work, one.name, subject=one.subject, text=one.text)
    return workflows.create(work, recipe.graph())
