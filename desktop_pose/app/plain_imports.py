"""Imports Qt without what it does to every import after it.

PySide6 puts itself in the place of `__import__`, for its `from __feature__ import`. It then reads the source
of every module that is imported, by anybody, to see whether the word PySide6 is in it, and Python keeps these
sources: 13 MB with the window and its charts, and a fifth of the time that the imports take.

WORKAROUND for https://github.com/napari/napari/issues/8584
"""

import builtins
import linecache


def import_qt() -> None:
    """Import `PySide6.QtCore`, and leave imports as they were otherwise: no module asks for a feature."""
    import PySide6.QtCore  # noqa: F401  # for its effect

    former = getattr(builtins, "__orig_import__", None)
    if former is not None:
        builtins.__import__ = former
    linecache.clearcache()
