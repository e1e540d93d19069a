"""Progress bars on standard error, where that is a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress


class Bars:
    """A bar for each file at work and, with several, one for all. Made by `progress_bars`.

    Args:
        bars: Where they are shown; None: nowhere.
        count: How many files there are.
    """

    def __init__(self, bars: "Progress | None", count: int) -> None:
        self._bars = bars
        self._all = None if bars is None or count < 2 else bars.add_task("All files", total=count)

    @contextmanager
    def file(self, title: str, total: int | None) -> Iterator[Callable[[int], bool]]:
        """Shows how many steps of a file are done; what it yields takes their number and is always True.

        Args:
            title: What the file is called.
            total: Number of steps; None where it is not known.
        """
        bars = self._bars
        if bars is None:
            yield lambda _done: True
            return
        task = bars.add_task(title, total=total)

        def advance(done: int) -> bool:
            bars.update(task, completed=done)
            return True

        try:
            yield advance
        finally:
            bars.remove_task(task)

    def finish_file(self) -> None:
        """Count one file of all, whatever came of it."""
        if self._bars is not None and self._all is not None:
            self._bars.advance(self._all)


@contextmanager
def progress_bars(count: int) -> Iterator[Bars]:
    """Bars for `count` files, gone again at the end. They may be moved from any thread."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield Bars(None, count)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield Bars(bars, count)


@contextmanager
def progress_bar(title: str, total: int | None) -> Iterator[Callable[[int], bool]]:
    """Shows how many steps are done; what it yields takes their number and is always True."""
    with progress_bars(1) as bars, bars.file(title, total) as advance:
        yield advance
