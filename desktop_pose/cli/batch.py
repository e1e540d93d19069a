"""Works through many files, some at a time, and goes on after one that fails."""

import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from desktop_pose.cli.outputs import Output
from desktop_pose.core.errors import DesktopPoseError

Work = Callable[[Output, Callable[[], bool]], None]
"""Makes one output; the callable says whether it is still wanted."""

_PATIENCE_S = 0.2  # a signal is noticed at the latest after this, also where waiting cannot be interrupted


class Batch:
    """The files of one run.

    Args:
        work: What makes an output.
        finished: Hears that another file is done, whatever came of it.

    Attributes:
        problems: What failed so far, by the input's name as it was given.
    """

    def __init__(self, work: Work, finished: Callable[[], None]) -> None:
        self.problems: dict[str, DesktopPoseError] = {}
        self._work = work
        self._finished = finished
        self._stop = threading.Event()

    def run(self, outputs: tuple[Output, ...], jobs: int) -> None:
        """Make all `outputs`, `jobs` at a time.

        What is no failure of the world (a bug, a signal) ends the whole: files at work are given up, and it
        is raised.
        """
        if jobs == 1 or len(outputs) == 1:
            for output in outputs:
                self._make(output)
            return
        with ThreadPoolExecutor(jobs, "track") as pool:
            pending: set[Future[None]] = {pool.submit(self._make, output) for output in outputs}
            try:
                while pending:
                    done, pending = wait(pending, _PATIENCE_S, FIRST_COMPLETED)
                    for future in done:
                        future.result()
            except BaseException:
                self._stop.set()
                pool.shutdown(cancel_futures=True)
                raise

    def _make(self, output: Output) -> None:
        if self._stop.is_set():
            return
        try:
            self._work(output, lambda: not self._stop.is_set())
        except DesktopPoseError as error:
            self.problems[output.source] = error
        except BaseException:
            self._stop.set()  # before this thread takes the next file
            raise
        finally:
            self._finished()
