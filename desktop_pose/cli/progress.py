"""A progress bar on standard error, where that is a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bar(title: str, total: int | None) -> Iterator[Callable[[int], bool]]:
    """Shows how many steps are done; what it yields takes their number and never asks to give up."""
    if not sys.stderr.isatty():
        yield lambda _done: True
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total)

        def advance(done: int) -> bool:
            bar.update(task, completed=done)
            return True

        yield advance
