"""A button that offers the recipes."""

from __future__ import annotations

import inspect

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QPushButton

from rally_desktop.engine import cookbook
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import dress


class RecipeButton(QPushButton):
    """Opens a menu of the recipes for a purpose; ``chosen`` brings the recipe."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, purpose: str) -> None:
        super().__init__(" From a recipe")
        self._purpose = purpose
        self.setAccessibleName("From a recipe")
        self.setAutoDefault(False)
        dress(self, theme, "book-open")
        self.clicked.connect(self._offer)

    def _offer(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for recipe in cookbook.recipes_for(self._purpose):
            action = menu.addAction(recipe.title, lambda recipe=recipe: self.chosen.emit(recipe))
            action.setToolTip(inspect.getdoc(recipe) or "")
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
