"""Compiled statements that outlive their database, so that not every test compiles them anew."""

from __future__ import annotations

from sqlalchemy.util import LRUCache

from rally_desktop.model import postgres, scratch, sqlite

KEPT = 4000


class _Compiled(LRUCache):
    """A cache of statements for whatever engine has the same dialect."""

    def get(self, key, default=None):
        return super().get(_anyones(key), default)

    def __setitem__(self, key, compiled):
        super().__setitem__(_anyones(key), compiled)


def _anyones(key):
    dialect, *rest = key
    return dialect.name, *rest


def share(patch):
    """Let every engine of SQLite and of PostgreSQL take its statements from one cache."""
    compiled = _Compiled(KEPT)
    for module in (sqlite, scratch, postgres):
        patch.setattr(module, "create_engine", _caching(module.create_engine, compiled))


def _caching(create_engine, compiled):
    def create(*arguments, **options):
        engine = create_engine(*arguments, **options)
        engine.update_execution_options(compiled_cache=compiled)
        return engine

    return create
