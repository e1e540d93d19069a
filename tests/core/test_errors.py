"""The two families of failure and the exit statuses."""

import pytest

from desktop_pose.core.errors import (
    BusyError,
    DesktopPoseError,
    ExitStatus,
    ExportError,
    InputError,
    ModelError,
    RecordingError,
    SettingsError,
    SourceError,
)


@pytest.mark.parametrize(
    "kind", [BusyError, SourceError, ModelError, RecordingError, ExportError, InputError, SettingsError]
)
def test_error_reads_as_two_sentences(kind):
    error = kind("The camera is gone", "Plug it in again")
    assert isinstance(error, DesktopPoseError)
    assert str(error) == "The camera is gone. Plug it in again."
    assert (error.message, error.hint) == ("The camera is gone", "Plug it in again")


def test_exit_statuses_are_those_promised():
    assert {status.name: int(status) for status in ExitStatus} == {
        "DONE": 0,
        "WORLD_FAILED": 1,
        "WRONG_USAGE": 2,
        "BUG": 70,
        "INTERRUPTED": 130,
        "TERMINATED": 143,
    }
