"""Runs the command line in this process, with a window that only remembers what it was asked for."""

import json
import logging
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from desktop_pose.cli.program import make_app
from desktop_pose.cli.request import RunRequest


class Program:
    """The command line.

    Attributes:
        requests: What the window was asked for.
        status: What the window ends with.
        crash: What the window raises instead.
    """

    def __init__(self) -> None:
        self.requests: list[RunRequest] = []
        self.status = 0
        self.crash: BaseException | None = None

    def __call__(self, *arguments: object):
        words = [str(argument) for argument in arguments]
        return CliRunner().invoke(make_app(self._run_window, words), words)

    def json(self, *arguments: object) -> object:
        """What the command prints, which has to succeed, as JSON."""
        result = self(*arguments)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def _run_window(self, request: RunRequest) -> int:
        self.requests.append(request)
        if self.crash is not None:
            raise self.crash
        return self.status


@pytest.fixture
def program() -> Iterator[Program]:
    """The command line, with the log as it was afterwards."""
    root = logging.getLogger("desktop_pose")
    handlers, level = list(root.handlers), root.level
    yield Program()
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)
