"""The house rules hold everywhere, and each would notice if it did not."""

from __future__ import annotations

import ast

import pytest

from tests.architecture import rules

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", rules.RULES)
def test_every_rule_holds(name):
    """No file of the program breaks a house rule."""
    rule = rules.RULES[name]
    assert rules.broken_by(rule) == [], rule.asks


@pytest.mark.parametrize("name", rules.RULES)
def test_every_rule_bites(name):
    """Each rule finds the line that breaks it on purpose."""
    assert rules.RULES[name].broken(ast.parse(rules.RULES[name].breaks))


def test_a_drag_may_be_executed():
    """Dragging is let through by the rule on dialogs, since it has no other way."""
    drag = ast.parse("self.drag.exec(Qt.DropAction.CopyAction)")
    assert rules.RULES["modal"].broken(drag) == []


def test_one_module_knows_the_screens_loop():
    """One module at most imports qasync, so that it can be replaced in one place."""
    knowing = [path for path in rules.files() if list(rules._event_loop(rules.parsed(path)))]
    assert len(knowing) <= 1


def test_modules_are_named_for_what_they_hold():
    """No module is called utils, helpers, common, misc or manager."""
    assert [path for path in rules.files() if path.stem in rules.VAGUE_NAMES] == []
