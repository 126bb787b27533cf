"""The screen: the window, its pages and what they are made of.

PySide puts an import of its own in the place of Python's, which reads the source of every module
in search of ``__feature__`` and keeps it. Nothing here asks for that, so Python's own is put back
before anything else is imported: that is a quarter of the start, and 29 MB.
"""

from __future__ import annotations

import builtins
import linecache

import PySide6.QtCore  # noqa: F401 - it is what takes the place

builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
linecache.clearcache()
