"""Kinds made from stored settings, each once: a definition is checked at every edit."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from rally_desktop.core.errors import RallyError
from rally_desktop.engine.definitions import load_step, load_trigger
from rally_desktop.engine.nodes.base import StepKind, TriggerKind
from rally_desktop.model.graph import Step, Trigger

_KEPT = 20_000


def step_of(step: Step) -> StepKind | RallyError:
    """Return a step ready to run, or what is wrong with it."""
    return _step(step.kind, msgspec.json.encode(step.settings))


def trigger_of(trigger: Trigger) -> TriggerKind | RallyError:
    """Return a trigger ready to match, or what is wrong with it."""
    return _trigger(trigger.kind, msgspec.json.encode(trigger.settings))


@lru_cache(_KEPT)
def _step(kind: str, stored: bytes) -> StepKind | RallyError:
    try:
        return load_step(kind, msgspec.json.decode(stored))
    except RallyError as error:
        return error


@lru_cache(_KEPT)
def _trigger(kind: str, stored: bytes) -> TriggerKind | RallyError:
    try:
        return load_trigger(kind, msgspec.json.decode(stored))
    except RallyError as error:
        return error
