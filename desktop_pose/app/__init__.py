"""Puts the parts together and runs them: the command line, and behind it the window.

Imports nothing heavy: the window and all it needs come in only when the command line asks for it.
"""

import gc
import os
from typing import TYPE_CHECKING

from desktop_pose.core.ending_signals import end_at_once_on_signals, ignore_signals

if TYPE_CHECKING:
    from desktop_pose.cli.request import RunRequest


def main() -> None:
    """Run the program that the command line asks for, and exit with its status."""
    end_at_once_on_signals()
    from desktop_pose.core.memory_steps import STEPS, MemoryPart

    # Threads of its own would bring nothing here, and keep a core busy for 0.1 s while the program starts.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with STEPS.step(MemoryPart.LIBRARIES):  # numpy and typer, most of it
        from desktop_pose.cli.program import run_program

    try:
        run_program(_run_window)
    finally:
        ignore_signals()


def _run_window(request: "RunRequest") -> int:
    from desktop_pose.cli.libraries import prepare_libraries
    from desktop_pose.core.memory_steps import STEPS, MemoryPart
    from desktop_pose.engine.resources.memory_parts import begin_book

    gc.disable()  # what imports make stays; from the window on `app.garbage` sees to it
    begin_book()
    with STEPS.step(MemoryPart.LIBRARIES):
        prepare_libraries()
    with STEPS.step(MemoryPart.PYTHON_AND_QT):
        from desktop_pose.app.plain_imports import import_qt

        import_qt()
        from desktop_pose.app.composition import run_window

    return run_window(request)
