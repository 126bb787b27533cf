"""The catalogue of kinds: what the canvas offers and what the engine can run."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from rally_desktop.core.catalogue import discover
from rally_desktop.engine.nodes import actions, flow, triggers
from rally_desktop.engine.nodes.base import StepKind, TriggerKind


@cache
def step_kinds() -> Mapping[str, type[StepKind]]:
    """Return every kind of step by its key."""
    return MappingProxyType({**discover(actions, StepKind), **discover(flow, StepKind)})


@cache
def trigger_kinds() -> Mapping[str, type[TriggerKind]]:
    """Return every kind of trigger by its key."""
    return MappingProxyType(dict(discover(triggers, TriggerKind)))
